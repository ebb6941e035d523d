import { allOf, type Episode, firstOf } from '../../domain/deadline/episode.ts';
import { closingOf } from '../../domain/deadline/milestones.ts';
import { publishedAt } from '../../domain/deadline/published-at.ts';
import {
  isReleasedAs,
  type ReleasedImage,
  type ReleaseImage,
  releasedName,
} from '../../domain/deadline/release-image.ts';
import { evidenceOf } from '../../domain/deadline/scan-evidence.ts';
import { placeKey, type TrackedUse } from '../../domain/deadline/tracked-use.ts';
import { repositoryName } from '../../domain/image/reference.ts';
import { anyPlatform } from '../../domain/monitor/sighting.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { ImageLedger } from '../../ports/store.ts';
import { findSources } from './image-sources.ts';
import { listReleasedTags, type ReleasedTag } from './list-released-tags.ts';
import type { AppliedWords } from './own-words.ts';
import { scanReleasedImages } from './scan-released-images.ts';
import type { ReadTree, TrackCycleRequest, TrackPorts } from './track-request.ts';

export type ImageReading = {
  /** In the order they were published in. */
  readonly images: readonly ReleasedImage[];
  /** What proves nothing, by the image. One clause each. */
  readonly refused: readonly { readonly image: string; readonly reason: string }[];
};

export type TrackedTree = {
  readonly tree: ReadTree;
  readonly uses: readonly TrackedUse[];
  readonly episodes: readonly Episode[];
  readonly without: AppliedWords['without'];
};

/** The releases of the images that the policy names, since the first episode that one of them may end, or may bring back, began. */
export async function readReleasedImages(
  ports: TrackPorts,
  tracked: TrackedTree,
  request: TrackCycleRequest,
): Promise<ImageReading> {
  const images: ReleasedImage[] = [];
  const refused: { readonly image: string; readonly reason: string }[] = [];
  for (const of of tracked.tree.policy.deadlines.releaseImages) {
    const concerned = tracked.episodes.filter(
      (episode) => isReleasedAs(of, episode) && isOpenOrHidden(episode, tracked),
    );
    const [since] = concerned.flatMap(({ events }) => firstOf(events, 'detected')?.at ?? []).toSorted((a, b) => a - b);
    const listed = await listReleasedTags(ports.registry, of);
    refused.push(...listed.refused.map((reason) => ({ image: repositoryName(of.address), reason })));
    const dated = await dateTags(ports, { tracked, of, tags: listed.tags, concerned }, request.now);
    // What is there already when something is detected is no release after it.
    if (since === undefined) continue;
    const later = dated.filter(({ publishedAt: at }) => at > since && at <= request.now);
    images.push(...(await scanReleasedImages(ports, { tracked, images: later, concerned }, request)));
  }
  for (const { source, platforms, ...image } of images) {
    const name = releasedName(image);
    if (source.kind === 'unknown') refused.push({ image: name, reason: source.reason });
    for (const { scan } of platforms.values())
      if (scan.kind !== 'scanned') refused.push({ image: name, reason: scan.message });
  }
  return { images: images.toSorted((a, b) => a.publishedAt - b.publishedAt), refused };
}

/** Also what an image ended while the base has it: the next image may have it again. */
function isOpenOrHidden({ subject, events }: Episode, { uses }: TrackedTree): boolean {
  if (closingOf(events) === undefined) return true;
  if (allOf(events, 'released').at(-1)?.what.digest === undefined) return false;
  const use = uses.find(({ place }) => placeKey(place) === placeKey(subject));
  return use !== undefined && evidenceOf(use.scan, subject).kind === 'present';
}

type Tagged = {
  readonly tracked: TrackedTree;
  readonly of: ReleaseImage;
  readonly tags: readonly ReleasedTag[];
  readonly concerned: readonly Episode[];
};

/** Writes down when each was published, which the next look would tell otherwise. */
async function dateTags(
  { store }: TrackPorts,
  { tracked: { tree }, of, tags, concerned }: Tagged,
  now: Instant,
): Promise<readonly Omit<ReleasedImage, 'platforms'>[]> {
  const image = repositoryName(of.address);
  const ledger = (await store.readImages([image])).get(image);
  const merged = concerned.flatMap(({ events }) => allOf(events, 'merged').flatMap(({ what }) => what.revision ?? []));
  const sourceOf = await findSources(tree.releases, { tags, head: tree.revision, merged: [...new Set(merged)] });
  const missedAt = lastLook(ledger);
  const dated = tags.map((tag) => {
    const { source, committedAt } = sourceOf(tag);
    const known = ledger?.sightings.findLast((one) => one.tag === tag.tag && one.platform === anyPlatform);
    const isKnown = known?.digest === tag.digest;
    const { createdAt } = tag;
    const at = isKnown ? known.firstSeenAt : publishedAt({ createdAt, committedAt, missedAt, firstSeenAt: now });
    return { of, tag: tag.tag, digest: tag.digest, kind: tag.kind, publishedAt: at, source };
  });
  // What is watched as a base has its sightings from there, which tell of moves.
  const watched = new Set(ledger?.checks.map(({ tag }) => tag));
  const sightings = dated
    .filter(({ tag }) => !watched.has(tag))
    .map(({ tag, digest, publishedAt: firstSeenAt }) => ({
      ...{ tag, platform: anyPlatform, digest, firstSeenAt, lastSeenAt: now, evidence: 'head' },
    }));
  if (sightings.length > 0) await store.record({ image, sightings });
  return dated;
}

function lastLook(ledger: ImageLedger | undefined): Instant | undefined {
  const seen = ledger?.sightings.map(({ lastSeenAt }) => lastSeenAt) ?? [];
  return seen.length === 0 ? undefined : seen.reduce((newest, at) => Math.max(newest, at));
}
