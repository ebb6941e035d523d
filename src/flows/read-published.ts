import type { Digest } from '../domain/image/manifest.ts';
import { type NamedBase, namedBase } from '../domain/image/named-base.ts';
import type { Reference } from '../domain/image/reference.ts';
import { contentOfIndex } from '../domain/monitor/tag-content.ts';
import { guessBase } from '../domain/vulnerability/guess-base.ts';
import type { Registry } from '../ports/registry.ts';
import type { PublishedSizes } from './compare.ts';
import type { Comparable } from './compare-images.ts';
import { mapLimited } from './limited.ts';
import { readContent } from './monitor/read-content.ts';
import { attempt } from './online/attempt.ts';
import { type ResolvedImage, resolveImage } from './scan/resolve-image.ts';

/** What registries say of an image, and what of its base. */
export type Published = {
  readonly sizes: PublishedSizes | undefined;
  /** What it names itself. */
  readonly base: NamedBase | undefined;
  /** DiffIDs, lowest first. */
  readonly layers: readonly Digest[];
  /** Those of them that are likely its base's, by its history. */
  readonly guess?: readonly Digest[];
};

/** What is not there is told by its scan. */
export async function readPublished(registry: Registry, one: Comparable, platform: string): Promise<Published> {
  const nothing = { sizes: undefined, base: undefined };
  if (one.kind === 'report') return { ...nothing, layers: one.scan.layers };
  const { reference } = one;
  const image = await resolveImage(registry, { reference, platform });
  if (image.kind !== 'resolved') return { ...nothing, layers: [] };
  const { namedDigest: digest } = image;
  const made = await readLayers(registry, image);
  const read = await attempt(async () => {
    const manifest = await registry.readManifest(reference, digest);
    const all = manifest.kind === 'index' ? contentOfIndex(manifest).platforms.map((child) => child.platform) : [];
    return readContent(registry, reference, digest, all);
  });
  if (read.kind !== 'answered') return { ...nothing, ...made };
  const { platforms } = read.value;
  const sizes = platforms.flatMap((content) =>
    content.sizeBytes === undefined ? [] : [{ platform: content.platform, sizeBytes: content.sizeBytes }],
  );
  const own = platforms.find((content) => content.digest === image.digest);
  return { sizes: { digest, sizes }, base: own === undefined ? undefined : namedBase(own), ...made };
}

/** A build names the images of all its stages: the layers tell which one is below. */
export async function readMaterials(registry: Registry, provenance: readonly Reference[], platform: string) {
  return mapLimited(provenance, async (reference) => {
    const image = await resolveImage(registry, { reference, platform });
    const base: NamedBase = { reference, known: 'provenance' };
    return { base, layers: image.kind === 'resolved' ? (await readLayers(registry, image)).layers : [] };
  });
}

async function readLayers(
  registry: Registry,
  { reference, digest }: ResolvedImage,
): Promise<Pick<Published, 'layers' | 'guess'>> {
  const read = await attempt(async () => {
    const manifest = await registry.readManifest(reference, digest);
    return manifest.kind === 'image' ? registry.readConfig(reference, manifest.configDigest) : undefined;
  });
  if (read.kind !== 'answered' || read.value === undefined) return { layers: [] };
  const guess = guessBase(read.value);
  return { layers: read.value.diffIds, ...(guess === undefined ? {} : { guess }) };
}
