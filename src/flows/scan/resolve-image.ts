import type { Digest } from '../../domain/image/manifest.ts';
import { formatPlatform, type Platform, parsePlatform } from '../../domain/image/platform.ts';
import { familiarReference, type Reference } from '../../domain/image/reference.ts';
import { findRunnable } from '../../domain/image/runnable-platforms.ts';
import type { Registry } from '../../ports/registry.ts';
import { attempt } from '../online/attempt.ts';

/** `platform`: that a use or the run names. `digest`: what the reference stands for, where that is known already. */
export type WantedScan = { readonly reference: Reference; readonly platform?: string; readonly digest?: Digest };

/** An image as it is scanned: of one platform. */
export type ResolvedImage = {
  readonly kind: 'resolved';
  readonly reference: Reference;
  /** Of the image of that platform. */
  readonly digest: Digest;
  /** What the reference stands for: the index, where there is one. */
  readonly namedDigest: Digest;
  readonly platform: string;
};

export type Unresolved = { readonly kind: 'failed'; readonly message: string };

type ResolvingRegistry = Pick<Registry, 'resolve' | 'readManifest' | 'readConfig'>;

const defaultPlatform: Platform = { os: 'linux', architecture: 'amd64' };

/**
 * Which content a reference stands for on one platform: the one that is named, else `linux/amd64`, else the first that is there.
 * Refusals are told, never thrown.
 *
 * @param wanted.digest what the tag was just seen to stand for: it is not asked for again.
 */
export async function resolveImage(
  registry: ResolvingRegistry,
  wanted: WantedScan,
): Promise<ResolvedImage | Unresolved> {
  const found = await attempt(() => resolveOrThrow(registry, wanted));
  return found.kind === 'answered' ? found.value : { kind: 'failed', message: found.message };
}

async function resolveOrThrow(
  registry: ResolvingRegistry,
  { reference, platform: wanted, digest }: WantedScan,
): Promise<ResolvedImage | Unresolved> {
  const { tag = 'latest' } = reference;
  const namedDigest = reference.digest ?? digest ?? (await registry.resolve(reference, tag)).digest;
  const manifest = await registry.readManifest(reference, namedDigest);
  const resolved = { kind: 'resolved', reference, namedDigest } as const;
  if (manifest.kind === 'image') {
    const { platform } = await registry.readConfig(reference, manifest.configDigest);
    const own = formatPlatform(platform);
    return isFor([own], wanted) === undefined
      ? notPublished(reference, wanted, [own])
      : { ...resolved, digest: namedDigest, platform: own };
  }
  const children = manifest.children.flatMap((child) =>
    child.platform === undefined ? [] : [{ digest: child.digest, platform: formatPlatform(child.platform) }],
  );
  const published = children.map(({ platform }) => platform);
  const chosen = isFor(published, wanted);
  const child = children.find(({ platform }) => platform === chosen);
  return child === undefined ? notPublished(reference, wanted, published) : { ...resolved, ...child };
}

function isFor(published: readonly string[], wanted: string | undefined): string | undefined {
  if (wanted === undefined) return findRunnable(published, defaultPlatform) ?? published[0];
  const platform = parsePlatform(wanted);
  return platform === undefined ? undefined : findRunnable(published, platform);
}

function notPublished(reference: Reference, wanted: string | undefined, published: readonly string[]): Unresolved {
  const name = familiarReference(reference);
  const there = published.length === 0 ? 'for no platform at all' : `only for ${published.join(', ')}`;
  return {
    kind: 'failed',
    message: `${name} cannot be scanned${wanted === undefined ? '' : ` for ${wanted}`}: it is published ${there}`,
  };
}
