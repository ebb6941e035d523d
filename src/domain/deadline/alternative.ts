import type { Instant } from '../source/instant.ts';
import type { Episode, EpisodeEvent } from './episode.ts';
import { evidenceOf } from './scan-evidence.ts';
import type { UseAlternatives } from './tracked-use.ts';

/** Another line or variant that scans free of a finding while the line in use has no patched base. */
export type Alternative = {
  /** Canonical: what the use names. */
  readonly of: string;
  /** Canonical: what could stand in its place. */
  readonly reference: string;
  /** Of the content that was scanned. */
  readonly digest: string;
  readonly since: Instant;
};

/** What stands in by all that was told, the likeliest first. @param events in the order they were recorded in */
export function standingAlternatives(events: readonly EpisodeEvent[]): readonly Alternative[] {
  const standing = new Map<string, Alternative>();
  for (const { at, what } of events) {
    if (what.kind === 'alternative-gone') standing.delete(what.reference);
    if (what.kind !== 'alternative-available') continue;
    const { of, reference, digest } = what;
    standing.set(reference, { of, reference, digest, since: standing.get(reference)?.since ?? at });
  }
  return [...standing.values()];
}

/**
 * What became of the alternatives of an episode. One that a scan shows to have the finding, and one that is offered no more, is gone; a
 * scan that proves nothing leaves things as they were told before. They pause and stop no clock.
 *
 * @param alternatives `undefined`: nobody looked for any, so that nothing is told.
 */
export function trackAlternatives(
  { subject, events }: Episode,
  alternatives: UseAlternatives | undefined,
  now: Instant,
): readonly EpisodeEvent[] {
  if (alternatives === undefined) return [];
  const { of, bases } = alternatives;
  const standing = standingAlternatives(events);
  const looked = bases.map(({ reference, scan }) => ({ reference, evidence: evidenceOf(scan, subject) }));
  const kept = new Set(looked.flatMap(({ reference, evidence }) => (mayStay(evidence.kind) ? [reference] : [])));
  const gone = standing.filter((one) => one.of !== of || !kept.has(one.reference));
  const found = looked.flatMap(({ reference, evidence }) => {
    if (evidence.kind !== 'absent') return [];
    const { digest } = evidence;
    const isKnown = standing.some((one) => one.of === of && one.reference === reference && one.digest === digest);
    return isKnown ? [] : [{ at: now, what: { kind: 'alternative-available', of, reference, digest } } as const];
  });
  return [
    ...gone.map(({ reference }) => ({ at: now, what: { kind: 'alternative-gone', reference } }) as const),
    ...found,
  ];
}

function mayStay(kind: ReturnType<typeof evidenceOf>['kind']): boolean {
  return kind === 'absent' || kind === 'unproven';
}
