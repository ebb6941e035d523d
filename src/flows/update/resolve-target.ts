import type { Digest, ImageIndex } from '../../domain/image/manifest.ts';
import { formatPlatform } from '../../domain/image/platform.ts';
import { familiarReference, type Reference } from '../../domain/image/reference.ts';
import { contentOfIndex } from '../../domain/monitor/tag-content.ts';
import type { Unanswered } from '../../domain/policy/registry-facts.ts';
import type { ChosenStep } from '../../domain/update/choose-steps.ts';
import type { Registry } from '../../ports/registry.ts';
import { platformsOf, runnableOf } from '../online/ask-image.ts';
import { asUnanswered, attempt } from '../online/attempt.ts';

/** Where a step leads, with the digest to write where one is written. */
export type ResolvedTarget =
  | { readonly kind: 'ready'; readonly to: Reference; readonly digest: Digest }
  | { readonly kind: 'refused'; readonly reason: string }
  | Unanswered;

/**
 * Looks at what a step leads to before it is proposed: whether it is there, whether it is another image at all, and whether it
 * is published for every platform in use. Where a digest of one platform is pinned, that of the same platform is written.
 *
 * @param platforms in use, normalised.
 */
export async function resolveTarget(
  registry: Registry,
  from: Reference,
  step: ChosenStep,
  platforms: readonly string[],
): Promise<ResolvedTarget> {
  const { to, writesDigest } = step;
  const { tag, digest: known, ...address } = to;
  const resolved =
    known === undefined
      ? await attempt(() => registry.resolve(to, tag ?? 'latest'))
      : ({ kind: 'answered', value: { digest: known } } as const);
  if (resolved.kind === 'missing')
    return { kind: 'refused', reason: `the registry lists ${tag ?? 'latest'} and does not have it` };
  if (resolved.kind !== 'answered') return resolved;
  const { digest } = resolved.value;
  if (digest === from.digest && tag !== from.tag)
    return { kind: 'refused', reason: `${tag ?? 'latest'} is the image that is pinned already` };
  if (!writesDigest && platforms.length === 0) return { kind: 'ready', to: bare(address, tag), digest };
  const manifest = await attempt(() => registry.readManifest(to, digest));
  if (manifest.kind !== 'answered') return asUnanswered(manifest);
  if (manifest.value.kind === 'index') {
    const published = platformsOf(contentOfIndex(manifest.value));
    const missing = platforms.filter((platform) => runnableOf(published, [platform]).length === 0);
    if (missing.length > 0)
      return { kind: 'refused', reason: `${familiarReference(to)} lacks ${missing.join(' and ')}` };
  }
  if (!writesDigest) return { kind: 'ready', to: bare(address, tag), digest };
  const written = manifest.value.kind === 'index' ? await ofPinnedKind(registry, from, manifest.value) : { digest };
  if (written === undefined)
    return { kind: 'refused', reason: `${familiarReference(to)} has no image for the one platform that is pinned` };
  if (!('digest' in written)) return written;
  if (written.digest === from.digest)
    return { kind: 'refused', reason: 'the image of the pinned platform has not changed' };
  return { kind: 'ready', to: { ...bare(address, tag), digest: written.digest }, digest: written.digest };
}

function bare(address: Pick<Reference, 'registry' | 'repository'>, tag: string | undefined): Reference {
  return { ...address, ...(tag === undefined ? {} : { tag }) };
}

/** Of an index: itself where an index is pinned now, else its child for the platform of the image that is pinned. */
async function ofPinnedKind(
  registry: Registry,
  from: Reference,
  index: ImageIndex,
): Promise<{ readonly digest: Digest } | Unanswered | undefined> {
  const { digest } = from;
  if (digest === undefined) return { digest: index.digest };
  const pinned = await attempt(() => registry.readManifest(from, digest));
  // A digest that is gone tells nothing of its kind any more: most pin an index.
  if (pinned.kind === 'missing') return { digest: index.digest };
  if (pinned.kind !== 'answered') return pinned;
  const manifest = pinned.value;
  if (manifest.kind === 'index') return { digest: index.digest };
  const config = await attempt(() => registry.readConfig(from, manifest.configDigest));
  if (config.kind !== 'answered') return asUnanswered(config);
  const wanted = formatPlatform(config.value.platform);
  return index.children.find(({ platform }) => platform !== undefined && formatPlatform(platform) === wanted);
}
