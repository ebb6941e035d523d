import type { Digest } from '../../domain/image/manifest.ts';
import { formatPlatform, parsePlatform } from '../../domain/image/platform.ts';
import type { Reference } from '../../domain/image/reference.ts';
import { findRunnable } from '../../domain/image/runnable-platforms.ts';
import { contentOfIndex, type TagContent } from '../../domain/monitor/tag-content.ts';
import type { PulledImage, RegistryFacts, TagBesidePin, Unanswered } from '../../domain/policy/registry-facts.ts';
import type { Registry } from '../../ports/registry.ts';
import { readContent } from '../monitor/read-content.ts';
import { type Attempt, asUnanswered, attempt } from './attempt.ts';

/** One reference as a build would pull it. `tagDigest`: what its tag stands for now, where it was told. */
export type AskedImage = Pick<RegistryFacts, 'image' | 'tag' | 'content'> & { readonly tagDigest?: Digest };

/** Sizes are told for it where no use names a platform: the one that the catalog's sizes are for. */
const defaultPlatform = 'linux/amd64';

/**
 * Whether an image is there, what its tag stands for, and what is in it. A pinned digest is what a build pulls: it is looked for
 * by itself, unless its tag still stands for it.
 *
 * @param platforms in use, normalised.
 */
export async function askImage(
  registry: Registry,
  reference: Reference,
  platforms: readonly string[],
): Promise<AskedImage> {
  const { tag, digest } = reference;
  const wanted = platforms.length > 0 ? platforms : [defaultPlatform];
  if (digest === undefined) {
    const found = await resolve(registry, reference, tag ?? 'latest');
    return { image: found, ...contentFact(await contentOf(registry, reference, found, wanted)), ...digestOf(found) };
  }
  const tagged = tag === undefined ? undefined : await resolve(registry, reference, tag);
  const isSame = tagged?.kind === 'found' && tagged.digest === digest;
  const answer = isSame ? tagged : await resolve(registry, reference, digest);
  // Content is read by the digest that is pinned, and held to it: not by what a registry says it has in its place.
  const image = answer.kind === 'found' ? { ...answer, digest } : answer;
  const content = await contentOf(registry, reference, image, wanted);
  const beside = tagged === undefined ? undefined : await compare(registry, reference, tagged, content, wanted);
  return {
    image,
    ...(beside === undefined ? {} : { tag: beside }),
    ...contentFact(content),
    ...(tagged === undefined ? {} : digestOf(tagged)),
  };
}

/** @param tag or a digest: whether it is there now, which no cache can tell. */
async function resolve(registry: Registry, reference: Reference, tag: string): Promise<PulledImage | Unanswered> {
  const resolved = await attempt(() => registry.resolve(reference, tag));
  return resolved.kind === 'answered' ? { kind: 'found', digest: resolved.value.digest } : resolved;
}

async function contentOf(
  registry: Registry,
  reference: Reference,
  image: PulledImage | Unanswered,
  platforms: readonly string[],
): Promise<Attempt<TagContent> | undefined> {
  if (image.kind !== 'found') return undefined;
  return attempt(() => readContent(registry, reference, image.digest, platforms));
}

/** An index that moved and holds the same images for all platforms in use has not moved for whoever builds on it. */
async function compare(
  registry: Registry,
  reference: Reference,
  tagged: PulledImage | Unanswered,
  pinned: Attempt<TagContent> | undefined,
  platforms: readonly string[],
): Promise<TagBesidePin | Unanswered> {
  if (tagged.kind === 'missing') return { kind: 'gone' };
  if (tagged.kind === 'unanswered') return tagged;
  if (tagged.digest === reference.digest) return { kind: 'same' };
  const moved: TagBesidePin = { kind: 'moved', digest: tagged.digest };
  if (pinned?.kind !== 'answered') return moved;
  const index = await attempt(() => registry.readManifest(reference, tagged.digest));
  if (index.kind !== 'answered' || index.value.kind !== 'index') return moved;
  const before = digestsByPlatform(pinned.value);
  const now = digestsByPlatform(contentOfIndex(index.value));
  const inUse = runnableOf([...before.keys()], platforms);
  const compared = inUse.length > 0 ? inUse : [...before.keys()];
  const isKept = compared.length > 0 && compared.every((platform) => now.get(platform) === before.get(platform));
  return isKept ? { kind: 'same' } : moved;
}

/** Those of the published platforms that builds for the wanted ones take. */
export function runnableOf(published: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.flatMap((text) => {
    const platform = parsePlatform(text);
    return (platform === undefined ? undefined : findRunnable(published, platform)) ?? [];
  });
}

/** Of several Windows builds all digests: another one is a move. */
function digestsByPlatform(content: TagContent): ReadonlyMap<string, string> {
  const groups = Map.groupBy(content.platforms, ({ platform }) => platformName(platform));
  return new Map([...groups].map(([platform, same]) => [platform, same.map(({ digest }) => digest).join(' ')]));
}

function contentFact(content: Attempt<TagContent> | undefined): Pick<RegistryFacts, 'content'> {
  if (content === undefined) return {};
  if (content.kind !== 'answered') return { content: asUnanswered(content) };
  const { platforms } = content.value;
  const sizes = new Map(
    platforms.flatMap(({ platform, sizeBytes }) =>
      sizeBytes === undefined ? [] : [[platformName(platform), sizeBytes] as const],
    ),
  );
  return {
    content: {
      kind: 'read',
      platforms: platformsOf(content.value),
      sizes: [...sizes].map(([platform, sizeBytes]) => ({ platform, sizeBytes })),
    },
  };
}

/** Normalised, each once. */
export function platformsOf({ platforms }: TagContent): readonly string[] {
  return [...new Set(platforms.map(({ platform }) => platformName(platform)))];
}

/** Without the Windows build that stands behind a blank. */
function platformName(text: string): string {
  const name = text.split(' ')[0] ?? text;
  const platform = parsePlatform(name);
  return platform === undefined ? name : formatPlatform(platform);
}

function digestOf(found: PulledImage | Unanswered): { readonly tagDigest?: Digest } {
  return found.kind === 'found' ? { tagDigest: found.digest } : {};
}
