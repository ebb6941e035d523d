import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type FetchRequest, fetchRepository } from '../../../src/adapters/workspace/fetch-repository.ts';
import { bareEnvironment, git, startGitServer } from '../../fakes/git-server.ts';

const server = await startGitServer();
const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
const work = join(folder, 'work');
mkdirSync(work);
git(work, 'init', '-q');
writeFileSync(join(work, 'Dockerfile'), 'FROM a');
git(work, 'add', '-A');
git(work, 'commit', '-q', '-m', 'x');
git(server.root, 'clone', '-q', '--bare', work, 'a.git');
const { port } = new URL(server.origin);

const request = (url: string, changes: Partial<FetchRequest> = {}): FetchRequest => ({
  url,
  cacheFolder: join(folder, 'cache'),
  environment: bareEnvironment(),
  isPrivateAllowed: () => false,
  resolve: async () => assert.fail('nobody is asked'),
  ...changes,
});

for (const url of [
  'https://127.0.0.1/a',
  'https://[::1]/a',
  'https://[::ffff:a00:1]/a',
  'https://10.1.2.3/a',
  'https://169.254.169.254/latest',
  'https://100.64.0.1/a',
  'https://localhost/a',
  'ssh://git@192.168.0.1/a',
  'git@localhost:a',
]) {
  test(`${url} is refused before anybody is asked`, () =>
    assert.rejects(fetchRepository(request(url)), { code: 'refused', message: /privateHosts/ }));
}

for (const address of ['127.0.0.1', '10.0.0.1', 'fd00::1', '169.254.169.254'])
  for (const url of ['https://git.example.com/a', 'git@git.example.com:a'])
    test(`${url} at ${address} is refused, also beside a public address`, () =>
      assert.rejects(fetchRepository(request(url, { resolve: async () => ['8.8.8.8', address] })), {
        code: 'refused',
      }));

test('a name without addresses is unreachable', () =>
  assert.rejects(
    fetchRepository(request('https://git.example.com/a', { resolve: () => Promise.reject(new Error('ENOTFOUND')) })),
    { code: 'unreachable', message: /has no address/ },
  ));

test('a name that is looked up for ever is given up', () =>
  assert.rejects(
    fetchRepository(
      request('https://git.example.com/a', { timeoutMs: 50, resolve: () => new Promise(() => undefined) }),
    ),
    { code: 'timeout' },
  ));

test('git connects to the address that was looked at, and looks nothing up', async () => {
  const looked: string[] = [];
  const workspace = await fetchRepository(
    request(`http://git.invalid:${port}/a.git`, {
      protocols: ['http'],
      isPrivateAllowed: (host) => host === 'git.invalid',
      resolve: async (host) => {
        looked.push(host);
        return ['127.0.0.1'];
      },
    }),
  );
  assert.equal(await workspace.read('Dockerfile', 99), 'FROM a');
  assert.deepEqual(looked, ['git.invalid']);
});

for (const url of [
  `${server.origin}/a.git`,
  'git://git.example.com/a',
  'ext::sh',
  '--upload-pack=x',
  'https://a:hunter2@h.example/a',
])
  test(`${url} is not asked`, () => {
    const asked = server.questions.length;
    return assert
      .rejects(fetchRepository(request(url, { isPrivateAllowed: () => true })), (error: Error) => {
        assert.deepEqual(
          Object.entries(error).find(([key]) => key === 'code'),
          ['code', 'refused'],
        );
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      })
      .then(() => assert.equal(server.questions.length, asked));
  });

test('a rewriting rule of the user cannot lead to another protocol', async () => {
  const home = join(folder, 'rewriting');
  mkdirSync(home);
  writeFileSync(join(home, '.gitconfig'), `[url "ext::touch ${home}/trap "]\n\tinsteadOf = https://git.example.com/\n`);
  const { GIT_CONFIG_GLOBAL: _, ...rest } = bareEnvironment();
  const environment = { ...rest, HOME: home };
  const resolve = async () => ['8.8.8.8'];
  await assert.rejects(fetchRepository(request('https://git.example.com/a', { environment, resolve })), {
    code: 'refused',
  });
  assert.throws(() => readFileSync(join(home, 'trap')));
});

test('a repository is read over ssh, by the command that the user set, with nobody to ask', async () => {
  const script = join(folder, 'ssh');
  // Stands for ssh: runs the wanted program here, and notes what it was given.
  writeFileSync(
    script,
    `#!/bin/sh\nprintf '%s|' "$@" "$SSH_ASKPASS_REQUIRE" >> '${folder}/said'\nif (: < /dev/tty) 2>/dev/null; then exit 9; fi\nwhile [ $# -gt 1 ]; do shift; done\ncd '${server.root}' && eval "$1"\n`,
  );
  chmodSync(script, 0o755);
  const environment = { ...bareEnvironment(), GIT_SSH_COMMAND: script, GIT_SSH_VARIANT: 'ssh' };
  const workspace = await fetchRepository(
    request('deploy@alias.invalid:a.git', { environment, resolve: () => Promise.reject(new Error('ENOTFOUND')) }),
  );
  assert.equal(await workspace.read('Dockerfile', 99), 'FROM a');
  assert.match(readFileSync(join(folder, 'said'), 'utf8'), /deploy@alias\.invalid\|git-upload-pack 'a\.git'\|never\|/);
});
