import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ImageIndex, ImageManifest } from '../../../src/domain/image/manifest.ts';
import { isObsoleteType, parseManifest } from '../../../src/domain/image/parse-manifest.ts';

const own = digest('0');
const indexType = 'application/vnd.oci.image.index.v1+json';
const imageType = 'application/vnd.oci.image.manifest.v1+json';
const listType = 'application/vnd.docker.distribution.manifest.list.v2+json';

function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

const child = (digit: string, platform?: object, annotations?: object) => ({
  mediaType: imageType,
  digest: digest(digit),
  size: 500,
  ...(platform === undefined ? {} : { platform }),
  ...(annotations === undefined ? {} : { annotations }),
});

function index(...manifests: readonly unknown[]): ImageIndex {
  const parsed = parseManifest(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }), own);
  assert.ok(parsed.kind === 'ok' && parsed.manifest.kind === 'index');
  return parsed.manifest;
}

const image = {
  config: { digest: digest('c'), size: 10 },
  layers: [
    { digest: digest('1'), size: 100 },
    { digest: digest('2'), size: 200 },
  ],
};

function imageOf(document: object, mediaType?: string): ImageManifest {
  const parsed = parseManifest(JSON.stringify(document), own, mediaType);
  assert.ok(parsed.kind === 'ok' && parsed.manifest.kind === 'image');
  return parsed.manifest;
}

test('an index names its images by platform', () => {
  const { children, digest: ownDigest } = index(
    child('1', { os: 'linux', architecture: 'amd64' }),
    child('2', { os: 'linux', architecture: 'arm64', variant: 'v8' }),
    child('3', { os: 'linux', architecture: 'arm' }),
    child('4', { os: 'linux', architecture: 'arm', variant: 'v6' }),
    child('5', { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1' }),
  );
  assert.equal(ownDigest, own);
  assert.deepEqual(
    children.map(({ platform, osVersion }) => [platform, osVersion]),
    [
      [{ os: 'linux', architecture: 'amd64' }, undefined],
      [{ os: 'linux', architecture: 'arm64' }, undefined],
      [{ os: 'linux', architecture: 'arm', variant: 'v7' }, undefined],
      [{ os: 'linux', architecture: 'arm', variant: 'v6' }, undefined],
      [{ os: 'windows', architecture: 'amd64' }, '10.0.20348.1'],
    ],
  );
});

test('attestations are left out, whichever way they show', () => {
  const unknown = { os: 'unknown', architecture: 'unknown' };
  const about = { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': digest('1') };
  const { children } = index(
    child('1', { os: 'linux', architecture: 'amd64' }),
    child('2', unknown),
    child('3', undefined, about),
  );
  assert.deepEqual(
    children.map((one) => one.digest),
    [digest('1')],
  );
});

test('a child without a platform, or with one that cannot be read, has none', () => {
  const { children } = index(child('1'), child('2', { os: 'linux', architecture: 'a/b c' }), child('3', { os: 7 }));
  assert.deepEqual(
    children.map(({ platform }) => platform),
    [undefined, undefined, undefined],
  );
});

test('annotations are short texts', () => {
  const annotations = {
    'org.opencontainers.image.version': '24',
    long: 'x'.repeat(4097),
    number: 7,
    none: null,
    ['__proto__']: 'x',
  };
  const [only] = index(child('1', undefined, annotations)).children;
  assert.deepEqual(
    [...(only?.annotations ?? [])],
    [
      ['org.opencontainers.image.version', '24'],
      ['__proto__', 'x'],
    ],
  );
});

test('an image is as large as its layers and its config', () => {
  assert.deepEqual(imageOf({ schemaVersion: 2, mediaType: imageType, ...image }), {
    kind: 'image',
    digest: own,
    configDigest: digest('c'),
    sizeBytes: 310,
    layers: [
      { digest: digest('1'), sizeBytes: 100 },
      { digest: digest('2'), sizeBytes: 200 },
    ],
    annotations: new Map(),
  });
});

test('what says no type is told by its shape, or by what the registry says', () => {
  assert.equal(imageOf({ schemaVersion: 2, ...image }).sizeBytes, 310);
  assert.equal(imageOf({ schemaVersion: 2, ...image }, imageType).sizeBytes, 310);
  assert.equal(imageOf({ schemaVersion: 2, ...image }, 'application/octet-stream').sizeBytes, 310);
  const parsed = parseManifest(JSON.stringify({ schemaVersion: 2, manifests: [] }), own);
  assert.ok(parsed.kind === 'ok' && parsed.manifest.kind === 'index');
});

for (const [what, document, reason] of [
  ['no JSON', '{', /no JSON object/],
  ['a list', '[]', /no JSON object/],
  ['null', 'null', /no JSON object/],
  ['HTML', '<html></html>', /no JSON object/],
  ['nothing that is known', {}, /neither an index nor an image/],
  ['schema 1', { schemaVersion: 1, fsLayers: [] }, /obsolete format/],
  [
    'schema 1 by its type',
    { mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws' },
    /obsolete format/,
  ],
  ['both an index and an image', { manifests: [], ...image }, /both an index and an image/],
  ['an index with a config', { manifests: [], config: image.config }, /both an index and an image/],
  ['an image that says it is an index', { mediaType: listType, ...image }, /not what its type/],
  ['an index that says it is an image', { mediaType: imageType, manifests: [] }, /not what its type/],
  ['an index of text', { manifests: ['x'] }, /no sha256 digest/],
  ['an index of another digest', { manifests: [{ digest: `sha512:${'0'.repeat(128)}` }] }, /no sha256 digest/],
  ['an index of a path', { manifests: [{ digest: 'sha256:../../etc' }] }, /no sha256 digest/],
  ['an image without a config', { layers: [] }, /config has no sha256 digest/],
  ['a layer of no size', { ...image, layers: [{ digest: digest('1') }] }, /layers has no sha256 digest or no size/],
  ['a layer of negative size', { ...image, layers: [{ digest: digest('1'), size: -1 }] }, /layers/],
  ['a layer of half a byte', { ...image, layers: [{ digest: digest('1'), size: 0.5 }] }, /layers/],
  [
    'layers beyond counting',
    { ...image, layers: Array(3).fill({ digest: digest('1'), size: Number.MAX_SAFE_INTEGER }) },
    /larger than can be counted/,
  ],
  ['objects in place of lists', { manifests: { length: 1 } }, /neither/],
  ['members that every object has', { ['__proto__']: { layers: [] }, constructor: 1 }, /neither/],
] as const)
  test(`${what} is malformed`, () => {
    const parsed = parseManifest(typeof document === 'string' ? document : JSON.stringify(document), own);
    assert.ok(parsed.kind === 'malformed');
    assert.match(parsed.reason, reason);
  });

test('deep and wide nonsense is malformed, and no crash', () => {
  for (const text of ['['.repeat(4e6), `{"manifests":${'['.repeat(1e6)}${']'.repeat(1e6)}}`, `{"a":`.repeat(1e6)])
    assert.equal(parseManifest(text, own).kind, 'malformed');
});

test('whatever JSON is read, it is a manifest or a reason', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json(), documents()),
      fc.option(fc.string(), { nil: undefined }),
      (text, type) => {
        const parsed = parseManifest(text, own, type);
        if (parsed.kind === 'malformed') assert.ok(parsed.reason.length < 200);
        else assert.equal(parsed.manifest.digest, own);
      },
    ),
  );
});

/** Documents that are nearly right. */
function documents(): fc.Arbitrary<string> {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(digest('1'), 7, null, [], {}, [child('1')], image.layers, image.config),
  );
  const names = fc.constantFrom(
    'manifests',
    'layers',
    'config',
    'mediaType',
    'schemaVersion',
    'annotations',
    'digest',
    'size',
  );
  return fc.dictionary(names, value).map((document) => JSON.stringify(document));
}

test('tells schema 1 by its type', () => {
  assert.ok(isObsoleteType('application/vnd.docker.distribution.manifest.v1+json'));
  assert.ok(!isObsoleteType('application/vnd.docker.distribution.manifest.v2+json'));
});
