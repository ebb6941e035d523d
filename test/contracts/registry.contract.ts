import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ImageConfig, ImageIndex, ImageManifest } from '../../src/domain/image/manifest.ts';
import { formatPlatform } from '../../src/domain/image/platform.ts';
import { type Registry, RegistryError, type RepositoryAddress } from '../../src/ports/registry.ts';
import { digestOf, mediaTypes } from '../fakes/registry/build-image.ts';
import { FakeContent, type PushedImage, type PushedIndex } from '../fakes/registry/content.ts';

/** A registry that holds what it was given, and our client in front of it. */
export type RegistryTarget = {
  /** As references spell it. */
  readonly host: string;
  /** With what the registry asks for. */
  readonly registry: Registry;
  /** Makes what a tag of the content stands for readable at the registry. */
  publish(repository: string, tag: string): Promise<void>;
  close(): Promise<void>;
};

export type RegistryUnderTest = {
  readonly name: string;
  start(content: FakeContent): Promise<RegistryTarget>;
  /** The same host, asked with `wrongSecret`; only for a registry that asks for a password. */
  connectWrongly?(target: RegistryTarget): Registry;
};

/** What every registry gives our client, whatever it is. */
export function registryContract({ name, start, connectWrongly }: RegistryUnderTest): void {
  describe(name, () => {
    const content = new FakeContent();
    const pushed = fill(content);
    let target: RegistryTarget;
    const at = (repository: string): RepositoryAddress => ({ registry: target.host, repository });

    before(async () => {
      target = await start(content);
      for (const repository of content.repositories())
        for (const tag of content.listTags(repository)) await target.publish(repository, tag);
    });
    after(() => target.close());

    for (const [what, repository, digest, mediaType] of [
      ['an OCI index', 'team/index', pushed.index.digest, mediaTypes.oci.index],
      ['a Docker list', 'team/list', pushed.list.digest, mediaTypes.docker.index],
      ['one OCI image', 'team/single', pushed.single.digest, mediaTypes.oci.manifest],
      ['one Docker image', 'team/docker', pushed.docker.digest, mediaTypes.docker.manifest],
    ] as const)
      test(`a tag of ${what} stands for the digest of its bytes`, async () => {
        assert.deepEqual(await target.registry.resolve(at(repository), '1.0'), { digest, mediaType });
      });

    test('all tags are listed, signatures left out', async () => {
      const { tags, extent } = await target.registry.listTags(at('team/tags'));
      assert.deepEqual(tags.map(({ tag }) => tag).sort(), tagNames.toSorted());
      assert.equal(extent, 'all');
    });

    for (const [repository, index] of [
      ['team/index', pushed.index],
      ['team/list', pushed.list],
    ] as const)
      test(`the index of ${repository} names its images by platform, attestations left out`, async () => {
        const manifest = await readIndex(target.registry, at(repository), index.digest);
        assert.deepEqual(
          manifest.children.map(({ platform, digest, osVersion }) => [
            platform === undefined ? undefined : formatPlatform(platform),
            digest,
            osVersion,
          ]),
          [
            ['linux/amd64', index.children.get('linux/amd64')?.digest, undefined],
            // containerd: v8 goes without saying.
            ['linux/arm64', index.children.get('linux/arm64/v8')?.digest, undefined],
            ['windows/amd64', index.children.get('windows/amd64')?.digest, '10.0.26100.1'],
          ],
        );
        assert.equal(manifest.children[0]?.annotations.get('org.opencontainers.image.version'), '1.0.3');
        assert.equal(manifest.annotations.get('org.opencontainers.image.title'), 'base');
      });

    test('an image tells its size as transferred, its layers and its config', async () => {
      const { single } = pushed;
      const manifest = await readImage(target.registry, at('team/single'), single.digest);
      assert.equal(manifest.sizeBytes, single.sizeBytes);
      assert.equal(manifest.configDigest, single.configDigest);
      assert.deepEqual(
        manifest.layers.map(({ digest }) => digest),
        single.layerDigests,
      );
      assert.equal(manifest.annotations.get('org.opencontainers.image.base.name'), 'docker.io/library/debian:13');
    });

    test('a child of an index is read as an image of its own', async () => {
      const child = pushed.index.children.get('linux/arm64/v8');
      assert.ok(child !== undefined);
      const manifest = await readImage(target.registry, at('team/index'), child.digest);
      assert.equal(manifest.sizeBytes, child.sizeBytes);
    });

    test('a config tells platform, user, labels, date and layers', async () => {
      const { single } = pushed;
      const expected: ImageConfig = {
        platform: { os: 'linux', architecture: 'amd64' },
        createdAt: '2026-03-04T05:06:07Z',
        user: '1000:1000',
        labels: new Map([['org.opencontainers.image.version', '1.0.3']]),
        diffIds: single.diffIds,
      };
      assert.deepEqual(await target.registry.readConfig(at('team/single'), single.configDigest), expected);
    });

    for (const [what, repository, image, mediaType] of [
      ['an OCI image', 'team/single', pushed.single, mediaTypes.oci.manifest],
      ['a Docker image', 'team/docker', pushed.docker, mediaTypes.docker.manifest],
      ['an image of an index', 'team/index', childOf(pushed.index, 'linux/arm64/v8'), mediaTypes.oci.manifest],
    ] as const)
      test(`${what} is downloaded whole, as an OCI layout`, async () => {
        await inFolder(async (parent) => {
          const folder = join(parent, 'image');
          const downloaded = await target.registry.downloadImage(at(repository), image.digest, folder, {
            maxBytes: image.sizeBytes,
          });
          assert.deepEqual(downloaded, { folder, sizeBytes: image.sizeBytes });
          assert.deepEqual(await readdir(parent), ['image']);
          assert.deepEqual(await readLayout(folder), {
            layout: { imageLayoutVersion: '1.0.0' },
            index: {
              schemaVersion: 2,
              manifests: [{ mediaType, digest: image.digest, size: manifestBytes(content, repository, image).length }],
            },
            blobs: [image.digest, image.configDigest, ...image.layerDigests].sort(),
          });
        });
      });

    for (const [what, repository, digest, maxBytes, code] of [
      ['an index', 'team/index', pushed.index.digest, 1_000_000, 'refused'],
      ['more bytes than allowed', 'team/single', pushed.single.digest, pushed.single.sizeBytes - 1, 'too-large'],
      ['a digest that is not there', 'team/single', `sha256:${'1'.repeat(64)}`, 1_000_000, 'not-found'],
    ] as const)
      test(`${what} cannot be downloaded, and leaves nothing`, async () => {
        await inFolder(async (parent) => {
          const folder = join(parent, 'image');
          await refuses(target.registry.downloadImage(at(repository), digest, folder, { maxBytes }), [code]);
          assert.deepEqual(await readdir(parent), []);
        });
      });

    test('a folder that is there is not downloaded into', async () => {
      await inFolder(async (parent) => {
        const bounds = { maxBytes: 1_000_000 };
        await refuses(target.registry.downloadImage(at('team/single'), pushed.single.digest, parent, bounds), [
          'unwritable',
        ]);
        assert.deepEqual(await readdir(parent), []);
      });
    });

    test('a tag that moves stands for the new digest at once, and the old one stays readable', async () => {
      const address = at('team/moving');
      const old = pushed.moving.digest;
      assert.equal((await target.registry.resolve(address, 'latest')).digest, old);
      const { digest } = content.push({ ...moving, build: 'a day later' });
      await target.publish('team/moving', 'latest');
      assert.equal((await target.registry.resolve(address, 'latest')).digest, digest);
      assert.equal((await readIndex(target.registry, address, old)).children.length, 1);
    });

    test('a missing tag is not found', async () => {
      await refuses(target.registry.resolve(at('team/single'), 'no-such-tag'), ['not-found']);
    });

    test('a missing digest is not found', async () => {
      await refuses(target.registry.readManifest(at('team/single'), `sha256:${'0'.repeat(64)}`), ['not-found']);
    });

    test('a missing repository is not found, or told to be missing or private', async () => {
      const { registry } = target;
      for (const call of [() => registry.resolve(at('no/such'), '1.0'), () => registry.listTags(at('no/such'))]) {
        const { code, message } = await refuses(call(), ['not-found', 'unauthorized']);
        if (code === 'unauthorized') assert.match(message, /missing or private/);
      }
    });

    if (connectWrongly !== undefined)
      test('a wrong password is unauthorized, and not repeated in the message', async () => {
        const registry = connectWrongly(target);
        try {
          const { message } = await refuses(registry.resolve(at('team/single'), '1.0'), ['unauthorized']);
          assert.ok(!message.includes(wrongSecret), message);
        } finally {
          await registry.close();
        }
      });

    test('what is asked at the same time is answered alike', async () => {
      const { registry } = target;
      const digests = await Promise.all(
        Array.from({ length: 20 }, async () => (await registry.resolve(at('team/index'), '1.0')).digest),
      );
      assert.deepEqual([...new Set(digests)], [pushed.index.digest]);
    });
  });
}

/** The password that nobody has. */
export const wrongSecret = 'a-wrong-secret';

const tagNames = ['1.0.0', '1.0.1', '1.10.0', '1.9.0', 'Latest', 'latest', '_old', 'a.b-c_d'] as const;
const moving = { repository: 'team/moving', tag: 'latest', platforms: ['linux/amd64'] } as const;

function fill(content: FakeContent) {
  const platforms = [
    { platform: 'linux/amd64', annotations: { 'org.opencontainers.image.version': '1.0.3' } },
    'linux/arm64/v8',
    { platform: 'windows/amd64', osVersion: '10.0.26100.1' },
  ] as const;
  const annotations = { 'org.opencontainers.image.title': 'base' };
  for (const tag of [...tagNames, `sha256-${'a'.repeat(64)}.sig`, `sha256-${'b'.repeat(64)}`])
    content.pushImage({ repository: 'team/tags', tag, image: 'linux/amd64' });
  return {
    index: content.push({
      repository: 'team/index',
      tag: '1.0',
      platforms,
      annotations,
      attestations: 'how it was built',
    }),
    list: content.push({ repository: 'team/list', tag: '1.0', platforms, annotations, format: 'docker' }),
    single: content.pushImage({
      repository: 'team/single',
      tag: '1.0',
      image: {
        platform: 'linux/amd64',
        layers: ['a system', 'a program'],
        manifestAnnotations: { 'org.opencontainers.image.base.name': 'docker.io/library/debian:13' },
        config: {
          created: '2026-03-04T05:06:07Z',
          user: '1000:1000',
          labels: { 'org.opencontainers.image.version': '1.0.3' },
        },
      },
    }),
    docker: content.pushImage({ repository: 'team/docker', tag: '1.0', image: 'linux/amd64', format: 'docker' }),
    moving: content.push(moving),
  };
}

function childOf(index: PushedIndex, platform: string): PushedImage {
  return index.children.get(platform) ?? assert.fail(`${platform} was not pushed`);
}

function manifestBytes(content: FakeContent, repository: string, { digest }: PushedImage): Buffer {
  return content.findManifest(repository, digest)?.bytes ?? assert.fail(`${digest} was not pushed`);
}

async function inFolder(use: (parent: string) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'basekeeper-download-'));
  try {
    await use(parent);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** What is in a layout; blobs by the digest of their bytes, which is their name. */
async function readLayout(folder: string) {
  assert.deepEqual((await readdir(folder)).sort(), ['blobs', 'index.json', 'oci-layout']);
  assert.deepEqual(await readdir(join(folder, 'blobs')), ['sha256']);
  const names = await readdir(join(folder, 'blobs', 'sha256'));
  for (const name of names)
    assert.equal(digestOf(await readFile(join(folder, 'blobs', 'sha256', name))), `sha256:${name}`);
  return {
    layout: JSON.parse(await readFile(join(folder, 'oci-layout'), 'utf8')),
    index: JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')),
    blobs: names.map((name) => `sha256:${name}`).sort(),
  };
}

async function readIndex(registry: Registry, address: RepositoryAddress, digest: string): Promise<ImageIndex> {
  const manifest = await registry.readManifest(address, digest);
  assert.ok(manifest.kind === 'index');
  assert.equal(manifest.digest, digest);
  return manifest;
}

async function readImage(registry: Registry, address: RepositoryAddress, digest: string): Promise<ImageManifest> {
  const manifest = await registry.readManifest(address, digest);
  assert.ok(manifest.kind === 'image');
  assert.equal(manifest.digest, digest);
  return manifest;
}

async function refuses(call: Promise<unknown>, codes: readonly RegistryError['code'][]): Promise<RegistryError> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof RegistryError, `a RegistryError was wanted, not ${error}`);
  assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
  return error;
}
