import type { ListedTag } from '../../domain/candidates/candidate.ts';
import { mayBeFollowed } from '../../domain/candidates/may-be-followed.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import type { WatchedImage } from '../../domain/monitor/watched-image.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';
import type { ImageState } from './image-state.ts';
import type { MonitorRequest } from './monitor-request.ts';

/** `digests`: what the registry's own listing says of its tags. `news`: tags and dates that were not known before; `gone`: known ones that it does not name any more. */
export type ListingOutcome =
  | { readonly kind: 'not-needed' | 'known' }
  | { readonly kind: 'refused'; readonly error: RegistryError }
  | {
      readonly kind: 'listed';
      readonly news: readonly ListedTag[];
      readonly gone: readonly string[];
      readonly digests: ReadonlyMap<string, Digest>;
      readonly isTruncated: boolean;
    };

/**
 * Asks for the tags of an image once a cycle, if any tag in use names something that a list can be compared with.
 *
 * @param since the cycle's beginning: a listing of this cycle is not asked for again.
 */
export async function askListing(
  registry: Registry,
  watched: WatchedImage,
  state: ImageState,
  { catalog, clock }: Pick<MonitorRequest, 'catalog' | 'clock'>,
  since: number,
): Promise<ListingOutcome> {
  if (!watched.tags.some(({ tag }) => mayBeFollowed(watched.image, tag, catalog))) return { kind: 'not-needed' };
  if (state.listedAt !== undefined && state.listedAt >= since && state.listedAt <= clock()) return { kind: 'known' };
  try {
    const { tags, extent } = await registry.listTags(watched.address, state.knownTags());
    const digests = tags.flatMap(({ tag, digest }) => (digest === undefined ? [] : [[tag, digest] as const]));
    const news = tags.flatMap(({ tag, pushedAt }) => {
      const known = state.listed(tag);
      if (known !== undefined && (pushedAt === undefined || known.pushedAt === pushedAt)) return [];
      return [{ tag, ...(pushedAt === undefined ? {} : { pushedAt }) }];
    });
    const named = new Set(tags.map(({ tag }) => tag));
    const gone = extent === 'all' ? [...state.knownTags()].filter((tag) => !named.has(tag)) : [];
    return { kind: 'listed', news, gone, digests: new Map(digests), isTruncated: extent === 'truncated' };
  } catch (error) {
    if (error instanceof RegistryError) return { kind: 'refused', error };
    throw error;
  }
}
