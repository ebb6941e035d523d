import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readImageBlobs } from '../../../src/domain/image/image-blobs.ts';
import { parseManifest } from '../../../src/domain/image/parse-manifest.ts';
import { digestOf, mediaTypes } from '../../fakes/registry/build-image.ts';
import { FakeContent } from '../../fakes/registry/content.ts';
import type { Fault } from '../../fakes/registry/faults.ts';
import { localRegistry, publicRegistry } from './with-registry.ts';

const repository = 'team/app';
const layers = ['a system', 'a library', 'a program', 'its settings', 'a last word'];

/** A registry with one image of five layers, and a folder to download it into. */
async function subject(context: TestContext, options: Parameters<typeof localRegistry>[1] = {}) {
  const content = new FakeContent();
  const image = content.pushImage({ repository, tag: '1.0', image: { platform: 'linux/amd64', layers } });
  const connected = await localRegistry(context, { content, ...options });
  const parent = await mkdtemp(join(tmpdir(), 'basekeeper-'));
  context.after(() => rm(parent, { recursive: true }));
  const folder = join(parent, 'image');
  const { registry, at } = connected;
  return {
    ...connected,
    image,
    parent,
    folder,
    download: (digest = image.digest) => registry.downloadImage(at(repository), digest, folder, { maxBytes: 10_000 }),
  };
}

for (const [what, fault, code, message] of [
  ['other bytes', { kind: 'other-bytes' }, 'malformed', /do not match their digest/],
  ['more bytes than its manifest says', { kind: 'longer' }, 'malformed', /larger than \d+ bytes/],
  ['bytes without end', { kind: 'endless' }, 'malformed', /larger than \d+ bytes/],
  ['fewer bytes than its manifest says', { kind: 'shorter' }, 'malformed', /and its manifest says \d+/],
  ['nothing of that name', { kind: 'status', status: 404 }, 'not-found', /there is no such thing/],
  ['a broken host', { kind: 'status', status: 503 }, 'unavailable', /out of order/],
  ['a login', { kind: 'status', status: 403 }, 'unauthorized', /may not be read/],
  ['a page of another status', { kind: 'status', status: 206, body: 'html' }, 'malformed', /answers 206/],
  [
    'to wait for an hour',
    { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 3_600_000 },
    'rate-limited',
    /wait/,
  ],
  ['a connection that breaks each time', { kind: 'truncated' }, 'unavailable', /cut/],
  ['a half that does not go on', { kind: 'held-body' }, 'unavailable', /nothing came for 50 ms/],
  ['silence', { kind: 'held' }, 'unavailable', /nothing came for 50 ms/],
] as const satisfies readonly (readonly [string, Fault, string, RegExp])[])
  test(`a layer answered with ${what} ends the download, and leaves no folder: ${code}`, async (context) => {
    // A machine that is busy may be silent as long: only what waits for silence waits so shortly.
    const isSilent = fault.kind === 'held' || fault.kind === 'held-body';
    const { fake, image, parent, download } = await subject(context, isSilent ? { client: { blobIdleMs: 50 } } : {});
    const digest = image.layerDigests[2] ?? assert.fail();
    fake.fail({ fault, digest });
    await assert.rejects(download(), (error: Error & { code: string }) => {
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.message.startsWith(`cannot download ${digest} of ${fake.host}/${repository}@${image.digest}: `));
      return true;
    });
    assert.deepEqual(await readdir(parent), []);
  });

test('a layer whose connection breaks twice is begun again', async (context) => {
  const { fake, image, registry, folder, download } = await subject(context);
  fake.fail({ fault: { kind: 'truncated' }, digest: image.layerDigests[0] ?? assert.fail(), times: 2 });
  assert.deepEqual(await download(), { folder, sizeBytes: image.sizeBytes });
  assert.deepEqual(registry.requests().get(fake.host), { ping: 1, manifest: 1, blob: 8, retried: 2 });
});

test('a layer that is throttled comes when the host allows it', async (context) => {
  const { fake, image, time, download } = await subject(context);
  const fault = { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 7000 } as const;
  fake.fail({ fault, digest: image.layerDigests[0] ?? assert.fail(), times: 1 });
  await download();
  assert.ok(time.slept.includes(7000));
});

test('no more than three layers come at once', async (context) => {
  const { fake, image, download } = await subject(context, { client: { blobIdleMs: 60_000 } });
  fake.fail({ fault: { kind: 'held-body' }, on: ['config'] });
  const downloading = download();
  const seen: number[] = [];
  const blobs = 1 + image.layerDigests.length;
  for (let come = 0; come < blobs; ) {
    const expected = Math.min(3, blobs - come);
    while (fake.heldCount < expected) await new Promise(setImmediate);
    seen.push(fake.log.all('config').length - come);
    come += expected;
    fake.release();
  }
  await downloading;
  assert.deepEqual(seen, [3, 3]);
});

test('layers are fetched where the registry sends for them, without the login', async (context) => {
  const user = { username: 'ann', secret: 'pass' };
  const other = await localRegistry(context);
  const { fake, image, folder, download } = await subject(context, {
    access: { kind: 'token', users: [user], isAnonymousAllowed: false },
    settings: new Map([
      [other.fake.host, { isPrivate: true, isInsecure: false, maxInFlight: 4, requestsPerSecond: 1000 }],
    ]),
    client: { credentials: { find: async () => ({ credential: { kind: 'basic', ...user }, source: 'the test' }) } },
    switches: { blobRedirect: other.fake.origin },
  });
  // The store is another server, which holds the same.
  other.fake.content.pushImage({ repository, tag: '1.0', image: { platform: 'linux/amd64', layers } });
  assert.deepEqual(await download(), { folder, sizeBytes: image.sizeBytes });
  const stored = other.fake.log.all('config');
  assert.equal(stored.length, 6);
  assert.deepEqual(new Set(stored.map(({ authorization }) => authorization)), new Set([undefined]));
  assert.deepEqual(
    new Set(fake.log.all('config').map(({ authorization }) => authorization?.split(' ')[0])),
    new Set(['Bearer']),
  );
});

test('a private address that a public registry sends to is not asked', async (context) => {
  const { fake, registry, at } = await publicRegistry(context, 'quay.io');
  const image = fake.content.pushImage({ repository, tag: '1.0', image: 'linux/amd64' });
  fake.set({ blobRedirect: 'https://169.254.169.254' });
  const folder = join(tmpdir(), 'basekeeper-never');
  const download = registry.downloadImage(at(repository), image.digest, folder, { maxBytes: 10_000 });
  await assert.rejects(download, { code: 'refused' });
});

test('one layer that fails ends the others, which do not hold the answer up', async (context) => {
  const { fake, image, parent, download } = await subject(context, { client: { blobIdleMs: 60_000 } });
  fake.fail({ fault: { kind: 'status', status: 404 }, digest: image.layerDigests[0] ?? assert.fail() });
  fake.fail({ fault: { kind: 'held-body' }, on: ['config'] });
  await assert.rejects(download(), { code: 'not-found' });
  assert.equal(fake.log.all('config').length, 3);
  assert.deepEqual(await readdir(parent), []);
});

test('a folder that cannot be written is told as such', async (context) => {
  const { registry, at, image, folder } = await subject(context);
  const download = registry.downloadImage(at(repository), image.digest, join(folder, 'deeper'), { maxBytes: 10_000 });
  await assert.rejects(download, { code: 'unwritable', message: /deeper cannot be written \(ENOENT\)/ });
});

function manifestOf(layer: object, more: object = {}): string {
  const config = { mediaType: mediaTypes.oci.config, digest: `sha256:${'c'.repeat(64)}`, size: 10 };
  return JSON.stringify({ schemaVersion: 2, config, layers: [layer], ...more });
}

function blobsOf(text: string) {
  const parsed = parseManifest(text, digestOf(text));
  assert.ok(parsed.kind === 'ok' && parsed.manifest.kind === 'image');
  return readImageBlobs(text, parsed.manifest);
}

const layer = { mediaType: mediaTypes.oci.layer, digest: `sha256:${'a'.repeat(64)}`, size: 5 };

test('a layer that lies elsewhere is foreign, an empty list of places says nothing', () => {
  assert.deepEqual(blobsOf(manifestOf({ ...layer, urls: ['https://example.com/layer'] }))?.foreign, [layer.digest]);
  assert.deepEqual(blobsOf(manifestOf({ ...layer, urls: [] }))?.foreign, []);
});

test('a layer that comes twice is one blob, and with two sizes none', () => {
  const twice = blobsOf(manifestOf(layer, { layers: [layer, layer] }));
  assert.deepEqual([...(twice?.sizes.values() ?? [])], [10, 5]);
  assert.equal(blobsOf(manifestOf(layer, { layers: [layer, { ...layer, size: 6 }] })), undefined);
});

test('a manifest that names no type is one of the OCI', () => {
  assert.equal(blobsOf(manifestOf(layer))?.mediaType, mediaTypes.oci.manifest);
});
