import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { sha256 } from '../../../src/adapters/registry/content-cache.ts';
import { manifestTypes } from '../../../src/domain/image/parse-manifest.ts';
import { FakeContent } from '../../fakes/registry/content.ts';
import { startFakeRegistry } from '../../fakes/registry/fake-registry.ts';
import { listen } from '../http/loopback.ts';
import { localRegistry, publicRegistry } from './with-registry.ts';

const repository = 'team/app';
const dayMs = 86_400_000;

function filled() {
  const content = new FakeContent();
  const index = content.push({
    repository,
    tag: '1.0',
    platforms: ['linux/amd64', 'linux/arm64/v8'],
    attestations: 'a',
  });
  const image = content.pushImage({ repository, tag: 'single', image: 'linux/amd64' });
  return { content, index, image };
}

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'basekeeper-'));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('every manifest is asked for with the same four types', async (context) => {
  const { content, index } = filled();
  const { fake, registry, at } = await localRegistry(context, { content, switches: { digestHeader: 'missing' } });
  await registry.resolve(at(repository), '1.0');
  await registry.readManifest(at(repository), index.digest);
  const accepted = [...fake.log.all('head'), ...fake.log.all('manifest')].map(({ accept }) => accept);
  assert.deepEqual(new Set(accepted), new Set([manifestTypes.join(', ')]));
  assert.equal(manifestTypes.length, 4);
});

for (const [what, switches] of [
  ['says no digest', { digestHeader: 'missing' }],
  ['allows no HEAD', { headManifests: 'not-allowed' }],
  ['finds nothing by HEAD', { headManifests: 'not-found' }],
] as const)
  test(`where HEAD ${what} the bytes of a GET are hashed, and counted as a manifest`, async (context) => {
    const { content, index } = filled();
    const { fake, registry, at } = await localRegistry(context, { content, switches });
    assert.equal((await registry.resolve(at(repository), '1.0')).digest, index.digest);
    assert.deepEqual(registry.requests().get(fake.host), { ping: 1, head: 1, manifest: 1 });
  });

test('bytes that are not those of the header are refused', async (context) => {
  const { content, index } = filled();
  const { fake, registry, at } = await localRegistry(context, { content, switches: { headManifests: 'not-allowed' } });
  fake.set({ digestHeader: 'wrong' });
  await assert.rejects(registry.resolve(at(repository), '1.0'), { code: 'malformed' });
  await assert.rejects(registry.readManifest(at(repository), index.digest), { code: 'malformed' });
});

for (const headManifests of ['answered', 'not-allowed'] as const)
  test(`another digest than the one asked for is refused (HEAD ${headManifests})`, async (context) => {
    const { content, index } = filled();
    const { fake, registry, at } = await localRegistry(context, { content, switches: { headManifests } });
    const resolve = () => registry.resolve(at(repository), index.digest);
    assert.equal((await resolve()).digest, index.digest);
    if (headManifests === 'answered') fake.set({ digestHeader: 'wrong' });
    else {
      fake.set({ digestHeader: 'missing' });
      fake.fail({ fault: { kind: 'other-bytes' }, on: ['manifest'] });
    }
    await assert.rejects(resolve(), { code: 'malformed', message: /another digest is answered, sha256:/ });
  });

for (const on of ['manifest', 'config'] as const)
  test(`a ${on} whose bytes do not match its digest is refused, and not kept`, async (context) => {
    const { content, image } = filled();
    const cacheFolder = await temporaryFolder(context);
    const { fake, registry, at } = await localRegistry(context, { content, client: { cacheFolder } });
    const read = () =>
      on === 'manifest'
        ? registry.readManifest(at(repository), image.digest)
        : registry.readConfig(at(repository), image.configDigest);
    fake.fail({ fault: { kind: 'other-bytes' }, on: [on], times: 1 });
    await assert.rejects(read(), { code: 'malformed' });
    assert.deepEqual(await filesIn(cacheFolder), []);
    await read();
  });

for (const [what, fault] of [
  ['endless', { kind: 'endless' }],
  ['a page of HTML', { kind: 'status', status: 200, body: 'html' }],
] as const)
  test(`a manifest that is ${what} is malformed`, async (context) => {
    const { content, index } = filled();
    const { fake, registry, at } = await localRegistry(context, { content, switches: { digestHeader: 'missing' } });
    fake.fail({ fault, on: ['manifest'] });
    await assert.rejects(registry.readManifest(at(repository), index.digest), { code: 'malformed' });
    await assert.rejects(registry.resolve(at(repository), '1.0'), { code: 'malformed' });
  });

for (const [type, body, outcome] of [
  ['text/html', '<html>', 'malformed'],
  ['application/json', '{"manifests":[]}', 'read'],
] as const)
  test(`a digest that HEAD tells of ${type} is believed only of a manifest: ${outcome}`, async (context) => {
    const asked: (string | undefined)[] = [];
    const server = await listen((request, response) => {
      if (request.url === '/v2/') return response.end('{}');
      asked.push(request.method);
      if (request.method === 'HEAD') response.setHeader('Docker-Content-Digest', `sha256:${'1'.repeat(64)}`);
      return response.setHeader('Content-Type', type).end(body);
    });
    context.after(() => server.close());
    const registryHost = `127.0.0.1:${server.port}`;
    const settings = new Map([[registryHost, { isPrivate: true, isInsecure: true }]]);
    const { registry } = await localRegistry(context, { settings });
    const resolved = registry.resolve({ registry: registryHost, repository }, '1.0');
    if (outcome === 'malformed') await assert.rejects(resolved, { code: 'malformed' });
    else assert.equal((await resolved).digest, sha256(Buffer.from(body)));
    assert.deepEqual(asked, ['HEAD', 'GET']);
  });

test('schema 1 is told as obsolete, by HEAD and by GET', async (context) => {
  const server = await listen((request, response) => {
    if (request.url === '/v2/') return response.end('{}');
    response.setHeader('Content-Type', 'application/vnd.docker.distribution.manifest.v1+prettyjws');
    if (request.url?.includes('head') === true) response.setHeader('Docker-Content-Digest', `sha256:${'1'.repeat(64)}`);
    return response.end(request.method === 'HEAD' ? undefined : '{"schemaVersion":1}');
  });
  context.after(() => server.close());
  const registryHost = `127.0.0.1:${server.port}`;
  const settings = new Map([[registryHost, { isPrivate: true, isInsecure: true }]]);
  const { registry } = await localRegistry(context, { settings });
  for (const tag of ['head', 'get'])
    await assert.rejects(registry.resolve({ registry: registryHost, repository: 'old/app' }, tag), {
      code: 'malformed',
      message: `cannot resolve ${registryHost}/old/app:${tag}: it has an obsolete format (schema 1)`,
    });
});

test('a digest of another kind is not asked for', async (context) => {
  const { fake, registry, at } = await localRegistry(context);
  await assert.rejects(registry.readManifest(at(repository), `sha512:${'0'.repeat(128)}`), { code: 'malformed' });
  await assert.rejects(registry.readConfig(at(repository), '../../secret'), { code: 'malformed' });
  assert.deepEqual(fake.log.all(), []);
});

test('what is read at the same time is asked for once', async (context) => {
  const { content, index } = filled();
  const { registry, fake, at } = await localRegistry(context, { content });
  await Promise.all([1, 2, 3].map(() => registry.readManifest(at(repository), index.digest)));
  assert.equal(fake.log.counts().manifest, 1);
});

test('content by digest is kept for ever, also for the next process; tags are asked for each time', async (context) => {
  const { content, index, image } = filled();
  const cacheFolder = await temporaryFolder(context);
  const first = await localRegistry(context, { content, client: { cacheFolder } });
  const read = async ({ registry, at }: typeof first) => [
    await registry.resolve(at(repository), '1.0'),
    await registry.readManifest(at(repository), index.digest),
    await registry.readConfig(at(repository), image.configDigest),
  ];
  const expected = await read(first);
  const second = await localRegistry(context, { content, client: { cacheFolder } });
  second.time.now += 400 * dayMs;
  assert.deepEqual(await read(second), expected);
  assert.deepEqual(second.fake.log.counts(), { ping: 1, head: 1 });
  assert.equal(second.registry.requests().get(second.fake.host)?.cached, 2);
});

test('a damaged file of the cache is read anew', async (context) => {
  const { content, index } = filled();
  const cacheFolder = await temporaryFolder(context);
  const { fake, registry, at } = await localRegistry(context, { content, client: { cacheFolder } });
  const good = await registry.readManifest(at(repository), index.digest);
  const [file = ''] = await filesIn(cacheFolder);
  await writeFile(file, '{"schemaVersion":2,"manifests":[]}');
  assert.deepEqual(await registry.readManifest(at(repository), index.digest), good);
  assert.equal(fake.log.counts().manifest, 2);
  assert.deepEqual(await registry.readManifest(at(repository), index.digest), good);
  assert.equal(fake.log.counts().manifest, 2);
});

test('the cache keeps within its size: what was not used for longest goes', async (context) => {
  const content = new FakeContent();
  const pushed = ['a', 'b', 'c', 'd'].map((tag) => content.pushImage({ repository, tag, image: 'linux/amd64' }));
  const cacheFolder = await temporaryFolder(context);
  const { registry, fake, at, time } = await localRegistry(context, {
    content,
    client: { cacheFolder, maxCacheBytes: 1800 },
  });
  for (const { digest } of pushed) {
    await registry.readManifest(at(repository), digest);
    time.now += 1000;
    for (const file of await filesIn(cacheFolder)) {
      // Written by the real clock, used by the test's.
      const { mtimeMs } = await stat(file);
      if (mtimeMs > time.now) await utimes(file, time.now / 1000, time.now / 1000);
    }
  }
  const sizes = await Promise.all((await filesIn(cacheFolder)).map(async (file) => (await stat(file)).size));
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 1800, String(sizes));
  fake.log.clear();
  await registry.readManifest(at(repository), pushed[3]?.digest ?? '');
  assert.deepEqual(fake.log.counts(), {});
});

test('a cache that cannot be written is none', async (context) => {
  const { content, index } = filled();
  const file = join(await temporaryFolder(context), 'file');
  await writeFile(file, '');
  const { registry, at } = await localRegistry(context, { content, client: { cacheFolder: file } });
  assert.equal((await registry.readManifest(at(repository), index.digest)).kind, 'index');
});

test('what is missing is asked for once a day', async (context) => {
  const missing = `sha256:${'0'.repeat(64)}`;
  const cacheFolder = await temporaryFolder(context);
  const { content } = filled();
  const { fake, registry, at, time } = await localRegistry(context, { content, client: { cacheFolder } });
  const read = () => assert.rejects(registry.readManifest(at(repository), missing), { code: 'not-found' });
  await read();
  time.now += dayMs - 10_000;
  await read();
  assert.equal(fake.log.counts().manifest, 1);
  time.now += 20_000;
  await read();
  assert.equal(fake.log.counts().manifest, 2);
});

test('what is private today can be read after a login tomorrow', async (context) => {
  const { content, index } = filled();
  const user = { username: 'ann', secret: 'pass' };
  const access = { kind: 'token', users: [user], isPrivate: () => true } as const;
  const cacheFolder = await temporaryFolder(context);
  const before = await publicRegistry(context, 'docker.io', { content, access, client: { cacheFolder } });
  await assert.rejects(before.registry.readManifest(before.at(repository), index.digest), {
    code: 'not-found',
    message: /missing or private/,
  });
  const logins = { 'docker.io': { kind: 'basic', ...user } } as const;
  const after = await publicRegistry(context, 'docker.io', { content, access, logins, client: { cacheFolder } });
  assert.equal((await after.registry.readManifest(after.at(repository), index.digest)).kind, 'index');
});

test('a blob is fetched from where it lies, without credentials', async (context) => {
  const { content, image } = filled();
  const store = await startFakeRegistry({ content });
  context.after(() => store.close());
  const user = { username: 'ann', secret: 'pass' };
  const { registry, at } = await localRegistry(context, {
    content,
    access: { kind: 'basic', users: [user] },
    switches: { blobRedirect: store.origin },
    settings: new Map([[store.host, { isPrivate: true, isInsecure: false }]]),
    client: { credentials: { find: async () => ({ credential: { kind: 'basic', ...user }, source: 'the test' }) } },
  });
  assert.equal((await registry.readConfig(at(repository), image.configDigest)).platform.os, 'linux');
  assert.deepEqual(
    store.log.all().map(({ authorization }) => authorization),
    [undefined],
  );
});

test('a blob on a private host that is not allowed is refused, and its signature not told', async (context) => {
  const { content, image } = filled();
  const store = await startFakeRegistry({ content });
  context.after(() => store.close());
  const { registry, at } = await localRegistry(context, { content, switches: { blobRedirect: store.origin } });
  const failure = await registry
    .readConfig(at(repository), image.configDigest)
    .catch((error: unknown) => String(error));
  assert.match(String(failure), new RegExp(`registries\\."${store.host}"\\.private: true`));
  assert.doesNotMatch(String(failure), /signature/);
  assert.deepEqual(store.log.all(), []);
});

for (const to of [
  'https://169.254.169.254/latest/meta-data',
  'http://cdn.example/blob',
  'https://a:b@cdn.example/',
  'ftp://x/',
])
  test(`a blob is not followed to ${to}`, async (context) => {
    const { content, image } = filled();
    const { fake, registry, at } = await publicRegistry(context, 'quay.io', { content });
    fake.fail({ fault: { kind: 'redirect', to }, on: ['config'] });
    await assert.rejects(registry.readConfig(at(repository), image.configDigest), { code: 'refused' });
  });

test('a blob that is sent round and round is given up', async (context) => {
  const { content, image } = filled();
  const { fake, registry, at } = await localRegistry(context, { content });
  fake.fail({ fault: { kind: 'redirect', to: `/v2/${repository}/blobs/${image.configDigest}` }, on: ['config'] });
  await assert.rejects(registry.readConfig(at(repository), image.configDigest), { code: 'refused' });
  assert.equal(fake.log.counts().config, 6);
});

test('a manifest that lies elsewhere is refused', async (context) => {
  const { content } = filled();
  const { fake, registry, at } = await localRegistry(context, { content });
  fake.fail({ fault: { kind: 'redirect', to: '/elsewhere' }, on: ['head'] });
  await assert.rejects(registry.resolve(at(repository), '1.0'), { code: 'refused' });
  assert.deepEqual(fake.log.counts(), { ping: 1, head: 1 });
});

test('registry.k8s.io is a signpost: what it points to is followed', async (context) => {
  const { content, index } = filled();
  const target = await publicRegistry(context, 'gcr.io', { content, access: { kind: 'open' } });
  const signpost = await listen((request, response) =>
    response.writeHead(request.url === '/v2/' ? 200 : 307, { Location: `https://gcr.io${request.url}` }).end(),
  );
  context.after(() => signpost.close());
  const origins = new Map([
    ['https://registry.k8s.io', `http://127.0.0.1:${signpost.port}`],
    ['https://gcr.io', target.fake.origin],
  ]);
  const { registry } = await localRegistry(context, { client: { http: createHttpClient({ origins }) } });
  const { digest } = await registry.resolve({ registry: 'registry.k8s.io', repository }, '1.0');
  assert.equal(digest, index.digest);
});
