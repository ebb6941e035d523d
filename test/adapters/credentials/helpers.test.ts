import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CredentialError } from '../../../src/ports/credentials.ts';
import { basicAuth, makeHome, whoOf } from './credential-home.ts';

const docker = '.docker/config.json';
const secret = 'hunter2-hunter2';

/** Writes each server it is asked for to `asked`, and answers with the server as user. */
const echo = `
server=$(/bin/cat)
echo "$1 $server" >> "$0.asked"
echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"$server\\",\\"Secret\\":\\"s\\"}"`;
/** Knows nobody, and says it in the words of docker-credential-helpers. */
const knowsNobody = `
echo "$1 $(/bin/cat)" >> "$0.asked"
echo 'credentials not found in native keychain'
exit 1`;

async function askedOf(home: string, helper: string): Promise<readonly string[]> {
  return (await readFile(join(home, 'bin', `docker-credential-${helper}.asked`), 'utf8')).trim().split('\n');
}

test('the helper of the host is asked, else that of all hosts', async (context) => {
  const config = { credHelpers: { 'a.example': 'one' }, credsStore: 'two' };
  const home = await makeHome(context, { files: { [docker]: config }, helpers: { one: echo, two: echo } });
  assert.deepEqual(await home.find('a.example/x'), {
    credential: { kind: 'basic', username: 'a.example', secret: 's' },
    source: 'docker-credential-one',
  });
  assert.equal((await home.find('sub.a.example/x'))?.source, 'docker-credential-two');
  assert.deepEqual(await askedOf(home.path, 'one'), ['get a.example']);
  assert.deepEqual(await askedOf(home.path, 'two'), ['get sub.a.example']);
});

test('a helper with an empty name leaves its host to the file', async (context) => {
  const config = {
    credHelpers: { 'a.example': '' },
    credsStore: 'two',
    auths: { 'a.example': basicAuth('file', 's') },
  };
  const home = await makeHome(context, { files: { [docker]: config }, helpers: { two: echo } });
  assert.equal(whoOf(await home.find('a.example/x')), 'file');
});

test('Docker Hub is asked for by the names of Docker and of Podman', async (context) => {
  const files = { [docker]: { credHelpers: { 'docker.io': 'one' } } };
  const known = await makeHome(context, { files, helpers: { one: echo } });
  assert.equal(whoOf(await known.find('docker.io/library/node')), 'https://index.docker.io/v1/');
  const unknown = await makeHome(context, { files, helpers: { one: knowsNobody } });
  assert.equal(await unknown.find('docker.io/library/node'), undefined);
  assert.deepEqual(await askedOf(unknown.path, 'one'), ['get https://index.docker.io/v1/', 'get docker.io']);
});

test('a host that the helper does not know has its entry, the next file, or nobody', async (context) => {
  const config = { credsStore: 'one', auths: { 'a.example': basicAuth('file', 's') } };
  const podman = { auths: { 'b.example': basicAuth('podman', 's') } };
  const home = await makeHome(context, {
    files: { [docker]: config, '.config/containers/auth.json': podman },
    helpers: { one: knowsNobody },
  });
  assert.equal(whoOf(await home.find('a.example/x')), 'file');
  assert.equal(whoOf(await home.find('b.example/x')), 'podman');
  assert.equal(await home.find('c.example/x'), undefined);
});

for (const [title, script, credential] of [
  [
    'the user <token> brings an identity token',
    `echo '{"Username":"<token>","Secret":"it"}'`,
    { kind: 'identity', token: 'it' },
  ],
  [
    'the user of Google brings a password',
    `echo '{"Username":"oauth2accesstoken","Secret":"ya29"}'`,
    { kind: 'basic', username: 'oauth2accesstoken', secret: 'ya29' },
  ],
  ['an empty secret is none', `echo '{"Username":"","Secret":""}'`, undefined],
  [
    'a helper need not read what it is asked',
    `exec <&-; echo '{"Username":"me","Secret":"s"}'`,
    { kind: 'basic', username: 'me', secret: 's' },
  ],
] as const) {
  test(title, async (context) => {
    const home = await makeHome(context, { files: { [docker]: { credsStore: 'one' } }, helpers: { one: script } });
    assert.deepEqual((await home.find('a.example/x'))?.credential, credential);
  });
}

for (const [title, script, message] of [
  [
    'a failure',
    `echo '${secret}'; echo '${secret}' >&2; exit 3`,
    'docker-credential-one failed for a.example (exit code 3): `docker-credential-one list` in a terminal tells why; or take it out of ~/.docker/config.json',
  ],
  ['a death', 'kill -9 $$', 'docker-credential-one failed for a.example (SIGKILL): '],
  ['an answer that is no JSON', `echo '${secret}'`, 'docker-credential-one for a.example answered no JSON object with'],
  ['an answer without a secret', `echo '{"Username":"me"}'`, 'docker-credential-one for a.example answered no JSON'],
  [
    'an answer without end',
    `while :; do echo ${secret}; done`,
    'docker-credential-one failed for a.example (it printed too much): ',
  ],
] as const) {
  test(`${title} names helper and remedy, and no secret`, async (context) => {
    const home = await makeHome(context, { files: { [docker]: { credsStore: 'one' } }, helpers: { one: script } });
    await assert.rejects(home.find('a.example/x'), (error) => {
      assert.ok(error instanceof CredentialError);
      assert.ok(error.message.startsWith(message), error.message);
      assert.ok(!error.message.includes('hunter2'), error.message);
      assert.equal(error.cause, undefined);
      return true;
    });
  });
}

test('a helper that hangs is ended, and told with its time limit', async (context) => {
  const home = await makeHome(context, {
    files: { [docker]: { credsStore: 'one' } },
    helpers: { one: 'exec /bin/sleep 600' },
    helperTimeoutMs: 200,
  });
  await assert.rejects(home.find('a.example/x'), {
    name: 'CredentialError',
    message:
      'docker-credential-one gave no answer for a.example within 0.2 s: unlock its key store, or take it out of ~/.docker/config.json',
  });
});

for (const name of ['../one', '/bin/sh', 'one;id', 'one two', '$(id)', 'a'.repeat(101)]) {
  test(`a helper named ${name.slice(0, 20)} is not started`, async (context) => {
    const home = await makeHome(context, { files: { [docker]: { credsStore: name } }, helpers: { one: echo } });
    await assert.rejects(home.find('a.example/x'), {
      name: 'CredentialError',
      message: `~/.docker/config.json names the helper ${JSON.stringify(name.slice(0, 100))}, which is no helper's name (letters, digits, . _ -): correct it`,
    });
  });
}

test('a helper is found on PATH alone, by whole folders, and only if it can be run', async (context) => {
  const home = await makeHome(context, {
    files: { [docker]: { credsStore: 'one' }, 'plain/docker-credential-one': '#!/bin/sh\nexit 1\n' },
    variables: (path) => ({ PATH: `.::relative:${join(path, 'plain')}` }),
  });
  const missing = {
    name: 'CredentialError',
    message:
      '~/.docker/config.json names docker-credential-one, which is not on PATH: install it, or take it out of that file',
  };
  const before = process.cwd();
  process.chdir(home.path);
  context.after(() => process.chdir(before));
  await writeFile(join(home.path, 'docker-credential-one'), '#!/bin/sh\necho \'{"Username":"evil","Secret":"s"}\'\n');
  await chmod(join(home.path, 'docker-credential-one'), 0o755);
  await assert.rejects(home.find('a.example/x'), missing);
});

test('a helper is asked once an hour, however many ask at once', async (context) => {
  const home = await makeHome(context, { files: { [docker]: { credsStore: 'one' } }, helpers: { one: echo } });
  await Promise.all(Array.from({ length: 20 }, (_, index) => home.find(`a.example/x${index}`)));
  home.wait(3_599_999);
  await home.find('a.example/x');
  assert.equal((await askedOf(home.path, 'one')).length, 1);
  home.wait(1);
  await home.find('a.example/x');
  assert.equal((await askedOf(home.path, 'one')).length, 2);
});

test('a helper that failed is asked again after a minute', async (context) => {
  const script = `echo x >> "$0.asked"; exit 1`;
  const home = await makeHome(context, { files: { [docker]: { credsStore: 'one' } }, helpers: { one: script } });
  await assert.rejects(home.find('a.example/x'));
  await assert.rejects(home.find('a.example/y'));
  assert.equal((await askedOf(home.path, 'one')).length, 1);
  home.wait(60_000);
  await assert.rejects(home.find('a.example/x'));
  assert.equal((await askedOf(home.path, 'one')).length, 2);
});
