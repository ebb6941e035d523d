import type { Digest } from '../image/manifest.ts';
import type { Instant } from '../source/instant.ts';
import type { DeadlineSettings } from './deadline-settings.ts';
import { allOf, type Episode, type EpisodeEvent, type EventOf, firstOf } from './episode.ts';
import { isBuiltFromMerged, isReleasedAs, type ReleasedImage, releasedName, stagesOf } from './release-image.ts';
import { type Evidence, evidenceOf } from './scan-evidence.ts';
import { placeKey, type TrackedRelease } from './tracked-use.ts';

/** What was released: by git tags, and as images where the settings name some. In the order they were published in. */
export type ReleaseFacts = {
  readonly releases: readonly TrackedRelease[];
  readonly releasedImages: readonly ReleasedImage[];
  readonly settings: Pick<DeadlineSettings, 'releaseImages'>;
};

/** Releases since an episode began, or was back, that have its finding still. */
export function missedReleases(episode: Episode, facts: ReleaseFacts): readonly EpisodeEvent[] {
  return since(episode, facts).flatMap(({ evidence, publishedAt, told }) =>
    evidence?.kind === 'present' ? [{ at: publishedAt, what: { kind: 'release-missed', ...told } } as const] : [],
  );
}

/**
 * The first release since then that is proven free of it, provided that no later one has it again.
 *
 * @param base in use, where it has the finding still: only an image that was built on it and lacks the finding ends it.
 */
export function endingRelease(
  episode: Episode,
  facts: ReleaseFacts,
  base: Digest | undefined,
): EventOf<'released'> | undefined {
  const later = since(episode, facts);
  const lastWith = later.findLastIndex(({ evidence }) => isWith(evidence));
  const first = later
    .slice(lastWith + 1)
    .find(({ isProven, bases }) => isProven && (base === undefined || bases.includes(base)));
  return first === undefined ? undefined : { at: first.publishedAt, what: { kind: 'released', ...first.told } };
}

/**
 * Whether an episode was ended by an image that is free of its finding although the base had it, and no newer image is known to
 * have it again. After a base without it, the finding is back where the base has it again.
 */
export function isShippedWithout(episode: Episode, facts: ReleaseFacts): boolean {
  const { events } = episode;
  const ended = allOf(events, 'released').at(-1);
  if (ended?.what.digest === undefined || !isReleasedAsImage(episode, facts)) return false;
  const merged = allOf(events, 'merged').at(-1)?.at;
  if (merged !== undefined && merged > (begunAt(episode) ?? 0)) return false;
  return (
    viewsOf(episode, facts)
      .filter(({ publishedAt }) => publishedAt >= ended.at)
      .at(-1)?.evidence?.kind !== 'present'
  );
}

/** Whether what an episode is about ships in an image that the settings name: then a git tag is no release of it. */
export function isReleasedAsImage(episode: Episode, { settings }: Pick<ReleaseFacts, 'settings'>): boolean {
  return settings.releaseImages.some((one) => isReleasedAs(one, episode));
}

type ReleaseView = {
  readonly publishedAt: Instant;
  readonly told: Omit<EventOf<'released'>['what'], 'kind'>;
  /** `undefined`: it does not use the image there. */
  readonly evidence: Evidence | undefined;
  /** Built from what was merged. */
  readonly isProven: boolean;
  readonly bases: readonly Digest[];
};

function since(episode: Episode, facts: ReleaseFacts): readonly ReleaseView[] {
  const begun = begunAt(episode);
  return begun === undefined ? [] : viewsOf(episode, facts).filter(({ publishedAt }) => publishedAt > begun);
}

function begunAt({ events }: Episode): Instant | undefined {
  return allOf(events, 'reopened').at(-1)?.at ?? firstOf(events, 'detected')?.at;
}

function viewsOf(episode: Episode, facts: ReleaseFacts): readonly ReleaseView[] {
  if (!isReleasedAsImage(episode, facts))
    return facts.releases.map((release) => ({
      publishedAt: release.publishedAt,
      told: { name: release.name, release: release.kind },
      evidence: evidenceIn(release, episode),
      isProven: true,
      bases: [],
    }));
  const own = facts.releasedImages.filter(({ of }) => isReleasedAs(of, episode));
  return own.map((image) => {
    const { scan, bases } = image.platforms.get(episode.subject.platform) ?? unscanned;
    return {
      publishedAt: image.publishedAt,
      told: { name: releasedName(image), release: image.kind, digest: image.digest },
      evidence: evidenceOf(scan, episode.subject),
      isProven: isBuiltFromMerged(image, episode.events),
      bases,
    };
  });
}

const unscanned = { scan: { kind: 'failed', message: 'it was not scanned for this platform' }, bases: [] } as const;

/** `undefined`: it does not use the image there. Older releases know the stage by the name that it had. */
function evidenceIn({ uses }: TrackedRelease, { subject, events }: Episode): Evidence | undefined {
  const keys = stagesOf(subject, events).map((stage) => placeKey({ ...subject, stage }));
  const use = keys.map((key) => uses.find(({ place }) => placeKey(place) === key)).find((one) => one !== undefined);
  return use === undefined ? undefined : evidenceOf(use.scan, subject);
}

/** What VEX says is not affected is as good as gone: it is read as the branch has it now. */
function isWith(evidence: Evidence | undefined): boolean {
  return evidence !== undefined && evidence.kind !== 'absent' && evidence.kind !== 'not-affected';
}
