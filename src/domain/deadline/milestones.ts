import type { Instant } from '../source/instant.ts';
import { allOf, type EpisodeEvent, type EventOf, firstOf } from './episode.ts';

/** Whatever the start rule, all of them are kept and shown. */
export type Milestones = {
  readonly detectedAt?: Instant;
  readonly fixAt?: Instant;
  readonly baseAt?: Instant;
  readonly proposedAt?: Instant;
  /** When the checks of a proposal passed. */
  readonly verifiedAt?: Instant;
  readonly mergedAt?: Instant;
  /** When a release was asked for that brings what the tag came to. */
  readonly rebuildAskedAt?: Instant;
  readonly releasedAt?: Instant;
};

/** @param events those that happened until the instant that is asked about. */
export function milestonesOf(events: readonly EpisodeEvent[]): Milestones {
  const named = {
    detectedAt: firstOf(events, 'detected'),
    fixAt: firstOf(events, 'fix-available'),
    baseAt: firstOf(events, 'base-available'),
    proposedAt: firstOf(events, 'proposed'),
    verifiedAt: allOf(events, 'verified').find(({ what }) => what.decision === 'pass'),
    mergedAt: firstOf(events, 'merged'),
    rebuildAskedAt: firstOf(events, 'rebuild-asked'),
    releasedAt: firstOf(events, 'released'),
  } as const;
  const there = Object.entries(named).flatMap(([name, event]) => (event === undefined ? [] : [[name, event.at]]));
  return Object.fromEntries(there);
}

export type Closing = { readonly at: Instant } & Pick<EventOf<'closed'>['what'], 'because' | 'by'>;

/** When an episode was closed; a return afterwards opens it again. */
export function closingOf(events: readonly EpisodeEvent[]): Closing | undefined {
  const last = lastClosing(events);
  if (last === undefined) return undefined;
  const { because, by } = last.what;
  return { at: last.at, because, ...(by === undefined ? {} : { by }) };
}

/** The event by which an episode is over, with what was frozen then. */
export function lastClosing(events: readonly EpisodeEvent[]): EventOf<'closed'> | undefined {
  const last = allOf(events, 'closed').at(-1);
  const back = allOf(events, 'reopened').at(-1);
  return last === undefined || (back !== undefined && back.at >= last.at) ? undefined : last;
}
