import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { connected, refusalOf } from './connected.ts';

const plain = { registry: 'r.example', repository: 'team/app' };
const hub = { registry: 'docker.io', repository: 'acme/app' };
const realm = 'https://r.example/token';
const push = { platforms: ['linux/amd64'] };

for (const [dialect, waitMs, slept] of [
  ['retry-after-seconds', 7000, 7000],
  ['retry-after-date', 7000, 7000],
  ['x-retry-after', 7000, 7000],
  ['none', 0, 1000],
] as const)
  test(`a 429 in the dialect ${dialect} is waited for, and then asked again`, () =>
    connected(async ({ fake, registry, clock }) => {
      fake.content.push({ ...push, repository: 'team/app', tag: '1' });
      fake.fail({ fault: { kind: 'throttle', dialect, waitMs }, on: ['head'], times: 1 });
      await registry.resolve(plain, '1');
      assert.deepEqual(clock.slept, [slept]);
      assert.equal(fake.log.counts().head, 2);
    }));

test('a 429 whose body says how long, as of GHCR, is waited for: an answer to HEAD has none', () =>
  connected(async ({ fake, registry, clock }) => {
    fake.content.push({ ...push, repository: 'team/app', tag: '1' });
    fake.fail({ fault: { kind: 'throttle', dialect: 'ghcr-body', waitMs: 500 }, on: ['list'], times: 1 });
    await registry.listTags(plain);
    assert.deepEqual(clock.slept, [500]);
  }));

test('a long pause is told with its end; nothing more is asked of that host, and others go on', () =>
  connected(async ({ fake, registry, clock }) => {
    fake.content.push({ ...push, repository: 'team/app', tag: '1' });
    fake.content.push({ ...push, repository: 'acme/app', tag: '1' });
    fake.fail({
      fault: { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 3_600_000 },
      repository: 'team/app',
    });
    const { code, retryAt } = await refusalOf(registry.resolve(plain, '1'));
    assert.deepEqual([code, retryAt], ['rate-limited', clock.at + 3_600_000]);
    const asked = fake.log.all().length;
    for (const call of [registry.resolve(plain, '2'), registry.listTags({ ...plain, repository: 'team/other' })])
      assert.equal((await refusalOf(call)).code, 'rate-limited');
    assert.equal(fake.log.all().length, asked);
    await registry.resolve(hub, '1');
  }));

test('fifty looks at a time ask for one token and once for what the host wants; a token that ends is renewed once', () =>
  connected(
    async ({ fake, registry, clock }) => {
      fake.content.push({ ...push, repository: 'team/app', tag: '1' });
      const looks = () => Promise.all(Array.from({ length: 50 }, () => registry.resolve(plain, '1')));
      await looks();
      assert.deepEqual(fake.log.counts(), { ping: 1, token: 1, head: 50 });
      clock.at += 3_600_000;
      await looks();
      assert.deepEqual(fake.log.counts(), { ping: 1, token: 2, head: 100 });
    },
    { fake: { access: { kind: 'token' }, switches: { realm, tokenSeconds: 300 } } },
  ));

test('wrong credentials are shown once in a quarter of an hour; a public host is read without them, and that is told', () =>
  connected(
    async ({ fake, registry, clock }) => {
      fake.content.push({ ...push, repository: 'acme/app', tag: '1' });
      await registry.resolve(hub, '1');
      await registry.resolve(hub, '1');
      const shown = () => fake.log.all('token').filter(({ authorization }) => authorization !== undefined).length;
      assert.equal(shown(), 1);
      assert.match(registry.faults()[0]?.message ?? '', /refuses the credentials from the test/);
      assert.ok(!JSON.stringify(registry.faults()).includes('wrong secret'));
      clock.at += 16 * 60_000;
      await registry.resolve(hub, '1');
      assert.equal(shown(), 2);
    },
    {
      credential: { kind: 'basic', username: 'ann', secret: 'wrong secret' },
      fake: {
        access: { kind: 'token', users: [{ username: 'ann', secret: 'right' }] },
        switches: { realm: 'https://auth.docker.io/token' },
      },
    },
  ));

test('wrong credentials of a private host are unauthorized, for all that is asked there', () =>
  connected(
    async ({ fake, registry }) => {
      const first = await refusalOf(registry.resolve(plain, '1'));
      const second = await refusalOf(registry.resolve(plain, '2'));
      assert.deepEqual([first.code, second.code], ['unauthorized', 'unauthorized']);
      assert.equal(fake.log.counts().token, 1);
      assert.ok(!first.message.includes('wrong secret'));
    },
    {
      credential: { kind: 'basic', username: 'ann', secret: 'wrong secret' },
      fake: { access: { kind: 'token', users: [{ username: 'ann', secret: 'right' }] }, switches: { realm } },
    },
  ));

for (const [fact, switches, reason] of [
  ["on the address of a cloud's metadata", { realm: 'https://169.254.169.254/token' }, /private/],
  ['without https', { realm: 'http://auth.example/token' }, /not https/],
  ['with a name in its address', { realm: 'https://u:p@r.example/token' }, /holds a name/],
] as const)
  test(`a token service ${fact} is refused, and shown nothing`, () =>
    connected(
      async ({ fake, registry }) => {
        const { code, message } = await refusalOf(registry.resolve(plain, '1'));
        assert.equal(code, 'refused', message);
        assert.match(message, reason);
        assert.equal(fake.log.all().filter(({ authorization }) => authorization !== undefined).length, 0);
      },
      {
        credential: { kind: 'basic', username: 'ann', secret: 'secret' },
        fake: { access: { kind: 'token', users: [{ username: 'ann', secret: 'secret' }] }, switches },
      },
    ));

test('a listing whose next page is on another host is refused', () =>
  connected(
    async ({ fake, registry }) => {
      fake.content.pushTags({ ...push, repository: 'team/app' }, ['1', '2', '3']);
      assert.equal((await refusalOf(registry.listTags(plain))).code, 'refused');
    },
    { fake: { switches: { pageSize: 2, link: { next: 'https://evil.example/v2/team/app/tags/list?last=2' } } } },
  ));

test('a listing without end is cut, and told as cut', () =>
  connected(
    async ({ fake, registry }) => {
      fake.content.pushTags({ ...push, repository: 'team/app' }, ['1']);
      assert.equal((await registry.listTags(plain)).extent, 'truncated');
      assert.equal(fake.log.counts().list, 200);
    },
    { fake: { switches: { isEndless: true } } },
  ));

test('a repository without tags has none', () =>
  connected(
    async ({ fake, registry }) => {
      fake.content.pushTags({ ...push, repository: 'team/app' }, ['1']);
      assert.deepEqual(await registry.listTags(plain), { tags: [], extent: 'all' });
    },
    { fake: { switches: { tagsMember: 'null' } } },
  ));

test('Docker Hub lists with dates, newest first, until nothing is new; when its web API fails the registry lists', () =>
  connected(
    async ({ fake, registry }) => {
      const tags = Array.from({ length: 250 }, (_, at) => `1.${at}`);
      fake.content.pushTags({ ...push, repository: 'acme/app' }, tags);
      const all = await registry.listTags(hub);
      assert.deepEqual([all.tags.length, all.extent, fake.log.counts().list], [250, 'all', 3]);
      assert.match(all.tags[0]?.pushedAt ?? '', /^2026-/);
      fake.content.pushTags({ ...push, repository: 'acme/app' }, ['2.0']);
      const news = await registry.listTags(hub, new Set(tags));
      assert.equal(news.extent, 'since-known');
      assert.ok(news.tags.some(({ tag }) => tag === '2.0'));
      assert.equal(fake.log.counts().list, 5);
      fake.fail({ fault: { kind: 'status', status: 403 }, on: ['list'], times: 1 });
      assert.equal((await registry.listTags(hub, new Set(tags))).tags.length, 251);
    },
    { fake: { switches: { webNextOrigin: 'https://hub.docker.com' } } },
  ));

for (const [kind, on, code] of [
  ['other-bytes', 'manifest', 'malformed'],
  ['endless', 'manifest', 'malformed'],
  ['bomb', 'manifest', 'malformed'],
  ['truncated', 'manifest', 'unavailable'],
] as const)
  test(`a manifest that comes as ${kind} is ${code}, and not kept`, () =>
    connected(async ({ fake, registry }) => {
      const { digest } = fake.content.push({ ...push, repository: 'team/app', tag: '1' });
      fake.fail({ fault: { kind }, on: [on] });
      assert.equal((await refusalOf(registry.readManifest(plain, digest))).code, code);
      fake.heal();
      assert.equal((await registry.readManifest(plain, digest)).digest, digest);
    }));

test('what was read by digest is not asked for again, by another process either; a damaged copy is read anew', () =>
  connected(async ({ fake, registry, another, folder }) => {
    const { digest } = fake.content.push({ ...push, repository: 'team/app', tag: '1' });
    const read = await registry.readManifest(plain, digest);
    assert.deepEqual(await another().readManifest(plain, digest), read);
    assert.equal(fake.log.counts().manifest, 1);
    const [file] = (await readdir(join(folder, 'sha256'), { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    await writeFile(join(file?.parentPath ?? '', file?.name ?? ''), '{}');
    assert.deepEqual(await another().readManifest(plain, digest), read);
    assert.equal(fake.log.counts().manifest, 2);
  }));

test('a digest that is missing is remembered for a day', () =>
  connected(async ({ fake, registry, clock }) => {
    fake.content.push({ ...push, repository: 'team/app', tag: '1' });
    const missing = `sha256:${'0'.repeat(64)}`;
    for (const asked of [1, 1]) {
      assert.equal((await refusalOf(registry.readManifest(plain, missing))).code, 'not-found');
      assert.equal(fake.log.counts().manifest, asked);
    }
    clock.at += 25 * 3_600_000;
    assert.equal((await refusalOf(registry.readManifest(plain, missing))).code, 'not-found');
    assert.equal(fake.log.counts().manifest, 2);
  }));

test('the last fifth of the pulls is kept: contents are over the budget, and looking at tags goes on', () =>
  connected(
    async ({ fake, registry }) => {
      const digests = Array.from(
        { length: 10 },
        (_, at) => fake.content.push({ ...push, repository: 'acme/app', tag: `1.${at}` }).digest,
      );
      const outcomes: string[] = [];
      for (const digest of digests)
        outcomes.push(
          await registry.readManifest(hub, digest).then(
            () => 'read',
            (error) => String(error.code),
          ),
        );
      assert.deepEqual(outcomes, [...Array(8).fill('read'), 'over-budget', 'over-budget']);
      await registry.resolve(hub, '1.0');
      assert.deepEqual(
        registry.budgets().map(({ limit, remaining, reserve }) => [limit, remaining, reserve]),
        [[10, 2, 2]],
      );
    },
    { fake: { switches: { pullLimit: { limit: 10, windowSeconds: 21_600 } } } },
  ));

test("a publisher's badge is kept for a week, and a failed look is no badge", () =>
  connected(async ({ fake, registry, clock }) => {
    fake.content.publishers.set('acme', { badge: 'verified_publisher', name: 'Acme' });
    assert.deepEqual(await registry.findPublisher({ ...hub, repository: 'library/node' }), {
      badge: 'official',
      checkedAt: clock.at,
    });
    assert.equal((await registry.findPublisher(hub))?.badge, 'verified-publisher');
    assert.equal((await registry.findPublisher(hub))?.name, 'Acme');
    assert.equal(fake.log.counts().publisher, 1);
    clock.at += 8 * 86_400_000;
    fake.fail({ fault: { kind: 'status', status: 500 }, on: ['publisher'] });
    assert.equal((await refusalOf(registry.findPublisher(hub))).code, 'unavailable');
    fake.heal();
    assert.equal((await registry.findPublisher({ ...hub, repository: 'nobody/app' }))?.badge, 'none');
    assert.equal(await registry.findPublisher(plain), undefined);
  }));
