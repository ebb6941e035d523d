import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import { git, loopbackCertificate, startGitServer } from '../fakes/git-server.ts';
import { basekeeper } from './command.ts';
import { startMonitored } from './monitored.ts';

test('a fleet of remote repositories is monitored: read without a checkout, one that is missing is told', async () => {
  const server = await startGitServer({ isSecure: true });
  const { hub, path, env, close: closeHub } = await startMonitored({});
  try {
    const work = join(path, 'work');
    await mkdir(work);
    git(work, 'init', '-q', '-b', 'main');
    await writeFile(join(work, 'Dockerfile'), 'ARG V\nFROM node:$' + '{V}-alpine\nFROM acme/left:1\n');
    await mkdir(join(work, 'vendor'));
    await writeFile(join(work, 'vendor', 'Dockerfile'), 'FROM acme/vendored:1\n');
    await writeFile(
      join(work, 'basekeeper.yaml'),
      'version: 1\nignore: [vendor/**]\nbuildArgs: { "**": { V: "24" } }\nregistries: { evil.example: { private: true } }\n',
    );
    git(work, 'add', '.');
    git(work, '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '-m', 'first');
    git(path, 'clone', '-q', '--bare', work, join(server.root, 'shop.git'));
    hub.content.push({ repository: 'library/node', tag: '24-alpine', platforms: ['linux/amd64'] });
    hub.content.push({ repository: 'acme/left', tag: '1', platforms: ['linux/amd64'] });
    const url = server.origin;
    await writeFile(
      join(path, 'fleet.yaml'),
      `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n  - { url: "${url}/shop.git", team: shop }\n  - { url: "${url}/gone.git" }\n`,
    );
    const { code, stdout, stderr } = await basekeeper(
      ['monitor', '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--json', '--now', '2026-11-23'],
      { cwd: path, env: { ...env, GIT_SSL_CAINFO: loopbackCertificate } },
    );
    assert.equal(code, 3, stdout + stderr);
    const { images, trees, problems, verified } = JSON.parse(stdout) as MonitorResult;
    assert.deepEqual(
      images.map(({ reference }) => reference),
      ['docker.io/acme/left:1', 'docker.io/library/node:24-alpine'],
    );
    assert.deepEqual(verified, { count: 2, of: 2 });
    assert.match(trees[0]?.revision ?? '', /^[0-9a-f]{40}$/);
    assert.equal(trees[0]?.team, 'shop');
    assert.deepEqual(
      problems.map(({ tree, kind }) => [tree, kind]),
      [[`${url}/gone.git`, 'world']],
    );
  } finally {
    await server.close();
    await closeHub();
  }
});
