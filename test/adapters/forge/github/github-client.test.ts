import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import type { GithubCredential } from '../../../../src/adapters/forge/github/github-client.ts';
import type { ForgeErrorCode } from '../../../../src/ports/forge.ts';
import { listen } from '../../http/loopback.ts';
import { keeperToken, withGithub } from './with-github.ts';

const refuses = (asked: Promise<unknown>, code: ForgeErrorCode, says: RegExp, retryAt?: number) =>
  assert.rejects(asked, (error: Error & { readonly code?: string; readonly retryAt?: number }) => {
    assert.equal(error.code, code);
    assert.match(error.message, says);
    assert.equal(error.retryAt, retryAt);
    return true;
  });

const shop = { owner: 'acme', repo: 'shop' };
const route = 'GET /repos/{owner}/{repo}';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

test('a wrong token is told as one, and never shown', () =>
  withGithub(async ({ forgeWith }) => {
    const forge = forgeWith({ kind: 'token', token: 'ghp_wrong', isOfJob: false });
    await assert.rejects(forge.readRepository('acme/shop'), (error: Error) => {
      assert.match(
        error.message,
        /^cannot read the repository acme\/shop: GitHub does not accept the token \(“Bad cred/,
      );
      assert.doesNotMatch(JSON.stringify(error) + error.stack + String(error.cause), /ghp_wrong/);
      return true;
    });
  }));

test('without a token public repositories are read, and others are not there', () =>
  withGithub(async ({ forgeWith, repository, github }) => {
    const forge = forgeWith(undefined);
    await refuses(forge.readRepository('acme/shop'), 'not-found', /there is none, or the token may not see it$/);
    repository.isPrivate = false;
    assert.equal((await forge.readRepository('acme/shop')).canPush, undefined);
    assert.equal(github.lastHeaders().authorization, undefined);
    await refuses(forge.createLabel('acme/shop', 'docker'), 'unauthorized', /GitHub wants a token; set GITHUB_TOKEN$/);
  }));

test('what an installation may not, it is told by permission', () =>
  withGithub(async ({ forgeWith, github }) => {
    github.state.tokens.set('ghs_job', {
      login: 'github-actions[bot]',
      installedFor: 'acme',
      permissions: { contents: 'read', pull_requests: 'read' },
    });
    const forge = forgeWith({ kind: 'token', token: 'ghs_job', isOfJob: true });
    const draft = { branch: 'basekeeper/node', baseBranch: 'main', title: 't', body: '', isDraft: false };
    await refuses(
      forge.openPullRequest('acme/shop', { ...draft, labels: [], assignees: [], reviewers: [] }),
      'unauthorized',
      /^cannot open a pull request of basekeeper\/node in acme\/shop: the token may not \(“Resource not accessible by integration”\); it needs the permission pull_requests=write$/,
    );
  }));

test('what a classic token may not, it is told by scope', () =>
  withGithub(async ({ forgeWith, github, repository }) => {
    repository.isPrivate = false;
    github.state.tokens.set('ghp_small', { login: 'keeper', scopes: ['read:org'] });
    const forge = forgeWith({ kind: 'token', token: 'ghp_small', isOfJob: false });
    await refuses(
      forge.createLabel('acme/shop', 'docker'),
      'unauthorized',
      /the token may not \(“.*”\); it needs the scope repo and has read:org$/,
    );
  }));

test('single sign-on is named', () =>
  withGithub(async ({ forge, github }) => {
    github.fault = { times: 9, status: 403, headers: { 'x-github-sso': 'required; url=https://x.example/sso' } };
    await refuses(
      forge.readRepository('acme/shop'),
      'unauthorized',
      /authorise it for the organisation's single sign-on/,
    );
  }));

for (const [what, status, headers, body, waits] of [
  [
    'the hourly limit',
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1764061200' },
    '{}',
    'until the reset',
  ],
  [
    'a secondary limit with a time',
    403,
    { 'retry-after': '90' },
    '{"message":"You have exceeded a secondary rate limit"}',
    90_000,
  ],
  ['a long wait', 429, { 'retry-after': '3600' }, '{}', 3_600_000],
] as const)
  test(`${what} is told with its end, and not waited for`, () =>
    withGithub(async ({ forge, github, pauses }) => {
      // An hour on which the header's second falls.
      github.state.now = 1_764_057_600_000;
      github.fault = { times: 1, status, headers, body };
      const retryAt = waits === 'until the reset' ? 1_764_061_200_000 : github.state.now + waits;
      await refuses(forge.readRepository('acme/shop'), 'rate-limited', /GitHub asks to wait/, retryAt);
      assert.deepEqual(pauses, []);
    }));

test('a short wait that GitHub asks for is waited, also before writing', () =>
  withGithub(async ({ forge, github, pauses, repository }) => {
    const body = '{"message":"You have exceeded a secondary rate limit"}';
    github.fault = { times: 1, status: 403, body };
    await forge.createLabel('acme/shop', 'docker');
    assert.deepEqual([pauses, repository.labels], [[60_000], ['docker']]);
    github.fault = { times: 1, status: 429, headers: { 'retry-after': '7' } };
    await forge.readRepository('acme/shop');
    assert.deepEqual(pauses, [60_000, 7000]);
  }));

test('after one was told to wait, nobody asks with that token before the time', () =>
  withGithub(async ({ client, clientWith, github }) => {
    const other = client.again();
    github.fault = { times: 1, status: 429, headers: { 'retry-after': '90' } };
    const retryAt = github.state.now + 90_000;
    await refuses(client.ask('read a', route, shop), 'rate-limited', /^cannot read a: GitHub asks to wait/, retryAt);
    await refuses(other.ask('read b', route, shop), 'rate-limited', /^cannot read b: GitHub asks to wait/, retryAt);
    assert.deepEqual([github.requests.length, client.requests(), other.requests()], [1, 1, 0]);
    await clientWith(keeperToken).ask('read c', route, shop);
    github.state.now = retryAt;
    await other.ask('read b', route, shop);
    assert.deepEqual([github.requests.length, client.requests(), other.requests()], [3, 1, 1]);
  }));

test('what one repository was answered is not sent to another again', () =>
  withGithub(async ({ client, github }) => {
    await client.ask('read a', route, shop);
    await client.again().ask('read a', route, shop);
    assert.deepEqual(
      github.requests.map((line) => line.split(' ')[2]),
      ['200', '304'],
    );
  }));

test('a server that fails is read again, and twice at most', () =>
  withGithub(async ({ forge, github, pauses }) => {
    github.fault = { times: 2, status: 502 };
    await forge.readRepository('acme/shop');
    assert.deepEqual(pauses, [1000, 4000]);
    github.fault = { times: 3, status: 503 };
    await refuses(forge.readRepository('acme/shop'), 'unavailable', /GitHub answers 503$/);
    assert.equal(github.fault.times, 0);
  }));

test('what was to be written is not written twice when the answer fails', () =>
  withGithub(async ({ forge, github, pauses }) => {
    github.fault = { times: 1, status: 502, method: 'POST' };
    await refuses(forge.createLabel('acme/shop', 'docker'), 'unavailable', /GitHub answers 502/);
    assert.deepEqual([github.requests.length, pauses], [1, []]);
  }));

test('writing requests come one by one, a second apart', () =>
  withGithub(async ({ forge, pauses }) => {
    await Promise.all(['a', 'b', 'c'].map((name) => forge.createLabel('acme/shop', name)));
    assert.deepEqual(pauses, [1000, 1000]);
  }));

test('what has not changed is asked for by its ETag and costs nothing', () =>
  withGithub(async ({ forge, github, repository }) => {
    const first = await forge.readRepository('acme/shop');
    const { remaining } = github.state;
    assert.deepEqual(await forge.readRepository('acme/shop'), first);
    assert.equal(github.state.remaining, remaining);
    repository.isArchived = true;
    assert.equal((await forge.readRepository('acme/shop')).isArchived, true);
    assert.deepEqual(
      github.requests.map((line) => line.split(' ')[2]),
      ['200', '304', '200'],
    );
  }));

for (const [what, body, headers] of [
  ['no JSON', '<html>a proxy</html>', { 'content-type': 'text/html' }],
  ['half a JSON', '{"full_name":', {}],
  ['a list', '[]', {}],
  ['nothing that is needed', '{"full_name":7}', {}],
] as const)
  test(`an answer that is ${what} is malformed`, () =>
    withGithub(async ({ forge, github }) => {
      github.fault = { times: 1, status: 200, body, headers };
      await refuses(forge.readRepository('acme/shop'), 'malformed', /GitHub's answer has/);
    }));

test('control characters of an answer do not reach the terminal', () =>
  withGithub(async ({ forge, github }) => {
    github.fault = { times: 1, status: 422, body: JSON.stringify({ message: `a\u001b[31mb\n${'c'.repeat(400)}` }) };
    await refuses(forge.readRepository('acme/shop'), 'invalid', /\(“a \[31mb c{190,}…”\)$/);
  }));

test('neither a redirect nor a page leads the token to another host', async () => {
  const seen: string[] = [];
  const other = await listen((request, response) => {
    seen.push(request.headers.authorization ?? 'none');
    response.end('[]');
  });
  try {
    await withGithub(async ({ forge, github }) => {
      const elsewhere = `http://127.0.0.1:${other.port}/`;
      github.fault = { times: 1, status: 301, headers: { location: elsewhere } };
      await refuses(forge.readRepository('acme/shop'), 'invalid', /it leads to another host/);
      github.fault = { times: 1, status: 200, headers: { link: `<${elsewhere}>; rel="next"` }, body: '[]' };
      assert.deepEqual(await forge.listLabels('acme/shop'), []);
      assert.deepEqual(seen, []);
    });
  } finally {
    other.close();
  }
});

test('a repository that was renamed is found where it is now', () =>
  withGithub(async ({ forge, github }) => {
    github.fault = { times: 1, status: 301, headers: { location: `${github.origin}/repos/acme/shop` } };
    assert.equal((await forge.readRepository('acme/store')).path, 'acme/shop');
  }));

test('a name of dots leads nowhere', () =>
  withGithub(async ({ forge, github }) => {
    for (const name of ['../..', 'acme/..', './acme'])
      await assert.rejects(forge.readRepository(name), { name: 'ForgeError', code: 'malformed' });
    for (const name of ['acme', 'acme/shop/x', '/shop', 'acme/'])
      await assert.rejects(forge.readRepository(name), { name: 'ForgeError', code: 'not-found' });
    assert.deepEqual(github.requests, []);
  }));

test('lists are read to their end', () =>
  withGithub(async ({ forge, github, repository }) => {
    repository.labels.push(...Array.from({ length: 250 }, (_, index) => `l${index}`));
    assert.equal((await forge.listLabels('acme/shop')).length, 250);
    assert.equal(github.requests.length, 3);
  }));

test('a list that is bounded says that it is not whole', () =>
  withGithub(async ({ client, repository }) => {
    repository.labels.push(...Array.from({ length: 250 }, (_, index) => `l${index}`));
    const labels = (maxItems: number) =>
      client.list('list labels', 'GET /repos/{owner}/{repo}/labels', shop, { maxItems });
    const seen = [];
    for (const most of [150, 249, 250, 251]) {
      const { items, isTruncated } = await labels(most);
      seen.push([items.length, isTruncated]);
    }
    assert.deepEqual(seen, [
      [150, true],
      [249, true],
      [250, false],
      [250, false],
    ]);
  }));

test('an App asks as its installation for the owner, with one token until it ends', () =>
  withGithub(async ({ clientWith, github }) => {
    const app = github.addApp('keeper-app');
    app.installations.set('acme', { id: 77, permissions: { contents: 'write', metadata: 'read' } });
    const client = clientWith({ kind: 'app', appId: String(app.id), privateKey });
    await Promise.all([client.ask('read', route, shop), client.ask('read', route, shop)]);
    const creations = () => github.requests.filter((line) => line.startsWith('POST')).length;
    assert.equal(creations(), 1);
    assert.deepEqual(Object.fromEntries((await client.installationToken('acme'))?.permissions ?? []), {
      contents: 'write',
      metadata: 'read',
    });
    github.state.now += 56 * 60_000;
    await client.ask('read', route, shop);
    assert.equal(creations(), 2);
  }));

test('an App that is not installed says so for each repository of the owner, and asks once', () =>
  withGithub(async ({ forgeWith, github }) => {
    const app = github.addApp('keeper-app');
    const forge = forgeWith({ kind: 'app', appId: String(app.id), privateKey });
    for (const name of ['acme/shop', 'Acme/next'])
      await refuses(
        forge.readRepository(name),
        'unauthorized',
        /^cannot act as the GitHub App for acme: it is not installed there; install it$/,
      );
    assert.deepEqual(github.requests, ['GET /orgs/acme/installation 404', 'GET /users/acme/installation 404']);
  }));

for (const written of ['no key', '-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----'])
  test(`a key that is none is refused unseen: ${written.slice(0, 10)}`, () =>
    withGithub(async ({ forgeWith, github }) => {
      const app: GithubCredential = { kind: 'app', appId: '1', privateKey: written };
      await assert.rejects(forgeWith(app).readRepository('acme/shop'), (error: Error) => {
        assert.match(error.message, /its private key is no RSA key in PEM/);
        assert.doesNotMatch(error.message, /c2Vj/);
        assert.equal(error.cause, undefined);
        return true;
      });
      assert.deepEqual(github.requests, []);
    }));

test('the token goes out as a bearer, with the version of the API', () =>
  withGithub(async ({ forge, github }) => {
    await forge.readRepository('acme/shop');
    const headers = github.lastHeaders();
    assert.equal(headers.authorization, `Bearer ${keeperToken.token}`);
    assert.equal(headers['x-github-api-version'], '2022-11-28');
  }));
