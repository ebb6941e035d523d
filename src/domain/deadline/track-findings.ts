import type { Instant } from '../source/instant.ts';
import type { DeadlineSettings } from './deadline-settings.ts';
import { type Episode, type EpisodeEvent, type EpisodeSubject, type RecordedEvent, subjectKey } from './episode.ts';
import { closingOf } from './milestones.ts';
import type { ReleasedImage } from './release-image.ts';
import { carryOver, renamedUses } from './renamed-uses.ts';
import { evidenceOf } from './scan-evidence.ts';
import { trackEpisode } from './track-episode.ts';
import type { KnownExploitedIds } from './track-exploited.ts';
import { isShippedWithout } from './track-releases.ts';
import { placeKey, type TrackedRelease, type TrackedUse, type UsePlace } from './tracked-use.ts';

/** One repository as a cycle found it. */
export type TrackRequest = {
  /** The newest of every subject of the repository, open or closed. */
  readonly episodes: readonly Episode[];
  readonly uses: readonly TrackedUse[];
  /** Every file was read: a use that is not there is gone. */
  readonly isWhole: boolean;
  /** In the order they were published in. */
  readonly releases: readonly TrackedRelease[];
  readonly releasedImages: readonly ReleasedImage[];
  readonly exploited: KnownExploitedIds;
  /** When the forge merged pull requests of ours, by their addresses. */
  readonly mergedAt: ReadonlyMap<string, Instant>;
  readonly revision?: string;
  readonly settings: DeadlineSettings;
  readonly now: Instant;
};

export type Tracking = {
  /** To append first: of stages that were renamed, where everything is told again under the new name. */
  readonly carried: readonly RecordedEvent[];
  /** To append: what is new. */
  readonly events: readonly RecordedEvent[];
  /** Uses whose scan proves nothing, and why: their clocks run on. */
  readonly unproven: readonly { readonly place: UsePlace; readonly reason: string }[];
};

/**
 * What happened to the findings of one repository since it was looked at last.
 *
 * Told twice with the same facts and the same time it tells the same events, so that a cycle that was killed can be repeated.
 *
 * @see policy 5.2.5; docs/deadlines.md
 */
export function trackFindings(request: TrackRequest): Tracking {
  const { uses, isWhole } = request;
  const { episodes, carried, renamed } = afterRenames(request);
  const bySubject = new Map(episodes.map((episode) => [subjectKey(episode.subject), episode]));
  const byPlace = new Map(uses.map((use) => [placeKey(use.place), use]));
  const found = uses.flatMap((use) => foundIn(use, bySubject, request));
  const returned = new Set(found.map(({ subject }) => subjectKey(subject)));
  const known = [...bySubject.values()].flatMap((episode) => {
    if (returned.has(subjectKey(episode.subject)) || closingOf(episode.events) !== undefined) return [];
    const key = placeKey(episode.subject);
    const use = byPlace.get(key) ?? renamed.get(key);
    if (use === undefined && !isWhole) return [];
    return trackOne(episode, [], use, request);
  });
  return { carried, events: [...found, ...known], unproven: uses.flatMap(unprovenOf) };
}

/** Where a stage is called otherwise now, and its image has the finding still, the episode goes on there. */
function afterRenames({ episodes, uses, isWhole, settings, now }: TrackRequest) {
  const renamed = isWhole ? renamedUses(episodes, uses) : new Map<string, TrackedUse>();
  const numbers = new Map(episodes.map(({ subject, number }) => [subjectKey(subject), number]));
  const moves = episodes.flatMap((episode) => {
    const use = renamed.get(placeKey(episode.subject));
    if (use === undefined || closingOf(episode.events) !== undefined) return [];
    if (evidenceOf(use.scan, episode.subject).kind !== 'present') return [];
    const before = numbers.get(subjectKey({ ...episode.subject, stage: use.place.stage }));
    return [{ from: episode, ...carryOver(episode, use, { number: (before ?? 0) + 1, settings, now }) }];
  });
  const left = new Set(moves.map(({ from }) => from));
  return {
    // Of one subject the last one counts.
    episodes: [...episodes.filter((episode) => !left.has(episode)), ...moves.map(({ episode }) => episode)],
    carried: moves.flatMap(({ events }) => events),
    renamed,
  };
}

/** Findings without an open episode: new, or back. */
function foundIn(
  use: TrackedUse,
  bySubject: ReadonlyMap<string, Episode>,
  request: TrackRequest,
): readonly RecordedEvent[] {
  const { scan, place, tag } = use;
  const named = tag === undefined ? {} : { tag };
  if (scan.kind !== 'scanned') return [];
  const { now, settings } = request;
  return scan.findings.flatMap((finding) => {
    const { id, sourcePackage, severity } = finding;
    const subject: EpisodeSubject = { ...place, id, sourcePackage };
    const before = bySubject.get(subjectKey(subject));
    const end = before === undefined ? undefined : closingOf(before.events);
    if (before !== undefined && (end === undefined || isShippedWithout(before, request))) return [];
    if (before !== undefined && end !== undefined && end.because !== 'renamed' && now - end.at <= settings.reopenMs)
      return trackOne(before, [{ at: now, what: { kind: 'reopened', digest: scan.digest, ...named } }], use, request);
    const { digest, scanner } = scan;
    const detected: EpisodeEvent = { at: now, what: { kind: 'detected', digest, severity, scanner, ...named } };
    return trackOne({ subject, number: (before?.number ?? 0) + 1, events: [] }, [detected], use, request);
  });
}

function trackOne(
  episode: Episode,
  begun: readonly EpisodeEvent[],
  use: TrackedUse | undefined,
  { releases, releasedImages, exploited, mergedAt, revision, settings, now }: TrackRequest,
): readonly RecordedEvent[] {
  const { subject, number, events } = episode;
  const facts = {
    use,
    releases,
    releasedImages,
    exploited,
    mergedAt,
    settings,
    now,
    ...(revision === undefined ? {} : { revision }),
  };
  const next = trackEpisode({ subject, number, events: [...events, ...begun] }, facts);
  return [...begun, ...next].map((event) => ({ subject, number, event }));
}

function unprovenOf({ place, scan }: TrackedUse): Tracking['unproven'] {
  if (scan.kind !== 'scanned') return [{ place, reason: scan.message }];
  return scan.isEndOfLife ? [{ place, reason: 'nobody publishes advisories for its system any more' }] : [];
}
