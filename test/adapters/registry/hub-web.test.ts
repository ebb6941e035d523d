import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FakeContent } from '../../fakes/registry/content.ts';
import { publicRegistry } from './with-registry.ts';

const repository = 'library/node';
const dayMs = 86_400_000;

function contentWith(count: number): FakeContent {
  const content = new FakeContent();
  const tags = Array.from({ length: count }, (_, number) => `t${number}`);
  content.pushTags({ repository, platforms: ['linux/amd64'] }, tags);
  return content;
}

test("Docker Hub's tags come with their push dates and without digests, newest first", async (context) => {
  const content = new FakeContent();
  for (const [tag, day] of [
    ['old', 1],
    ['new', 2],
  ] as const)
    content.push({ repository, tag, platforms: ['linux/amd64'], pushedAt: Date.UTC(2026, 5, day) });
  const { fake, registry, at } = await publicRegistry(context, 'docker.io', { content });
  assert.deepEqual(await registry.listTags(at(repository)), {
    tags: [
      { tag: 'new', pushedAt: '2026-06-02T00:00:00Z' },
      { tag: 'old', pushedAt: '2026-06-01T00:00:00Z' },
    ],
    extent: 'all',
  });
  assert.deepEqual(fake.log.counts(), { list: 1 });
});

test('all pages are read at first; later those with something new', async (context) => {
  const content = contentWith(250);
  const { fake, registry, at } = await publicRegistry(context, 'docker.io', { content });
  const first = await registry.listTags(at(repository));
  assert.deepEqual([first.tags.length, first.extent, fake.log.counts().list], [250, 'all', 3]);
  const known = new Set(first.tags.map(({ tag }) => tag));
  fake.log.clear();
  const same = await registry.listTags(at(repository), known);
  assert.deepEqual([same.extent, fake.log.counts().list], ['since-known', 1]);
  content.push({ repository, tag: 'brand-new', platforms: ['linux/amd64'] });
  fake.log.clear();
  const more = await registry.listTags(at(repository), known);
  assert.equal(more.tags[0]?.tag, 'brand-new');
  assert.deepEqual([more.extent, fake.log.counts().list], ['since-known', 2]);
});

test('what the web API leaves empty is absent', async (context) => {
  const { registry, at } = await publicRegistry(context, 'docker.io', {
    content: contentWith(1),
    switches: { webNulls: true },
  });
  assert.deepEqual((await registry.listTags(at(repository))).tags, [{ tag: 't0' }]);
});

for (const [what, fault] of [
  ['out of order', { kind: 'status', status: 400 }],
  ['saying something else', { kind: 'status', status: 200 }],
  ['asking to wait long', { kind: 'throttle', dialect: 'x-retry-after', waitMs: 600_000 }],
] as const)
  test(`a web API that is ${what} is replaced by the registry's own list`, async (context) => {
    const { fake, registry, at } = await publicRegistry(context, 'docker.io', { content: contentWith(2) });
    fake.fail({ fault, on: ['list'], times: 1 });
    const { tags, extent } = await registry.listTags(at(repository));
    assert.deepEqual([tags, extent], [[{ tag: 't0' }, { tag: 't1' }], 'all']);
  });

test('a next page on another host is not asked: the registry lists instead', async (context) => {
  const { registry, at, fake } = await publicRegistry(context, 'docker.io', {
    content: contentWith(150),
    switches: { webNextOrigin: 'https://elsewhere.example' },
  });
  assert.equal((await registry.listTags(at(repository))).tags.length, 150);
  assert.ok(fake.log.lines().some((line) => line.startsWith(`GET /v2/${repository}/tags/list`)));
});

test('what the web API does not know is missing or private, and a login lists it at the registry', async (context) => {
  const content = new FakeContent();
  content.pushTags({ repository: 'acme/secret', platforms: ['linux/amd64'] }, ['1.0']);
  const user = { username: 'ann', secret: 'pass' };
  const access = { kind: 'token', users: [user], isPrivate: (name: string) => name === 'acme/secret' } as const;
  const anonymous = await publicRegistry(context, 'docker.io', { content, access });
  anonymous.fake.fail({ fault: { kind: 'status', status: 404 }, on: ['list'], times: 1 });
  await assert.rejects(anonymous.registry.listTags(anonymous.at('acme/secret')), {
    code: 'not-found',
    message: /^cannot list tags of docker\.io\/acme\/secret: it is missing or private/,
  });
  const known = await publicRegistry(context, 'docker.io', {
    content,
    access,
    logins: { 'docker.io': { kind: 'basic', ...user } },
  });
  known.fake.fail({ fault: { kind: 'status', status: 404 }, on: ['list'], times: 1 });
  assert.deepEqual((await known.registry.listTags(known.at('acme/secret'))).tags, [{ tag: '1.0' }]);
});

test('credentials are never shown to the web API', async (context) => {
  const user = { username: 'ann', secret: 'pass' };
  const { fake, registry, at } = await publicRegistry(context, 'docker.io', {
    content: contentWith(1),
    access: { kind: 'token', users: [user] },
    logins: { 'docker.io': { kind: 'basic', ...user } },
  });
  await registry.listTags(at(repository));
  await registry.findPublisher(at('bitnami/redis'));
  for (const { authorization, path } of fake.log.all()) assert.equal(authorization, undefined, path);
});

test('publishers have a badge or none; official images need no asking', async (context) => {
  const content = new FakeContent();
  content.publishers.set('bitnami', { badge: 'verified_publisher', name: 'Bitnami' });
  content.publishers.set('jenkins', { badge: 'open_source', name: 'Jenkins' });
  content.publishers.set('acme', { badge: 'verified_publisher_soon', name: 'Acme' });
  const { fake, registry, at, time } = await publicRegistry(context, 'docker.io', { content });
  for (const [name, expected] of [
    ['library/node', { badge: 'official' }],
    ['bitnami/redis', { badge: 'verified-publisher', name: 'Bitnami' }],
    ['jenkins/jenkins', { badge: 'sponsored-open-source', name: 'Jenkins' }],
    ['acme/base', { badge: 'none', name: 'Acme' }],
    ['somebody/app', { badge: 'none' }],
  ] as const)
    assert.deepEqual(await registry.findPublisher(at(name)), { ...expected, checkedAt: time.now });
  assert.equal(fake.log.counts().publisher, 4);
  assert.equal(await registry.findPublisher({ registry: 'ghcr.io', repository: 'acme/base' }), undefined);
});

test('a publisher that cannot be looked up is an error, and no answer', async (context) => {
  const { fake, registry, at } = await publicRegistry(context, 'docker.io', {});
  for (const fault of [
    { kind: 'status', status: 403 },
    { kind: 'status', status: 200, body: 'html' },
  ] as const) {
    fake.fail({ fault, on: ['publisher'], times: 1 });
    await assert.rejects(registry.findPublisher(at('bitnami/redis')), { name: 'RegistryError' });
  }
});

test('a publisher is looked up once a week', async (context) => {
  const cacheFolder = await mkdtemp(join(tmpdir(), 'basekeeper-'));
  context.after(() => rm(cacheFolder, { recursive: true }));
  const { fake, registry, at, time } = await publicRegistry(context, 'docker.io', { client: { cacheFolder } });
  await registry.findPublisher(at('bitnami/redis'));
  time.now += 6 * dayMs;
  await registry.findPublisher(at('bitnami/kafka'));
  assert.equal(fake.log.counts().publisher, 1);
  time.now += 2 * dayMs;
  await registry.findPublisher(at('bitnami/redis'));
  assert.equal(fake.log.counts().publisher, 2);
});
