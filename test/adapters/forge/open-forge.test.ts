import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readWorldEnvironment } from '../../../src/config/environment.ts';
import { openForge, openForgeHost } from '../../../src/wiring/forges.ts';
import { describeGithubToken } from '../../../src/wiring/github.ts';
import { openRemoteBranches } from '../../../src/wiring/repositories.ts';
import { commitTo } from '../../fakes/bare-repository.ts';
import { keeperToken, withGithub } from './github/with-github.ts';
import { botToken, draft, withGitlab } from './gitlab/with-gitlab.ts';

test("a repository on the job's GitLab is reached with the token of the environment", () =>
  withGitlab(async ({ gitlab }) => {
    const world = readWorldEnvironment({ CI_SERVER_URL: gitlab.origin, GITLAB_TOKEN: botToken });
    const opened = await openForge(new URL(`${gitlab.origin}/acme/shop.git`), () => gitlab.state.now, world);
    assert.equal(opened.forge.kind, 'gitlab');
    assert.equal((await opened.forge.readRepository(opened.repository)).canPush, true);
    await opened.close();
  }));

for (const address of ['https://corp.example/gitlab/acme/sub/shop.git', 'ssh://git@corp.example/acme/sub/shop'])
  test(`GitLab under a path calls ${address} acme/sub/shop`, async () => {
    const world = readWorldEnvironment({ GITLAB_HOST: 'https://corp.example/gitlab/' });
    const { forge, repository, close } = await openForge(new URL(address), () => 0, world);
    await close();
    assert.deepEqual([forge.kind, repository], ['gitlab', 'acme/sub/shop']);
  });

for (const [address, written, repository, said] of [
  ['https://git.invalid/acme/shop.git', undefined, 'acme/shop', 'https://git.invalid/acme/shop.git'],
  ['https://git.invalid/git.git', undefined, 'git', 'https://git.invalid/git.git'],
  ['https://git.invalid/scm/shop/', undefined, 'scm/shop', 'https://git.invalid/scm/shop/'],
  ['ssh://git@127.0.0.1/acme/shop.git', 'git@127.0.0.1:acme/shop.git', 'acme/shop', 'git@127.0.0.1:acme/shop.git'],
] as const)
  test(`${written ?? address} is known to no forge: git alone is spoken there`, async () => {
    const plain = written === undefined ? {} : { written };
    const opened = await openForge(new URL(address), () => 0, readWorldEnvironment({}), plain);
    assert.deepEqual([opened.forge.kind, opened.repository], ['git', repository]);
    // Neither is asked: one has no address, the other is private.
    await assert.rejects(opened.forge.readRepository(repository), (error: Error) =>
      error.message.includes(`${said}: `),
    );
  });

test('whom GitLab asks to wait is told, and so is the next repository of that host, which asks nothing', () =>
  withGitlab(async ({ gitlab }) => {
    const world = readWorldEnvironment({ CI_SERVER_URL: gitlab.origin, GITLAB_TOKEN: botToken });
    const address = new URL(`${gitlab.origin}/acme/shop.git`);
    const host = await openForgeHost(address, () => gitlab.state.now, world);
    const [first, second] = [host.repositoryAt(address).forge, host.repositoryAt(address).forge];
    gitlab.fault = { times: 1, status: 429, headers: { 'retry-after': '90' }, body: 'Retry later' };
    const told = { code: 'rate-limited', retryAt: gitlab.state.now + 90_000 };
    await assert.rejects(first.readRepository('acme/shop'), told);
    await assert.rejects(second.readRepository('acme/shop'), told);
    assert.deepEqual([gitlab.requests.length, first.requests(), second.requests()], [1, 1, 0]);
    gitlab.state.now += 90_000;
    assert.equal((await second.readRepository('acme/shop')).path, 'acme/shop');
    assert.deepEqual([first.requests(), second.requests()], [1, 1]);
    await host.close();
  }));

test('a proxy that cannot be used refuses the request, and its password is not told', async () => {
  const world = readWorldEnvironment({ https_proxy: 'ftp://user:secret@proxy.example' });
  const opened = await openForge(new URL('https://gitlab.com/acme/shop'), () => 0, world);
  await assert.rejects(
    async () => opened.forge.readRepository('acme/shop'),
    (error: Error) => {
      assert.match(error.message, /^cannot read the project acme\/shop: gitlab\.com: the proxy/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
});

test('branches on a private host are not read until the host is named as private', async () => {
  const branches = await openRemoteBranches('https://127.0.0.1:1/acme/shop.git', new Set());
  await assert.rejects(branches.list('basekeeper/'), { code: 'refused', message: /under privateHosts/ });
});
test("a repository on the job's GitHub is reached with the token of the environment", () =>
  withGithub(async ({ github }) => {
    const world = readWorldEnvironment({
      GITHUB_SERVER_URL: github.origin,
      GITHUB_API_URL: github.origin,
      GITHUB_TOKEN: keeperToken.token,
    });
    const opened = await openForge(new URL(`${github.origin}/acme/shop.git`), () => github.state.now, world);
    assert.equal(opened?.forge.kind, 'github');
    assert.equal((await opened?.forge.readRepository('acme/shop'))?.canPush, true);
    await opened?.close();
  }));

test('which App a bot is, is asked once for all repositories of an owner', () =>
  withGithub(async ({ github, repository, forge }) => {
    const app = github.addApp('dependabot');
    const next = github.addRepository('acme/next');
    next.collaborators.add('keeper');
    await forge.openPullRequest('acme/shop', draft);
    const opened = { ...github.pull('acme/shop', 1), login: 'dependabot[bot]' };
    for (const one of [repository, next]) {
      commitTo(one.folder, opened.branch, { Dockerfile: 'FROM node:24\n' });
      one.pulls.splice(0, 1, { ...opened, headRepositoryId: one.id });
    }
    const world = readWorldEnvironment({
      GITHUB_SERVER_URL: github.origin,
      GITHUB_API_URL: github.origin,
      GITHUB_TOKEN: keeperToken.token,
    });
    const host = await openForgeHost(new URL(github.origin), () => github.state.now, world);
    const authors = [];
    for (const name of ['acme/shop', 'acme/next']) {
      const at = host.repositoryAt(new URL(`${github.origin}/${name}.git`));
      authors.push(...(await at.forge.listPullRequests(at.repository, {})).map(({ author }) => author.appId));
      assert.equal(at.forge.requests(), 1);
    }
    await host.close();
    assert.deepEqual(authors, [app.id, app.id]);
    assert.equal(github.requests.filter((line) => line.includes('/apps/dependabot')).length, 1);
  }));

test("an App's key is read from its file, and what it may is told", () =>
  withGithub(async ({ github, repository }) => {
    const app = github.addApp('keeper-app');
    app.installations.set('acme', { id: 7, permissions: { metadata: 'read' } });
    const folder = mkdtempSync(join(tmpdir(), 'key-'));
    const file = join(folder, 'key.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ type: 'pkcs1', format: 'pem' }));
    const variables = {
      GITHUB_SERVER_URL: github.origin,
      GITHUB_API_URL: github.origin,
      BASEKEEPER_APP_ID: String(app.id),
    };
    const read = async (more: Readonly<Record<string, string>>) => {
      const world = readWorldEnvironment({ ...variables, ...more });
      const opened = await openForge(new URL(`${github.origin}/acme/shop`), () => github.state.now, world);
      const { path } = (await opened?.forge.readRepository('acme/shop')) ?? {};
      await opened?.close();
      return path;
    };
    assert.equal(await read({ BASEKEEPER_APP_PRIVATE_KEY_FILE: file }), `acme/${repository.name}`);
    const keyed = readWorldEnvironment({ ...variables, BASEKEEPER_APP_PRIVATE_KEY_FILE: file });
    assert.deepEqual(await describeGithubToken(() => github.state.now, keyed), { kind: 'app', permissions: new Map() });
    await assert.rejects(read({ BASEKEEPER_APP_PRIVATE_KEY_FILE: join(folder, 'none') }), {
      name: 'ForgeError',
      message:
        /^cannot read the private key of the GitHub App at .*none \(ENOENT\); check BASEKEEPER_APP_PRIVATE_KEY_FILE$/,
    });
    await assert.rejects(read({}), {
      name: 'ForgeError',
      message: /it has no private key; set BASEKEEPER_APP_PRIVATE_KEY or/,
    });
    rmSync(folder, { recursive: true });
  }));

for (const [what, variables, expected] of [
  ['a classic one', { GH_TOKEN: 'ghp_c' }, { kind: 'classic', scopes: ['repo', 'workflow'] }],
  ['a fine-grained one', { GH_TOKEN: 'github_pat_f' }, { kind: 'fine-grained' }],
  ["a job's", { GITHUB_TOKEN: 'ghs_j', GITHUB_ACTIONS: 'true' }, { kind: 'job' }],
  ["an installation's", { GH_TOKEN: 'ghs_j' }, { kind: 'app', permissions: undefined }],
  ['none', {}, undefined],
] as const)
  test(`of ${what} it is told what GitHub tells`, () =>
    withGithub(async ({ github }) => {
      const { tokens, now } = github.state;
      tokens.set('ghp_c', { login: 'keeper', scopes: ['repo', 'workflow'] });
      tokens.set('github_pat_f', { login: 'keeper', permissions: {} });
      tokens.set('ghs_j', { login: 'x[bot]', installedFor: 'acme', permissions: {} });
      const world = readWorldEnvironment({ GITHUB_API_URL: github.origin, ...variables });
      assert.deepEqual(await describeGithubToken(() => now, world), expected);
    }));
