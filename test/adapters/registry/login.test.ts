import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Registry, RepositoryAddress } from '../../../src/ports/registry.ts';
import { FakeContent } from '../../fakes/registry/content.ts';
import type { Switches } from '../../fakes/registry/switches.ts';
import { listen } from '../http/loopback.ts';
import { localRegistry, publicRegistry } from './with-registry.ts';

const user = { username: 'ann', secret: 'correct horse', identityToken: 'an-identity' } as const;
const login = { kind: 'basic', username: user.username, secret: user.secret } as const;
const wrong = { ...login, secret: 'battery staple' } as const;
const wrongHeader = `Basic ${Buffer.from('ann:battery staple').toString('base64')}`;
const minuteMs = 60_000;

function contentWith(tags: number, ...repositories: readonly string[]): FakeContent {
  const content = new FakeContent();
  for (const repository of repositories)
    content.pushTags(
      { repository, platforms: ['linux/amd64'] },
      Array.from({ length: tags }, (_, number) => `t${number}`),
    );
  return content;
}

const all = (registry: Registry, address: RepositoryAddress, count: number) =>
  Promise.all(Array.from({ length: count }, (_, number) => registry.resolve(address, `t${number}`)));

test('many tags of a repository share one ping and one token', async (context) => {
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith(50, 'team/a'),
    access: { kind: 'token' },
  });
  await all(registry, at('team/a'), 50);
  assert.deepEqual(fake.log.counts(), { ping: 1, token: 1, head: 50 });
});

test('a token that dies under fifty requests is renewed once', async (context) => {
  const { fake, registry, at, time } = await localRegistry(context, {
    content: contentWith(50, 'team/a'),
    access: { kind: 'token' },
    switches: { tokenSeconds: undefined },
  });
  await all(registry, at('team/a'), 50);
  // The registry's minute is over; ours is said to be longer.
  fake.set({ tokenSeconds: 3600 });
  time.now += minuteMs;
  fake.log.clear();
  await all(registry, at('team/a'), 50);
  assert.deepEqual(fake.log.counts(), { token: 1, head: 50 });
});

test('a token that the registry forgot early is renewed once, and no request fails', async (context) => {
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith(8, 'team/a'),
    access: { kind: 'token' },
    switches: { tokenSeconds: 60 },
  });
  const shorter = await publicRegistry(context, 'quay.io', { content: contentWith(8, 'team/a') });
  await all(registry, at('team/a'), 8);
  assert.equal(fake.log.counts().token, 1);
  // Tokens of a minute, as the client believes of an answer that says five seconds.
  shorter.fake.set({ tokenSeconds: 5 });
  await all(shorter.registry, shorter.at('team/a'), 8);
  shorter.time.now += 6000;
  shorter.fake.log.clear();
  await all(shorter.registry, shorter.at('team/a'), 8);
  assert.equal(shorter.fake.log.counts().token, 1);
});

for (const [what, switches] of [
  ['in one header', { challenge: 'with-basic-in-one-line' }],
  ['in two headers', { challenge: 'with-basic-in-own-header' }],
] as const satisfies readonly (readonly [string, Partial<Switches>])[])
  test(`of two ways in ${what} the token is taken`, async (context) => {
    const { fake, registry, at } = await localRegistry(context, {
      content: contentWith(1, 'team/a'),
      access: { kind: 'token' },
      switches,
    });
    await registry.resolve(at('team/a'), 't0');
    assert.match(fake.log.all('head')[0]?.authorization ?? '', /^Bearer /);
  });

test('one anonymous token does for all of ghcr.io', async (context) => {
  const { fake, registry, at } = await publicRegistry(context, 'ghcr.io', {
    content: contentWith(2, 'acme/a', 'acme/b'),
  });
  await Promise.all([all(registry, at('acme/a'), 2), all(registry, at('acme/b'), 2)]);
  assert.deepEqual(fake.log.counts(), { ping: 1, token: 1, head: 4 });
  assert.match(fake.log.all('token')[0]?.query['scope'] ?? '', /^repository:acme\/[ab]:pull$/);
});

test('should ghcr.io bind tokens to repositories, each gets its own', async (context) => {
  const { fake, registry, at } = await publicRegistry(context, 'ghcr.io', {
    content: contentWith(2, 'acme/a', 'acme/b'),
    switches: { grants: 'asked' },
  });
  await all(registry, at('acme/a'), 2);
  await all(registry, at('acme/b'), 2);
  await all(registry, at('acme/b'), 2);
  assert.ok((fake.log.counts().token ?? 0) <= 4);
});

test('more than pull is asked for where it is wanted, and from the beginning of the next repository', async (context) => {
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith(2, 'team/a', 'team/b'),
    access: { kind: 'token' },
    switches: { requiredActions: ['pull', 'metadata_read'] },
  });
  await all(registry, at('team/a'), 2);
  fake.log.clear();
  await all(registry, at('team/b'), 2);
  assert.deepEqual(fake.log.counts(), { token: 1, head: 2 });
  assert.equal(fake.log.all('token')[0]?.query['scope'], 'repository:team/b:pull,metadata_read');
});

test('a registry that wants the right to write is not given it', async (context) => {
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith(1, 'team/a'),
    access: { kind: 'token' },
    switches: { requiredActions: ['pull', 'push'] },
  });
  await assert.rejects(registry.resolve(at('team/a'), 't0'), { code: 'unauthorized' });
  assert.deepEqual(
    fake.log.all('token').map(({ query }) => query['scope']),
    ['repository:team/a:pull'],
  );
});

test('a registry that refuses every token is asked twice at most', async (context) => {
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith(1, 'team/a'),
    access: { kind: 'token' },
    switches: { isLocked: true },
  });
  await assert.rejects(registry.resolve(at('team/a'), 't0'), { code: 'unauthorized' });
  assert.ok((fake.log.counts().head ?? 0) <= 2);
});

test('gcr.io says only at /v2/ where its tokens are', async (context) => {
  const { fake, registry, at } = await publicRegistry(context, 'gcr.io', {
    content: contentWith(1, 'distroless/static'),
  });
  await registry.resolve(at('distroless/static'), 't0');
  assert.deepEqual(fake.log.counts(), { ping: 1, token: 1, head: 1 });
});

test('mcr.microsoft.com wants nothing', async (context) => {
  const { fake, registry, at } = await publicRegistry(context, 'mcr.microsoft.com', {
    content: contentWith(3, 'dotnet/sdk'),
    access: { kind: 'open' },
  });
  await all(registry, at('dotnet/sdk'), 3);
  assert.deepEqual(fake.log.counts(), { ping: 1, head: 3 });
});

for (const [what, tokenPost, methods] of [
  ['posted', true, ['POST']],
  ['shown by GET where nobody takes a POST', false, ['POST', 'GET']],
] as const)
  test(`an identity token is ${what}`, async (context) => {
    const { fake, registry, at } = await localRegistry(context, {
      content: contentWith(1, 'team/a'),
      access: { kind: 'token', users: [user], isAnonymousAllowed: false },
      switches: { tokenPost },
      logins: {},
      client: {
        credentials: {
          find: async () => ({ credential: { kind: 'identity', token: user.identityToken }, source: 'the test' }),
        },
      },
    });
    await registry.resolve(at('team/a'), 't0').catch(() => undefined);
    assert.deepEqual(
      fake.log.all('token').map(({ method }) => method),
      methods,
    );
    const [first] = fake.log.all('token');
    assert.equal(first?.form['scope'], 'repository:team/a:pull');
    assert.equal(first?.form['refresh_token'], user.identityToken);
    assert.equal(first?.authorization, undefined);
  });

test('wrong credentials are shown once, however many ask', async (context) => {
  const repositories = Array.from({ length: 20 }, (_, number) => `acme/r${number}`);
  const { fake, registry, at, time } = await publicRegistry(context, 'docker.io', {
    content: contentWith(1, ...repositories),
    access: { kind: 'token', users: [user] },
    logins: { 'docker.io': wrong },
    settings: new Map([
      ['docker.io', { isPrivate: false, isInsecure: false, maxInFlight: 20, requestsPerSecond: 1000 }],
    ]),
  });
  await Promise.all(repositories.map((repository) => registry.resolve(at(repository), 't0')));
  const shown = () => fake.log.all('token').filter(({ authorization }) => authorization === wrongHeader).length;
  assert.equal(shown(), 1);
  assert.deepEqual(registry.faults(), [
    {
      host: 'docker.io',
      message:
        'docker.io refuses the credentials from the test: log in again or remove them; public images are read without them',
    },
  ]);
  time.now += 16 * minuteMs;
  await registry.resolve(at('acme/r0'), 't0');
  assert.equal(shown(), 2);
});

for (const [what, access] of [
  ['a token service', { kind: 'token', users: [user], isAnonymousAllowed: true }],
  ['a registry that wants a password', { kind: 'basic', users: [user] }],
] as const)
  test(`wrong credentials at ${what} of one's own are an error, shown once and not repeated in words`, async (context) => {
    const content = contentWith(20, 'team/a');
    const { fake, registry, at } = await localRegistry(context, {
      content,
      access,
      client: { credentials: { find: async () => ({ credential: wrong, source: '~/.docker/config.json' }) } },
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, number) => registry.resolve(at('team/a'), `t${number}`)),
    );
    for (const outcome of outcomes) {
      assert.equal(outcome.status, 'rejected');
      assert.match(String(outcome.reason), /refuses the credentials from ~\/\.docker\/config\.json/);
      assert.doesNotMatch(String(outcome.reason), /battery|staple/);
    }
    assert.equal(fake.log.all().filter(({ authorization }) => authorization === wrongHeader).length, 1);
  });

for (const [what, credential, status, body] of [
  ['with a long page', login, 401, '<p>'.repeat(100_000)],
  ['as RFC 6749 has it', { kind: 'identity', token: user.identityToken }, 400, '{"error":"invalid_grant"}'],
] as const)
  test(`a token service that refuses ${what} is shown the credentials once`, async (context) => {
    let shown = 0;
    const server = await listen((request, response) => {
      if (request.url?.startsWith('/token') !== true)
        return response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="/token"' }).end();
      shown += 1;
      return response.writeHead(status).end(body);
    });
    context.after(() => server.close());
    const registryHost = `127.0.0.1:${server.port}`;
    const { registry } = await localRegistry(context, {
      settings: new Map([
        [registryHost, { isPrivate: true, isInsecure: true, maxInFlight: 9, requestsPerSecond: 1000 }],
      ]),
      client: { credentials: { find: async () => ({ credential, source: 'the test' }) } },
    });
    const asked = Array.from({ length: 9 }, (_, number) =>
      registry.resolve({ registry: registryHost, repository: `team/r${number}` }, 't'),
    );
    for (const outcome of await Promise.allSettled(asked))
      assert.match(String(outcome.status === 'rejected' && outcome.reason), /refuses the credentials from the test/);
    assert.equal(shown, 1);
  });

test('credentials that may not read one repository still do for others', async (context) => {
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith(1, 'team/a', 'team/b'),
    access: { kind: 'token', users: [user], isAnonymousAllowed: false },
    client: { credentials: { find: async () => ({ credential: login, source: 'the test' }) } },
  });
  await registry.resolve(at('team/a'), 't0');
  fake.fail({ fault: { kind: 'status', status: 403 }, on: ['token'], times: 1 });
  await assert.rejects(registry.resolve(at('team/b'), 't0'), { code: 'unauthorized' });
  await registry.resolve(at('team/b'), 't0');
  assert.deepEqual(registry.faults(), []);
});

test('a token of its own is sent as it is, and never to a token service', async (context) => {
  const { fake, registry, at } = await localRegistry(context, {
    content: contentWith(1, 'team/a'),
    access: { kind: 'token' },
    client: {
      credentials: { find: async () => ({ credential: { kind: 'bearer', token: 'given' }, source: 'the test' }) },
    },
  });
  await assert.rejects(registry.resolve(at('team/a'), 't0'), { code: 'unauthorized' });
  await assert.rejects(registry.resolve(at('team/a'), 't0'), { code: 'unauthorized' });
  assert.deepEqual(
    fake.log.all('head').map(({ authorization }) => authorization),
    ['Bearer given'],
  );
  assert.equal(fake.log.counts().token, undefined);
});

for (const [what, realm] of [
  ['at the metadata address', 'https://169.254.169.254/token'],
  ['on this machine', 'https://localhost/token'],
  ['without https', 'http://auth.example/token'],
  ['with a name in its address', 'https://user:pass@auth.example/token'],
  ['that is none', 'https://['],
] as const)
  test(`a token service ${what} is refused, and nothing is sent to it`, async (context) => {
    const { fake, registry, at } = await publicRegistry(context, 'quay.io', {
      content: contentWith(1, 'team/a'),
      access: { kind: 'token', users: [user] },
      switches: { realm },
      logins: { 'quay.io': login },
    });
    await assert.rejects(registry.resolve(at('team/a'), 't0'), { code: 'refused' });
    assert.deepEqual(fake.log.counts(), { ping: 1 });
  });

test('a refused private address names the setting that allows it', async (context) => {
  const { registry } = await localRegistry(context);
  await assert.rejects(registry.resolve({ registry: '169.254.169.254', repository: 'x' }, 'latest'), {
    code: 'refused',
    message:
      'cannot ask 169.254.169.254: 169.254.169.254 is no public address (linkLocal); to allow it set registries."169.254.169.254".private: true in the organisation\'s policy file',
  });
});

/** A registry that wants a token from a service on another port. */
async function withTokenServer(context: TestContext, isAllowed: boolean) {
  const asked: (string | undefined)[] = [];
  const server = await listen((request, response) => {
    asked.push(request.headers.authorization);
    response.end(JSON.stringify({ token: 'from-elsewhere' }));
  });
  context.after(() => server.close());
  const tokenHost = `127.0.0.1:${server.port}`;
  const subject = await localRegistry(context, {
    content: contentWith(1, 'team/a'),
    access: { kind: 'token', users: [user] },
    switches: { realm: `http://${tokenHost}/token` },
    settings: new Map(isAllowed ? [[tokenHost, { isPrivate: true, isInsecure: false }]] : []),
  });
  return { ...subject, asked, tokenHost };
}

test('a token service on another private host is asked only if that host is allowed itself', async (context) => {
  const refused = await withTokenServer(context, false);
  await assert.rejects(refused.registry.resolve(refused.at('team/a'), 't0'), (error) =>
    String(error).includes(`registries.${JSON.stringify(refused.tokenHost)}.private: true`),
  );
  assert.deepEqual(refused.asked, []);
  const allowed = await withTokenServer(context, true);
  await assert.rejects(allowed.registry.resolve(allowed.at('team/a'), 't0'), { code: 'unauthorized' });
  assert.deepEqual(allowed.asked, [undefined]);
});

test('a registry of the public net cannot send us to a private host, though that host is allowed', async (context) => {
  const inside: (string | undefined)[] = [];
  const server = await listen((request, response) => {
    inside.push(request.url);
    response.end('{"token":"t"}');
  });
  context.after(() => server.close());
  const host = `127.0.0.1:${server.port}`;
  const content = new FakeContent();
  const { configDigest } = content.pushImage({ repository: 'team/a', tag: 't0', image: 'linux/amd64' });
  const settings = new Map([[host, { isPrivate: true, isInsecure: true }]]);
  const message = new RegExp(`set registries\\."quay\\.io"\\.private: true beside that of "${host}"`);
  const realm = await publicRegistry(context, 'quay.io', {
    content,
    settings,
    switches: { realm: `http://${host}/admin` },
  });
  await assert.rejects(realm.registry.resolve(realm.at('team/a'), 't0'), { code: 'refused', message });
  const blob = await publicRegistry(context, 'quay.io', { content, settings });
  blob.fake.fail({ fault: { kind: 'redirect', to: `https://${host}/admin` }, on: ['config'] });
  await assert.rejects(blob.registry.readConfig(blob.at('team/a'), configDigest), { code: 'refused', message });
  assert.deepEqual(inside, []);
});

test('a mirror is shown its own credentials, never those of the host it stands for', async (context) => {
  const content = contentWith(1, 'proxy/library/node');
  const mirror = await localRegistry(context, { content, access: { kind: 'basic', users: [user] } });
  const settings = new Map([
    ['docker.io', { endpoint: `${mirror.fake.origin}/proxy`, isPrivate: true, isInsecure: true }],
  ]);
  const logins = { 'docker.io': wrong, [mirror.fake.host]: login };
  const { registry, lookedUp } = await localRegistry(context, { settings, logins });
  const address = { registry: 'docker.io', repository: 'library/node' };
  await registry.resolve(address, 't0');
  assert.deepEqual((await registry.listTags(address)).tags, [{ tag: 't0' }]);
  assert.deepEqual(new Set(lookedUp.map(({ registry: host }) => host)), new Set([mirror.fake.host]));
  assert.equal(lookedUp[0]?.repository, 'proxy/library/node');
});

test('a mirror without https is refused unless it is set to be insecure', async (context) => {
  const settings = new Map([['docker.io', { endpoint: 'http://harbor.example', isPrivate: false, isInsecure: false }]]);
  const { registry } = await localRegistry(context, { settings });
  await assert.rejects(registry.resolve({ registry: 'docker.io', repository: 'library/node' }, '24'), {
    code: 'refused',
    message: /registries\."docker\.io"\.endpoint/,
  });
});
