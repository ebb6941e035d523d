import type { Candidates, ListedTag } from '../../domain/candidates/candidate.ts';
import { findCandidates } from '../../domain/candidates/find-candidates.ts';
import { mayBeFollowed } from '../../domain/candidates/may-be-followed.ts';
import { eventKey, type MonitorEvent } from '../../domain/monitor/event.ts';
import { findReleases, type ListingOn } from '../../domain/monitor/find-releases.ts';
import type { WatchedImage, WatchedTag } from '../../domain/monitor/watched-image.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { ImageState } from './image-state.ts';
import type { MonitorRequest } from './monitor-request.ts';

/** Why the other tags may not follow is let go: of each tag in use it is as long as the list, and nobody asks `monitor`. */
export type Following = Omit<Candidates, 'rejected'>;

export type EarlierListing = ListingOn & { readonly listedAt: Instant };

/** What may follow a tag by all that is known of its image; `undefined` where nothing was ever listed. */
export function candidatesOf(
  watched: WatchedImage,
  { tag, platforms }: WatchedTag,
  state: ImageState,
  { catalog, clock }: MonitorRequest,
): Following | undefined {
  if (state.listedAt === undefined || !mayBeFollowed(watched.image, tag, catalog)) return undefined;
  const tags = [...state.tags, ...contents(state)];
  const today = formatInstant(clock()).slice(0, 10);
  const { rejected: _, ...following } = findCandidates({
    reference: { ...watched.address, tag },
    tags,
    catalog,
    today,
    platforms,
  });
  return following;
}

/** Versions that were released, and lines that became fit, since the listing before. */
export function releaseEvents(
  watched: WatchedImage,
  tag: WatchedTag,
  now: Following,
  before: ListingOn | undefined,
  at: Instant,
  { catalog }: MonitorRequest,
): readonly MonitorEvent[] {
  const reference = { ...watched.address, tag: tag.tag };
  const listed = before === undefined ? undefined : { ...before, platforms: tag.platforms };
  return findReleases(reference, listed, now, catalog).map(({ lane, tag: newTag, repository }) => {
    const named = repository === undefined ? {} : { repository };
    const what = { kind: 'version-released', lane, newTag, ...named } as const;
    return { key: eventKey(watched.image, tag.tag, at, what), at, image: watched.image, tag: tag.tag, what };
  });
}

/**
 * An earlier listing with what is known by now of its tags. A tag that was looked at by then belongs to it even if it did not
 * name it: a registry may lose some of its list for a while, and what comes back is no news.
 */
export function withContents(before: EarlierListing, state: ImageState): ListingOn {
  const names = new Set(before.tags.map(({ tag }) => tag));
  const wasSeen = (tag: string) => state.pastOf(tag).some(({ firstSeenAt }) => firstSeenAt <= before.listedAt);
  const known = contents(state).filter(({ tag }) => names.has(tag) || wasSeen(tag));
  return { ...before, tags: [...before.tags, ...known] };
}

/** Digest and platforms of the tags whose content was read. */
function contents(state: ImageState): readonly ListedTag[] {
  return state.seenTags().flatMap((tag): readonly ListedTag[] => {
    const digest = state.pastOf(tag).at(-1)?.digest;
    const platforms = state.platformsOf(tag).map(({ platform }) => platform);
    if (digest === undefined || state.listed(tag) === undefined) return [];
    return [{ tag, digest, ...(platforms.length === 0 ? {} : { platforms }) }];
  });
}
