import type { MonitorEvent } from '../../domain/monitor/event.ts';
import type { ListingOn } from '../../domain/monitor/find-releases.ts';
import { dueAtOf } from '../../domain/monitor/next-due.ts';
import type { WatchedImage, WatchedTag } from '../../domain/monitor/watched-image.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { RegistryError } from '../../ports/registry.ts';
import type { Store } from '../../ports/store.ts';
import { askListing } from './ask-listing.ts';
import { askTag } from './ask-tag.ts';
import { candidatesOf, type EarlierListing, type Following, releaseEvents, withContents } from './find-news.ts';
import type { ImageState } from './image-state.ts';
import type { MonitorPorts, MonitorRequest } from './monitor-request.ts';

/** One image after a cycle. */
export type MonitoredImage = {
  readonly watched: WatchedImage;
  readonly state: ImageState;
  /** By tag; absent where no listing tells. */
  readonly candidates: ReadonlyMap<string, Following>;
  /** Why the list of its tags could not be had. */
  readonly listingError?: RegistryError;
  readonly isTruncated: boolean;
  /** Tags that were asked for. */
  readonly asked: number;
};

/**
 * Asks for everything that one image needs in a cycle, and writes each answer down as it comes: what was written is not
 * asked for again when the cycle is interrupted.
 *
 * @param since when the cycle began.
 */
export async function monitorImage(
  { registry, store }: MonitorPorts,
  watched: WatchedImage,
  state: ImageState,
  request: MonitorRequest,
  since: Instant,
): Promise<MonitoredImage> {
  const asked = watched.tags.filter(({ tag }) => isWanted(watched.image, tag, state, request, since));
  const before = listingBefore(state);
  const listing =
    asked.length > 0 || !request.isDueOnly
      ? await askListing(registry, watched, state, request, since)
      : ({ kind: 'known' } as const);
  const digests = listing.kind === 'listed' ? listing.digests : undefined;
  await Promise.all(
    asked.map(async (tag) => {
      const observation = await askTag(registry, { watched, tag, state, request }, digests?.get(tag.tag));
      state.apply(observation);
      await store.record(observation);
      request.onAnswer?.();
    }),
  );
  if (listing.kind === 'listed') {
    const listedAt = request.clock();
    state.apply({ image: watched.image, listing: { tags: listing.news, gone: listing.gone, listedAt } });
  }
  const candidates = new Map<string, Following>();
  for (const tag of watched.tags) {
    const found = candidatesOf(watched, tag, state, request);
    if (found !== undefined) candidates.set(tag.tag, found);
  }
  if (listing.kind === 'listed') {
    const at = request.clock();
    // The same list on the same day has the same candidates.
    const isSame = listing.news.length + listing.gone.length === 0 && before?.day === formatInstant(at).slice(0, 10);
    const listed = before === undefined || isSame ? undefined : withContents(before, state);
    const events = await untold(
      store,
      watched.tags.flatMap((tag) => newsOf(tag, candidates, listed, at)),
    );
    state.apply({ image: watched.image, events });
    const { news: tags, gone } = listing;
    await store.record({ image: watched.image, listing: { tags, gone, listedAt: at }, events });
  }
  return {
    watched,
    state,
    candidates,
    asked: asked.length,
    isTruncated: listing.kind === 'listed' && listing.isTruncated,
    ...(listing.kind === 'refused' ? { listingError: listing.error } : {}),
  };

  function newsOf(
    tag: WatchedTag,
    found: ReadonlyMap<string, Following>,
    listed: ListingOn | undefined,
    at: Instant,
  ): ReturnType<typeof releaseEvents> {
    const now = found.get(tag.tag);
    return now === undefined ? [] : releaseEvents(watched, tag, now, listed, at, request);
  }
}

/** A version may be one that fits again: rebuilt tags change their dates. It was told the first time. */
async function untold(store: Store, events: readonly MonitorEvent[]): Promise<readonly MonitorEvent[]> {
  const [first] = events;
  if (first === undefined) return [];
  const told = new Set((await store.listEvents({ image: first.image })).map(({ key }) => key));
  return events.filter(({ key }) => !told.has(key));
}

/** Not what this cycle has verified before it was interrupted, nor what is not due yet. */
function isWanted(image: string, tag: string, state: ImageState, request: MonitorRequest, since: Instant): boolean {
  const check = state.checkOf(tag);
  const now = request.clock();
  // A look of a clock that was ahead says nothing of when the next one is due.
  if (check === undefined || check.attemptedAt > now) return true;
  if (request.isDueOnly) return dueAtOf(check, request.urgent.has(image)) <= now;
  return !(check.outcome === 'verified' && check.attemptedAt >= since);
}

function listingBefore(state: ImageState): EarlierListing | undefined {
  const { listedAt, tags } = state;
  return listedAt === undefined ? undefined : { tags, day: formatInstant(listedAt).slice(0, 10), listedAt };
}
