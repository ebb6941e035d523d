import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { mediaTypes } from './build-image.ts';
import { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from './fake-registry.ts';
import type { Fault } from './faults.ts';

const everyType = Object.values(mediaTypes)
  .flatMap(({ index, manifest }) => [index, manifest])
  .join(', ');
const platforms = ['linux/amd64', 'linux/arm64/v8'];
const node = { repository: 'library/node', tag: '24', platforms };

/** A server for one test, and one GET from it. */
async function withRegistry(
  options: FakeRegistryOptions,
  run: (registry: FakeRegistry, get: (path: string, init?: RequestInit) => Promise<Response>) => Promise<void>,
): Promise<void> {
  const registry = await startFakeRegistry(options);
  try {
    await run(registry, (path, init) =>
      fetch(new URL(path, registry.origin), {
        redirect: 'manual',
        ...init,
        headers: { accept: everyType, ...init?.headers },
      }),
    );
  } finally {
    await registry.close();
  }
}

function sha256(bytes: ArrayBuffer): string {
  return `sha256:${createHash('sha256').update(Buffer.from(bytes)).digest('hex')}`;
}

test('bytes match their digests: index, manifests, configs, layers', () =>
  withRegistry({}, async (registry, get) => {
    const { digest, children } = registry.content.push({ ...node, attestations: 'first' });
    const digests = [digest, ...[...children.values()].map((child) => child.digest)];
    for (const wanted of digests)
      assert.equal(sha256(await (await get(`/v2/library/node/manifests/${wanted}`)).arrayBuffer()), wanted);
    for (const { configDigest, layerDigests } of children.values())
      for (const wanted of [configDigest, ...layerDigests])
        assert.equal(sha256(await (await get(`/v2/library/node/blobs/${wanted}`)).arrayBuffer()), wanted);
  }));

test('the same push makes the same digest, another build another one, other attestations only another index', () =>
  withRegistry({}, async ({ content }) => {
    const first = content.push({ ...node, attestations: 'first' });
    assert.deepEqual(content.push({ ...node, attestations: 'first' }), first);
    const attested = content.push({ ...node, attestations: 'second' });
    assert.notEqual(attested.digest, first.digest);
    assert.deepEqual(attested.children, first.children);
    const rebuilt = content.push({ ...node, attestations: 'first', build: '2' });
    assert.notEqual(rebuilt.digest, first.digest);
    assert.notDeepEqual(rebuilt.children, first.children);
  }));

test('a moved tag leaves its old digest readable, a deleted one does not', () =>
  withRegistry({}, async ({ content }, get) => {
    const old = content.push(node).digest;
    const moved = content.push({ ...node, build: '2' }).digest;
    const head = await get('/v2/library/node/manifests/24', { method: 'HEAD' });
    assert.equal(head.headers.get('docker-content-digest'), moved);
    assert.equal((await get(`/v2/library/node/manifests/${old}`)).status, 200);
    content.delete('library/node', moved);
    assert.equal((await get('/v2/library/node/manifests/24')).status, 404);
  }));

for (const [format, accept, expected] of [
  ['docker', mediaTypes.docker.manifest, 'the amd64 image'],
  ['docker', everyType, 'the index'],
  ['oci', mediaTypes.oci.manifest, 404],
  ['oci', everyType, 'the index'],
] as const)
  test(`a ${format} index asked for as ${accept.slice(0, 60)} is ${expected}`, () =>
    withRegistry({}, async ({ content }, get) => {
      const { digest, children } = content.push({ ...node, format });
      const answer = await get('/v2/library/node/manifests/24', { headers: { accept } });
      if (expected === 404) assert.equal(answer.status, 404);
      else
        assert.equal(
          answer.headers.get('docker-content-digest'),
          expected === 'the index' ? digest : children.get('linux/amd64')?.digest,
        );
    }));

for (const link of ['path', 'relative', 'absolute'] as const)
  test(`a listing is read to its end by ${link} links`, () =>
    withRegistry({ switches: { link, pageSize: 3 } }, async ({ content }, get) => {
      const tags = Array.from({ length: 8 }, (_, place) => `tag-${place}`);
      content.pushTags({ repository: 'a/b', platforms }, tags);
      const read: string[] = [];
      for (let next: string | undefined = '/v2/a/b/tags/list?n=5'; next !== undefined; ) {
        const answer = await get(next);
        read.push(...((await answer.json()) as { tags: string[] }).tags);
        const target = /<([^>]*)>/.exec(answer.headers.get('link') ?? '')?.[1];
        next = target === undefined ? undefined : new URL(target, answer.url).href;
      }
      assert.deepEqual(read, tags);
    }));

test('tokens are per scope, and expire by the clock', () => {
  let now = 1_000_000;
  return withRegistry({ access: { kind: 'token' }, now: () => now }, async ({ content, log }, get) => {
    content.push(node);
    const refused = await get('/v2/library/node/manifests/24', { method: 'HEAD' });
    assert.match(refused.headers.get('www-authenticate') ?? '', /scope="repository:library\/node:pull"/);
    const { token } = (await (await get('/token?scope=repository:library/node:pull')).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await get('/v2/library/node/manifests/24', { headers })).status, 200);
    assert.match((await get('/v2/a/b/tags/list', { headers })).headers.get('www-authenticate') ?? '', /insufficient/);
    now += 300_000;
    assert.equal((await get('/v2/library/node/manifests/24', { headers })).status, 401);
    assert.deepEqual(log.counts(), { head: 1, token: 1, manifest: 2, list: 1 });
  });
});

test('a private repository is for users, by basic credentials and by identity token', () =>
  withRegistry(
    {
      access: {
        kind: 'token',
        users: [{ username: 'ann', secret: 'pass', identityToken: 'identity' }],
        isPrivate: (repository) => repository === 'secret/base',
      },
    },
    async ({ content }, get) => {
      content.push({ ...node, repository: 'secret/base' });
      const scope = 'repository:secret/base:pull';
      const basic = { authorization: `Basic ${Buffer.from('ann:pass').toString('base64')}` };
      const body = new URLSearchParams({ grant_type: 'refresh_token', scope, refresh_token: 'identity' });
      for (const [answer, status] of [
        [await get(`/token?scope=${scope}`), 401],
        [await get(`/token?scope=${scope}`, { headers: basic }), 200],
        [await get('/token', { method: 'POST', body }), 200],
      ] as const) {
        const { access_token } = (await answer.json()) as { access_token: string };
        const headers = { authorization: `Bearer ${access_token}` };
        assert.equal((await get('/v2/secret/base/tags/list', { headers })).status, status);
      }
    },
  ));

test('pulls are counted by GET, not by HEAD, and end with 429', () =>
  withRegistry({ switches: { pullLimit: { limit: 1, windowSeconds: 21_600 } } }, async (registry, get) => {
    registry.content.push(node);
    const ask = async (method: string): Promise<string> => {
      const { status, headers } = await get('/v2/library/node/manifests/24', { method });
      return `${status} ${headers.get('ratelimit-remaining')}`;
    };
    assert.equal(await ask('HEAD'), '200 1;w=21600');
    assert.equal(await ask('GET'), '200 0;w=21600');
    assert.equal(await ask('GET'), '429 0;w=21600');
    assert.equal(await ask('HEAD'), '200 0;w=21600');
    registry.resetPulls();
    assert.equal(await ask('GET'), '200 0;w=21600');
  }));

test('the web API lists newest first, as of an instant, with an absolute next', () =>
  withRegistry({}, async (registry, get) => {
    const { content, origin } = registry;
    const old = content.push({ ...node, pushedAt: Date.UTC(2026, 0, 1) });
    content.push({ ...node, tag: '25', pushedAt: Date.UTC(2026, 1, 1) });
    content.push({ ...node, build: '2', pushedAt: Date.UTC(2026, 2, 1) });
    type Page = { next: string | null; results: { name: string; digest: string | null; tag_last_pushed: string }[] };
    const path = '/v2/namespaces/library/repositories/node/tags?page_size=1';
    const page = async (from: string): Promise<Page> => (await (await get(from)).json()) as Page;
    const first = await page(path);
    assert.equal(first.next, `${origin}/v2/namespaces/library/repositories/node/tags?page_size=1&page=2`);
    assert.deepEqual(
      first.results.map(({ name, tag_last_pushed }) => `${name} ${tag_last_pushed}`),
      ['24 2026-03-01T00:00:00Z'],
    );
    registry.set({ webAsOf: Date.UTC(2026, 0, 15) });
    const behind = await page(path);
    assert.deepEqual(
      behind.results.map(({ name, digest }) => [name, digest]),
      [['24', old.digest]],
    );
    registry.set({ webNulls: true });
    assert.equal((await page(path)).results[0]?.digest, null);
  }));

for (const [dialect, waitMs, said] of [
  ['retry-after-seconds', 2000, { 'retry-after': '2' }],
  ['retry-after-date', 2000, { 'retry-after': 'Thu, 01 Jan 1970 00:16:42 GMT' }],
  ['x-retry-after', 2000, { 'x-retry-after': '1002' }],
  ['ghcr-body', 0.331, /retry-after: 331µs, allowed: 44000\/minute/],
  ['hub-body', 0, /^Too Many Requests$/],
  ['none', 0, {}],
] as const)
  test(`429 is said by ${dialect}, as often as wanted`, () =>
    withRegistry({ now: () => 1_000_000 }, async (registry, get) => {
      registry.content.push(node);
      registry.fail({ fault: { kind: 'throttle', dialect, waitMs }, on: ['head', 'list'], times: 1 });
      const answer = await get('/v2/library/node/tags/list');
      assert.equal(answer.status, 429);
      if (said instanceof RegExp) assert.match(await answer.text(), said);
      else
        assert.deepEqual(
          Object.fromEntries([...answer.headers].filter(([name]) => name.endsWith('retry-after'))),
          said,
        );
      assert.equal((await get('/v2/library/node/tags/list')).status, 200);
    }));

for (const [fault, expected] of [
  [{ kind: 'reset' }, 'fetch failed'],
  [{ kind: 'truncated' }, 'terminated'],
] as const satisfies readonly (readonly [Fault, string])[])
  test(`an answer that is ${fault.kind} cannot be read`, () =>
    withRegistry({}, async (registry, get) => {
      registry.content.push(node);
      registry.fail({ fault });
      await assert.rejects(async () => (await get('/v2/library/node/manifests/24')).text(), { message: expected });
    }));

test('a held body comes when it is let go, and other bytes do not match their digest', () =>
  withRegistry({}, async (registry, get) => {
    const { digest } = registry.content.push(node);
    registry.fail({ fault: { kind: 'held-body' }, times: 1 });
    registry.fail({ fault: { kind: 'other-bytes' }, times: 1 });
    const answer = await get('/v2/library/node/manifests/24');
    const bytes = answer.arrayBuffer();
    assert.equal(registry.heldCount, 1);
    registry.release();
    assert.equal(sha256(await bytes), digest);
    const other = await get('/v2/library/node/manifests/24');
    assert.equal(other.headers.get('docker-content-digest'), digest);
    assert.notEqual(sha256(await other.arrayBuffer()), digest);
  }));

test('an endless body and an endless listing go on for as long as they are read', () =>
  withRegistry({ switches: { isEndless: true } }, async (registry, get) => {
    registry.content.push(node);
    const pages = [
      await get('/v2/library/node/tags/list?n=2'),
      await get('/v2/library/node/tags/list?n=2&last=endless-000000001'),
    ];
    for (const page of pages) assert.match(page.headers.get('link') ?? '', /rel="next"/);
    assert.notDeepEqual(await pages[0]?.json(), await pages[1]?.json());

    registry.fail({ fault: { kind: 'endless' } });
    const { body } = await get('/v2/library/node/manifests/24');
    let sizeBytes = 0;
    for await (const chunk of body ?? []) {
      sizeBytes += chunk.length;
      if (sizeBytes > 1_000_000) break;
    }
    assert.ok(sizeBytes > 1_000_000);
  }));

test('bodies are packed where wanted, and a bomb is small until it is unpacked', () =>
  withRegistry({ switches: { gzip: true } }, async (registry, get) => {
    const { digest } = registry.content.push(node);
    const packed = await get('/v2/library/node/manifests/24');
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    assert.equal(sha256(await packed.arrayBuffer()), digest);

    registry.fail({ fault: { kind: 'bomb' }, times: 1 });
    const { body, headers } = await get('/v2/library/node/manifests/24');
    assert.ok(Number(headers.get('content-length')) < 2_000_000);
    let sizeBytes = 0;
    for await (const chunk of body ?? []) {
      sizeBytes += chunk.length;
      if (sizeBytes > 20_000_000) break;
    }
    assert.ok(sizeBytes > 20_000_000);
  }));

test('blobs are found behind a redirect, but not with a token', () =>
  withRegistry({}, async (registry, get) => {
    const { configDigest } = registry.content.pushImage({ ...node, image: 'linux/amd64' });
    const store = await startFakeRegistry({ content: registry.content });
    registry.set({ blobRedirect: store.origin });
    try {
      const location = (await get(`/v2/library/node/blobs/${configDigest}`)).headers.get('location') ?? '';
      assert.ok(location.startsWith(store.origin));
      assert.equal(sha256(await (await get(location)).arrayBuffer()), configDigest);
      assert.equal((await get(location, { headers: { authorization: 'Bearer x' } })).status, 400);
    } finally {
      await store.close();
    }
  }));

test('runs as a process of its own with content made to order, and takes orders', async () => {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--repositories', '20', '--tags', '500', '--tokens'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const nextLine = async (): Promise<string> => String((await lines.next()).value);
    const origin = await nextLine();
    const scope = 'repository:team-9/image-19:pull';
    const { token } = (await (await fetch(`${origin}/token?scope=${scope}`)).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}`, accept: everyType };
    const list = await fetch(`${origin}/v2/team-9/image-19/tags/list`, { headers });
    assert.equal(((await list.json()) as { tags: string[] }).tags.length, 500);
    child.stdin.write('counts\nmove team-9/image-19 1.0.0\n');
    assert.deepEqual(JSON.parse(await nextLine()), { token: 1, list: 1 });
    const digest = await nextLine();
    const moved = await fetch(`${origin}/v2/team-9/image-19/manifests/1.0.0`, { method: 'HEAD', headers });
    assert.equal(moved.headers.get('docker-content-digest'), digest);
  } finally {
    child.kill();
  }
  assert.deepEqual(await exited, [0, null]);
});
