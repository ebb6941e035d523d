import { newestReleases } from '../../domain/deadline/order-releases.ts';
import type { ReleaseImage } from '../../domain/deadline/release-image.ts';
import type { ReleaseKind } from '../../domain/deadline/release-kind.ts';
import type { Annotations, Digest, ImageManifest } from '../../domain/image/manifest.ts';
import { formatReference } from '../../domain/image/reference.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { Registry } from '../../ports/registry.ts';
import { attempt } from '../online/attempt.ts';

/** A release as its tag and its content tell. */
export type ReleasedTag = {
  readonly tag: string;
  readonly kind: ReleaseKind;
  readonly digest: Digest;
  /** Of the commit, as whoever built it wrote it; of a base, where that is all there is. */
  readonly revision?: string;
  readonly createdAt?: Instant;
};

export type ReleasedTags = {
  /** Lowest version first. */
  readonly tags: readonly ReleasedTag[];
  /** One clause each: who was asked what, and what came back. */
  readonly refused: readonly string[];
};

export type TagRegistry = Pick<Registry, 'listTags' | 'resolve' | 'readManifest' | 'readConfig'>;

/** Of each series: what was released before the last look was told then. */
const newest = 10;
/** Whoever writes tags could make a thousand series. */
const mostTags = 30;

/** @see https://github.com/opencontainers/image-spec/blob/main/annotations.md */
const revisionKey = 'org.opencontainers.image.revision';

/** The newest releases of a repository of a registry: tags that are semantic versions. Refusals are told, never thrown. */
export async function listReleasedTags(
  registry: TagRegistry,
  { address }: Pick<ReleaseImage, 'address'>,
  most = newest,
): Promise<ReleasedTags> {
  const listed = await attempt(() => registry.listTags(address));
  if (listed.kind !== 'answered') return { tags: [], refused: [listed.message] };
  const name = formatReference(address);
  if (listed.value.extent === 'truncated')
    return { tags: [], refused: [`${name} has more tags than are read: nothing tells which are the newest`] };
  const names = listed.value.tags.map(({ tag }) => tag);
  const chosen = newestReleases(names, most);
  if (chosen.length === 0) return { tags: [], refused: [`no tag of ${name} is a semantic version`] };
  if (chosen.length > mostTags)
    return { tags: [], refused: [`the tags of ${name} are of too many series: ${chosen.length} would be read`] };
  const read = await Promise.all(
    chosen.map(async ({ name: tag, kind }) =>
      attempt(async () => ({ tag, kind, ...(await readTag(registry, address, tag)) })),
    ),
  );
  return {
    tags: read.flatMap((one) => (one.kind === 'answered' ? [one.value] : [])),
    refused: read.flatMap((one) => (one.kind === 'answered' ? [] : [one.message])),
  };
}

async function readTag(
  registry: TagRegistry,
  address: ReleaseImage['address'],
  tag: string,
): Promise<Omit<ReleasedTag, 'tag' | 'kind'>> {
  const { digest } = await registry.resolve(address, tag);
  const manifest = await registry.readManifest(address, digest);
  const child =
    manifest.kind === 'index' ? manifest.children.find(({ platform }) => platform !== undefined) : undefined;
  const image = child === undefined ? manifest : await registry.readManifest(address, child.digest);
  if (image.kind === 'index') return { digest };
  const { labels, createdAt } = await registry.readConfig(address, image.configDigest);
  // Labels last: they are inherited from the base, annotations are not.
  const revision = revisionIn([manifest.annotations, child?.annotations, image.annotations, labels]);
  const created = Date.parse(createdAt ?? '');
  return {
    digest,
    ...(revision === undefined ? {} : { revision }),
    ...(Number.isNaN(created) ? {} : { createdAt: created }),
  };
}

function revisionIn(places: readonly (Annotations | undefined)[]): string | undefined {
  return places.map((one) => one?.get(revisionKey)).find((revision) => revision !== undefined);
}

/** The digests of its unpacked layers, lowest first. @throws RegistryError */
export async function layersOf(
  registry: Pick<Registry, 'readManifest' | 'readConfig'>,
  address: ReleaseImage['address'],
  digest: Digest,
): Promise<readonly Digest[]> {
  const manifest = await registry.readManifest(address, digest);
  if (!isImage(manifest)) return [];
  return (await registry.readConfig(address, manifest.configDigest)).diffIds;
}

function isImage(manifest: { readonly kind: string }): manifest is ImageManifest {
  return manifest.kind === 'image';
}
