import assert from 'node:assert/strict';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CredentialError } from '../../../src/ports/credentials.ts';
import { run } from '../../e2e/command.ts';
import { basicAuth, makeHome, whoOf } from './credential-home.ts';

const docker = '.docker/config.json';

for (const [key, name, holds] of [
  ['ghcr.io', 'ghcr.io/acme/base', true],
  ['https://ghcr.io', 'ghcr.io/acme/base', true],
  ['https://ghcr.io/', 'ghcr.io/acme/base', true],
  ['https://ghcr.io/v1/', 'ghcr.io/acme/base', true],
  ['http://ghcr.io/v2', 'ghcr.io/acme/base', true],
  ['ghcr.io/v2/', 'ghcr.io/acme/base', true],
  ['GHCR.IO', 'ghcr.io/acme/base', true],
  ['ghcr.io', 'GHCR.io/acme/base', true],
  ['ghcr.io/acme', 'ghcr.io/acme/base', true],
  ['ghcr.io/acme/base', 'ghcr.io/acme/base', true],
  ['localhost:5000', 'localhost:5000/a', true],
  ['https://index.docker.io/v1/', 'docker.io/library/node', true],
  ['docker.io', 'docker.io/library/node', true],
  ['index.docker.io', 'docker.io/library/node', true],
  ['https://registry-1.docker.io/v2/', 'docker.io/library/node', true],
  ['docker.io/acme', 'docker.io/acme/base', true],
  // Never one that merely looks alike.
  ['ghcr.io', 'evil-ghcr.io/acme/base', false],
  ['ghcr.io', 'ghcr.io.evil.example/acme/base', false],
  ['ghcr.io', 'sub.ghcr.io/acme/base', false],
  ['ghcr.io', 'ghcr.io:443/acme/base', false],
  ['localhost:5000', 'localhost:5001/a', false],
  ['sub.ghcr.io', 'ghcr.io/acme/base', false],
  ['ghcr.io/ac', 'ghcr.io/acme/base', false],
  ['ghcr.io/acme/base', 'ghcr.io/acme/base2', false],
  ['ghcr.io/acme', 'ghcr.io/other/acme', false],
  ['me@ghcr.io', 'ghcr.io/acme/base', false],
  ['https://evil.example/ghcr.io', 'ghcr.io/acme/base', false],
  ['docker.io', 'registry.docker.io/library/node', false],
  ['docker.io/library', 'docker.io/acme/base', false],
  // Docker Desktop keeps other secrets under such keys.
  ['https://index.docker.io/v1/access-token', 'docker.io/library/node', false],
  ['', 'ghcr.io/acme/base', false],
] as const) {
  test(`an entry of ${JSON.stringify(key)} is ${holds ? '' : 'not '}for ${name}`, async (context) => {
    const { find } = await makeHome(context, { files: { [docker]: { auths: { [key]: basicAuth('me', 's') } } } });
    assert.equal(whoOf(await find(name)), holds ? 'me' : undefined);
  });
}

test('the longest namespace wins, then the form that docker login writes', async (context) => {
  const auths = {
    'https://ghcr.io/v1/': basicAuth('old', 's'),
    'ghcr.io/acme': basicAuth('acme', 's'),
    'ghcr.io': basicAuth('host', 's'),
    'ghcr.io/acme/base': basicAuth('base', 's'),
    'docker.io': basicAuth('podman', 's'),
    'https://index.docker.io/v1/': basicAuth('docker', 's'),
  };
  const { find } = await makeHome(context, { files: { [docker]: { auths } } });
  const names = ['ghcr.io/acme/base', 'ghcr.io/acme/base/x', 'ghcr.io/acme/app', 'ghcr.io/x/y', 'docker.io/x/y'];
  const found = await Promise.all(names.map(async (name) => whoOf(await find(name))));
  assert.deepEqual(found, ['base', 'base', 'acme', 'host', 'docker']);
});

for (const [title, entry, credential] of [
  ['user and password', basicAuth('me', 'secret'), { kind: 'basic', username: 'me', secret: 'secret' }],
  ['a password with colons', basicAuth('me', 'a:b:'), { kind: 'basic', username: 'me', secret: 'a:b:' }],
  ['NULs at the end', basicAuth('me', 'secret\0\0'), { kind: 'basic', username: 'me', secret: 'secret' }],
  ['letters beyond ASCII', basicAuth('mé', 'sécret'), { kind: 'basic', username: 'mé', secret: 'sécret' }],
  ['user and password as fields', { username: 'me', password: 'p' }, { kind: 'basic', username: 'me', secret: 'p' }],
  [
    'a JSON key of Google',
    basicAuth('_json_key', '{"a":1}'),
    { kind: 'basic', username: '_json_key', secret: '{"a":1}' },
  ],
  ['an identity token', { identitytoken: 'it' }, { kind: 'identity', token: 'it' }],
  [
    'an identity token with the user of Azure',
    { ...basicAuth('00000000-0000-0000-0000-000000000000', ''), identitytoken: 'it' },
    { kind: 'identity', username: '00000000-0000-0000-0000-000000000000', token: 'it' },
  ],
  ['a registry token', { ...basicAuth('me', 's'), registrytoken: 'rt' }, { kind: 'bearer', token: 'rt' }],
] as const) {
  test(`reads ${title}`, async (context) => {
    const { find } = await makeHome(context, { files: { [docker]: { auths: { 'a.example': entry } } } });
    assert.deepEqual(await find('a.example/x/y'), { credential, source: '~/.docker/config.json' });
  });
}

for (const [title, entry] of [
  ['an empty entry', {}],
  ['an entry of empty texts', { auth: '', identitytoken: '' }],
  ['an entry that is no object', 'x'],
  ['an entry of null', null],
] as const) {
  test(`${title} is no credential, and the next place is asked`, async (context) => {
    const files = {
      [docker]: { auths: { 'a.example': entry } },
      '.config/containers/auth.json': { auths: { 'a.example': basicAuth('podman', 's') } },
    };
    const { find } = await makeHome(context, { files });
    assert.equal(whoOf(await find('a.example/x')), 'podman');
  });
}

const secret = 'hunter2-hunter2';
const broken = 'is not base64 of user:password; log in again';

for (const [title, content, message] of [
  [
    'broken JSON',
    `{\n  "auths": { "a.example": { "auth": "${secret}" } `,
    /config\.json is not valid JSON in line 2, column \d+:/,
  ],
  ['JSON that ends in a secret', `{"auths": ${secret}`, /config\.json is not valid JSON: correct it/],
  ['a list', '[]', /config\.json holds no JSON object/],
  ['auths that are a list', { auths: [secret] }, /"auths" is no JSON object/],
  ['helpers that are text', { credHelpers: secret }, /"credHelpers" is no JSON object/],
  [
    'auth without a colon',
    { auths: { 'a.example': { auth: btoa(secret) } } },
    new RegExp(`a\\.example: "auth" ${broken}`),
  ],
  [
    'auth that is no base64',
    { auths: { 'a.example': { auth: `me:${secret}` } } },
    new RegExp(`a\\.example: "auth" ${broken}`),
  ],
  [
    'a token that would split a header',
    { auths: { 'a.example': { registrytoken: `${secret}\r\nX: y` } } },
    /token holds characters/,
  ],
  ['a file of more than a MiB', ' '.repeat(1024 * 1024 + 1), /config\.json is larger than 1 MiB/],
] as const) {
  test(`refuses ${title}, and repeats no secret`, async (context) => {
    const { find } = await makeHome(context, { files: { [docker]: content } });
    await assert.rejects(find('a.example/x'), (error) => {
      assert.ok(error instanceof CredentialError);
      assert.match(error.message, message);
      assert.match(error.message, /~\/\.docker\/config\.json/);
      assert.ok(!error.message.includes('hunter2'), error.message);
      assert.equal(error.cause, undefined, 'a cause would repeat the text');
      return true;
    });
  });
}

test("another host's broken entry is no matter", async (context) => {
  const auths = { 'a.example': { auth: '*' }, 'b.example': basicAuth('me', 's') };
  const { find } = await makeHome(context, { files: { [docker]: { auths } } });
  assert.equal(whoOf(await find('b.example/x')), 'me');
  assert.equal(await find('c.example/x'), undefined);
});

for (const [title, files, variables, who] of [
  ['nothing is found without files', {}, {}, undefined],
  ['an empty file has no entries', { [docker]: '' }, {}, undefined],
  ['a byte-order mark is no matter', { [docker]: `\uFEFF${JSON.stringify(one('docker'))}` }, {}, 'docker'],
  [
    "Docker's file comes before Podman's",
    { [docker]: one('docker'), 'run/containers/auth.json': one('run') },
    {},
    'docker',
  ],
  [
    "Podman's run-time file comes before its lasting one",
    { 'run/containers/auth.json': one('run'), '.config/containers/auth.json': one('config') },
    {},
    'run',
  ],
  ['Podman keeps lasting logins', { '.config/containers/auth.json': one('config') }, {}, 'config'],
  [
    "REGISTRY_AUTH_FILE stands for both of Podman's",
    { 'my.json': one('mine'), 'run/containers/auth.json': one('run'), '.config/containers/auth.json': one('config') },
    { REGISTRY_AUTH_FILE: 'my.json' },
    'mine',
  ],
  [
    'even where it has no entry',
    { 'my.json': '{}', 'run/containers/auth.json': one('run') },
    { REGISTRY_AUTH_FILE: 'my.json' },
    undefined,
  ],
  ['a file that is named and missing has none', {}, { REGISTRY_AUTH_FILE: 'my.json' }, undefined],
  [
    "DOCKER_CONFIG stands for Docker's folder",
    { 'other/config.json': one('other'), [docker]: one('docker') },
    { DOCKER_CONFIG: 'other' },
    'other',
  ],
  ['XDG_CONFIG_HOME moves it', { 'x/containers/auth.json': one('x') }, { XDG_CONFIG_HOME: 'x' }, 'x'],
] as const) {
  test(title, async (context) => {
    const { find } = await makeHome(context, {
      files,
      variables: (home) => ({
        XDG_RUNTIME_DIR: join(home, 'run'),
        ...Object.fromEntries(Object.entries(variables).map(([name, path]) => [name, join(home, path)])),
      }),
    });
    assert.equal(whoOf(await find('a.example/x')), who);
  });
}

test('DOCKER_AUTH_CONFIG wins over the file, which still has the other hosts', async (context) => {
  const inline = { auths: { 'a.example': basicAuth('inline', 's') } };
  const { find } = await makeHome(context, {
    files: { [docker]: { auths: { 'a.example': basicAuth('a', 's'), 'b.example': basicAuth('b', 's') } } },
    variables: () => ({ DOCKER_AUTH_CONFIG: JSON.stringify(inline) }),
  });
  assert.equal((await find('a.example/x'))?.source, 'DOCKER_AUTH_CONFIG');
  assert.equal(whoOf(await find('a.example/x')), 'inline');
  assert.equal(whoOf(await find('b.example/x')), 'b');
});

test('DOCKER_AUTH_CONFIG that is no JSON is told by its name alone', async (context) => {
  const { find } = await makeHome(context, { variables: () => ({ DOCKER_AUTH_CONFIG: secret }) });
  await assert.rejects(find('a.example/x'), {
    name: 'CredentialError',
    message: 'DOCKER_AUTH_CONFIG is not valid JSON: correct it, or remove it and log in again',
  });
});

test('a link to a file is followed, and who else may read it is no matter', async (context) => {
  const home = await makeHome(context, { files: { 'elsewhere.json': one('me'), '.docker/x': '' } });
  await symlink(join(home.path, 'elsewhere.json'), join(home.path, docker));
  await chmod(join(home.path, 'elsewhere.json'), 0o644);
  assert.equal(whoOf(await home.find('a.example/x')), 'me');
});

test('a folder and a pipe in place of the file are refused without waiting', async (context) => {
  const folder = await makeHome(context, { files: { '.docker/config.json/x': '' } });
  await assert.rejects(folder.find('a.example/x'), { message: '~/.docker/config.json is no file: remove it' });
  const pipe = await makeHome(context, { files: { '.docker/x': '' } });
  await run('mkfifo', [docker], { cwd: pipe.path });
  await assert.rejects(pipe.find('a.example/x'), { message: '~/.docker/config.json is no file: remove it' });
});

test('a login in another terminal is seen after a minute', async (context) => {
  const home = await makeHome(context, { files: { [docker]: '{' } });
  await assert.rejects(home.find('a.example/x'));
  await writeFile(join(home.path, docker), JSON.stringify(one('new')));
  await assert.rejects(home.find('a.example/x'), 'kept');
  home.wait(60_000);
  assert.equal(whoOf(await home.find('a.example/x')), 'new');
});

test('sources are listed with their hosts, without any secret', async (context) => {
  const home = await makeHome(context, {
    files: {
      [docker]: {
        auths: {
          'https://index.docker.io/v1/': basicAuth('me', secret),
          'ghcr.io/acme': { identitytoken: secret },
          'empty.example': {},
          [`https://me:${secret}@odd.example/`]: basicAuth('me', secret),
          'broken.example': { auth: '*' },
        },
        credHelpers: { 'gcr.io': 'gcloud', 'eu.gcr.io': 'gcloud', 'plain.example': '' },
        credsStore: 'desktop',
      },
      '.config/containers/auth.json': '[',
    },
    helpers: { gcloud: 'exit 1' },
  });
  const sources = await home.credentials.listSources();
  assert.deepEqual(
    sources.map(({ source, hosts, problems }) => [source, hosts.join(' '), problems.length]),
    [
      ['~/.docker/config.json', 'docker.io ghcr.io/acme odd.example', 1],
      ['docker-credential-gcloud', 'gcr.io eu.gcr.io', 0],
      ['docker-credential-desktop', '*', 1],
      ['~/.config/containers/auth.json', '', 1],
    ],
  );
  const problems = sources.flatMap((source) => source.problems).join('\n');
  assert.match(problems, /broken\.example: "auth" is not base64/);
  assert.match(problems, /names docker-credential-desktop, which is not on PATH/);
  assert.ok(!JSON.stringify(sources).includes('hunter2'));
});

function one(username: string): unknown {
  return { auths: { 'a.example': basicAuth(username, 's') } };
}
