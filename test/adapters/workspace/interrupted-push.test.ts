import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBranches } from '../../../src/adapters/workspace/open-branches.ts';
import { bareEnvironment, git, startGitServer } from '../../fakes/git-server.ts';

const adapter = join(import.meta.dirname, '../../../src/adapters/workspace/open-branches.ts');

for (const [name, isTaken] of [
  ['had not arrived', false],
  ['had been taken without an answer', true],
] as const)
  test(`a program killed when its push ${name} is run again to the same end`, async () => {
    const server = await startGitServer();
    try {
      const bare = join(server.root, 'a.git');
      const work = join(server.root, 'work');
      git(server.root, 'init', '-q', '--bare', bare);
      for (const setting of ['uploadpack.allowFilter', 'http.receivepack']) git(bare, 'config', setting, 'true');
      mkdirSync(work);
      git(work, 'init', '-q');
      writeFileSync(join(work, 'Dockerfile'), 'FROM a:1');
      git(work, 'add', '-A');
      git(work, 'commit', '-q', '-m', 'x');
      git(work, 'push', '-q', bare, 'HEAD:main');
      const cacheFolder = join(server.root, 'cache');
      const request = { url: `${server.origin}/a.git`, cacheFolder, protocols: ['http' as const] };
      const change = {
        branch: 'basekeeper/a',
        base: git(work, 'rev-parse', 'HEAD'),
        expected: undefined,
        files: [{ path: 'Dockerfile', text: 'FROM a:2' }],
        message: 'Update a',
        author: { name: 'Keeper', email: 'keeper@example.com' },
      };
      server.behaviour = { kind: 'hang-push', isTaken };
      const program = `
        const { openBranches } = await import(${JSON.stringify(adapter)});
        const { request, change } = JSON.parse(process.env.WORK);
        await openBranches({ ...request, environment: process.env, isPrivateAllowed: () => true }).write(change);`;
      const env = { ...bareEnvironment(), WORK: JSON.stringify({ request, change }) };
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' });
      await server.hanging;
      const closed = new Promise((done) => child.on('close', done));
      child.kill('SIGKILL');
      await closed;
      assert.equal(globSync(`${cacheFolder}/*/1/own-*`).length, 1, 'it was in the middle');
      const isThere = git(bare, 'branch', '--list', 'basekeeper/a') !== '';
      assert.equal(isThere, isTaken);
      server.behaviour = { kind: 'serve' };
      const again = openBranches({ ...request, environment: bareEnvironment(), isPrivateAllowed: () => true });
      const { revision } = await again.write(change);
      assert.equal(git(bare, 'rev-parse', 'refs/heads/basekeeper/a'), revision);
      assert.equal(git(bare, 'show', `${revision}:Dockerfile`), 'FROM a:2');
    } finally {
      await server.close();
    }
  });
