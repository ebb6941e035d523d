import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DoctorCheck, DoctorResult } from '../../src/flows/doctor/doctor-result.ts';
import { startGitServer } from '../fakes/git-server.ts';
import { startFakeGithub } from '../fakes/github/fake-github.ts';
import { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from '../fakes/registry/fake-registry.ts';
import { basekeeper, makeTree, today } from './command.ts';

const secret = 'hunter2-hunter2';
const users = [{ username: 'me', secret }];

async function start(context: TestContext, options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const registry = await startFakeRegistry(options);
  context.after(() => registry.close());
  registry.content.pushTags({ repository: 'library/alpine', platforms: ['linux/amd64'] }, ['latest', '3.22']);
  registry.content.pushTags({ repository: 'acme/base', platforms: ['linux/amd64'] }, ['1']);
  return registry;
}

/** A tree with this Dockerfile and policy, and a home folder of its own beside it. */
async function place(
  context: TestContext,
  dockerfile: string,
  registries: Readonly<Record<string, unknown>>,
): Promise<{ readonly tree: string; readonly home: string; readonly env: Record<string, string> }> {
  const made = await makeTree({
    'tree/Dockerfile': dockerfile,
    'tree/basekeeper.yaml': JSON.stringify({ version: 1, registries }),
    // As git outside of any work tree.
    'home/bin/git': '#!/bin/sh\nif [ "$1" = --version ]; then echo git version 2.99.1; else exit 128; fi\n',
  });
  context.after(made.remove);
  const home = join(made.path, 'home');
  await chmod(join(home, 'bin', 'git'), 0o755);
  const env = {
    HOME: home,
    PATH: join(home, 'bin'),
    ...Object.fromEntries(
      ['DOCKER_CONFIG', 'DOCKER_AUTH_CONFIG', 'REGISTRY_AUTH_FILE', 'BASEKEEPER_STATE', 'BASEKEEPER_CACHE']
        .concat('XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'GH_TOKEN', 'GITLAB_TOKEN')
        .concat('http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY')
        .map((name) => [name, '']),
    ),
    ...Object.fromEntries(
      [
        'GITHUB_TOKEN',
        'GH_ENTERPRISE_TOKEN',
        'GH_HOST',
        'GITHUB_SERVER_URL',
        'GITHUB_API_URL',
        'BASEKEEPER_APP_ID',
        'BASEKEEPER_TRIVY',
        'BASEKEEPER_TRIVY_SERVER',
      ].map((name) => [name, '']),
    ),
  };
  return { tree: join(made.path, 'tree'), home, env };
}

const plain = { private: true, insecure: true };

async function logIn(home: string, host: string, password: string): Promise<void> {
  const auth = Buffer.from(`me:${password}`).toString('base64');
  await mkdir(join(home, '.docker'), { recursive: true });
  await writeFile(join(home, '.docker', 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
}

async function examine(tree: string, env: Record<string, string>) {
  const { code, stdout, stderr } = await basekeeper(['doctor', tree, '--json', '--now', today], { env });
  assert.ok(!`${stdout}${stderr}`.includes('hunter2'), 'no secret is told');
  assert.equal(stderr, '');
  const result = JSON.parse(stdout) as DoctorResult;
  const find = (area: DoctorCheck['area'], name: string) =>
    result.checks.find((check) => check.area === area && check.name === name);
  return { code, result, find };
}

test('doctor tells that everything works, asks each registry once, pulls nothing and makes nothing', async (context) => {
  const hub = await start(context);
  const own = await start(context, { access: { kind: 'token', users, isAnonymousAllowed: false } });
  const { tree, home, env } = await place(context, `FROM alpine:3.22 AS a\nFROM ${own.host}/acme/base:1\n`, {
    'docker.io': { endpoint: hub.origin, ...plain },
    [own.host]: plain,
  });
  await logIn(home, own.host, secret);
  const before = await readdir(home);
  const git = await startGitServer();
  const github = await startFakeGithub(git);
  context.after(() => Promise.all([github.close(), git.close()]));
  github.state.tokens.set(secret, { login: 'keeper', scopes: ['repo', 'read:org'] });
  const forge = { GITHUB_TOKEN: secret, GITHUB_API_URL: github.origin };
  const { code, result, find } = await examine(tree, { ...env, ...forge });
  assert.deepEqual(
    result.checks.filter(({ state }) => state === 'problem'),
    [],
  );
  assert.equal(code, 0);
  assert.equal(find('registry', 'docker.io')?.says, `answers at ${hub.host}; anonymous`);
  assert.deepEqual(find('registry', own.host)?.registry, {
    uses: 1,
    isReachable: true,
    credential: '~/.docker/config.json',
    pulls: null,
  });
  assert.equal(find('credentials', '~/.docker/config.json')?.says, `for ${own.host}`);
  assert.equal(find('forge', 'token')?.says, 'GITHUB_TOKEN is set');
  assert.deepEqual(
    result.checks.filter(({ name }) => name === 'GitHub').map(({ says, remedy }) => [says, remedy]),
    [
      ['accepts the token, with the scopes repo, read:org', null],
      ['the token cannot change workflow files', 'give it the scope workflow'],
    ],
  );
  assert.deepEqual(github.requests, ['GET /rate_limit 200']);
  assert.equal(find('program', 'git')?.says, `2.99.1 at ${join(home, 'bin', 'git')}`);
  assert.match(
    find('program', 'trivy')?.says ?? '',
    /^no trivy on PATH: install Trivy .* only scans of images need it$/,
  );
  assert.match(find('storage', 'ledger')?.says ?? '', /^none yet; basekeeper monitor makes .*ledger\.sqlite$/);
  for (const { log } of [hub, own]) {
    assert.equal(log.all('head').filter(({ status }) => status === 200).length, 1);
    assert.deepEqual(log.all('manifest'), []);
  }
  assert.deepEqual(await readdir(home), before);
});

test('a wrong login, a missing one, and a private address are problems with a remedy', async (context) => {
  const access = { kind: 'token', users, isAnonymousAllowed: false } as const;
  const [wrong, missing, unlisted] = await Promise.all([
    start(context, { access }),
    start(context, { access }),
    start(context),
  ]);
  const dockerfile = [wrong, missing, unlisted].map(({ host }) => `FROM ${host}/acme/base:1\n`).join('');
  const { tree, home, env } = await place(context, dockerfile, {
    'docker.io': { endpoint: unlisted.origin, ...plain },
    [wrong.host]: plain,
    [missing.host]: plain,
  });
  await logIn(home, wrong.host, `${secret}-old`);
  const { code, find } = await examine(tree, env);
  assert.equal(code, 3);
  const rejected = find('registry', wrong.host);
  assert.deepEqual(
    [rejected?.state, rejected?.remedy],
    ['problem', `the login of ~/.docker/config.json is not accepted: docker login ${wrong.host}`],
  );
  const anonymous = find('registry', missing.host);
  assert.deepEqual(
    [anonymous?.state, anonymous?.remedy],
    ['problem', `docker login ${missing.host}; in CI set DOCKER_AUTH_CONFIG`],
  );
  const refused = find('registry', unlisted.host);
  assert.deepEqual(
    [refused?.state, refused?.remedy, refused?.registry?.isReachable],
    [
      'problem',
      `if it is yours, set registries."${unlisted.host}".private: true in the organisation's policy file`,
      false,
    ],
  );
});

test('Docker Hub that no image needs is no problem when it is down, and the text says it all', async (context) => {
  const hub = await startFakeRegistry();
  await hub.close();
  const { tree, env } = await place(context, 'FROM scratch\n', { 'docker.io': { endpoint: hub.origin, ...plain } });
  const { code, stdout } = await basekeeper(['doctor', tree, '--now', today], { env });
  assert.match(stdout, /^Registries\n {2}warn {2}docker\.io {2,}\S/);
  assert.match(stdout, /\n {2,}→ check its name, the network, and the proxy\n/);
  assert.match(stdout, /\nEverything that is needed works \(\d+ warnings?\)\.\n$/);
  assert.equal(code, 0);
});

test('a helper that fails and a broken ledger are told, each with what to do', async (context) => {
  const hub = await start(context);
  const { tree, home, env } = await place(context, 'FROM alpine:3.22\n', {
    'docker.io': { endpoint: hub.origin, ...plain },
  });
  await mkdir(join(home, '.docker'));
  await writeFile(join(home, '.docker', 'config.json'), JSON.stringify({ credsStore: 'desktop' }));
  await mkdir(join(home, 'state'));
  await writeFile(join(home, 'state', 'ledger.sqlite'), 'no database\n'.repeat(500));
  const { code, find } = await examine(tree, { ...env, BASEKEEPER_STATE: join(home, 'state') });
  assert.equal(code, 3);
  assert.match(
    find('registry', 'docker.io')?.says ?? '',
    /docker-credential-desktop, which is not on PATH: install it/,
  );
  assert.equal(find('credentials', 'docker-credential-desktop')?.state, 'warn');
  assert.equal(find('storage', 'ledger')?.state, 'problem');
});

test('a proxy that cannot be used is told without its password, not as a bug', async (context) => {
  const { tree, env } = await place(context, 'FROM alpine:3.22\n', {});
  const { code, find } = await examine(tree, { ...env, HTTPS_PROXY: `socks5://me:${secret}@proxy.example` });
  assert.equal(code, 3);
  assert.equal(find('network', 'https proxy')?.state, 'warn');
  assert.match(find('registry', 'docker.io')?.says ?? '', /the proxy that the environment names is no http or https/);
});

test('an image that is named by its digest alone is asked for by it', async (context) => {
  const own = await start(context);
  const { digest } = own.content.push({ repository: 'acme/pinned', tag: '1', platforms: ['linux/amd64'] });
  const { tree, env } = await place(context, `FROM ${own.host}/acme/pinned@${digest}\n`, {
    'docker.io': { endpoint: own.origin, ...plain },
    [own.host]: plain,
  });
  const { code, find } = await examine(tree, env);
  assert.equal(find('registry', own.host)?.says, 'answers; anonymous');
  assert.equal(code, 0);
});
