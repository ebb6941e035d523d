import { hash } from '../source/hash.ts';
import type { Instant } from '../source/instant.ts';
import type { TagCheck } from './tag-check.ts';

export type Cadence = 'daily' | 'weekly';

/** What is known of a tag when its next look is planned. */
export type DueFacts = {
  /** `image:tag`: its place in the window follows from it, the same each time. */
  readonly name: string;
  readonly cadence: Cadence;
  readonly at: Instant;
  /** Refusals in a row. */
  readonly failures: number;
  readonly movedAt?: Instant;
  /** Three numbers or more, or a digest beside it: it hardly ever moves. */
  readonly isExact: boolean;
  /** Nobody rebuilds it any more. */
  readonly isFrozen: boolean;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const windowMs: Readonly<Record<Cadence, number>> = { daily: dayMs, weekly: 7 * dayMs };
const restlessMs = 7 * dayMs;

/**
 * When a tag is looked at next: at its own time of the window, so that looks spread evenly.
 *
 * A tag that moved in the last week is looked at daily, an exact one weekly, one that nobody rebuilds every four weeks; the
 * cadence asked for is kept where it is slower. After a refusal: in a quarter of an hour, twice as long each time, and
 * never later than in the window.
 */
export function nextDue(facts: DueFacts): Instant {
  const { name, at, failures } = facts;
  const window = windowOf(facts);
  if (failures > 0) return at + Math.min(window, (hourMs / 4) * 2 ** Math.min(failures - 1, 10));
  const slot = Number.parseInt(hash(name).slice(-12), 16) % window;
  const next = Math.floor(at / window) * window + slot;
  // A look shortly before its time counts for it.
  return next - at >= window / 4 ? next : next + window;
}

/**
 * When a tag is due of which that was planned; an urgent one an hour after its last look, whatever its window.
 *
 * @param isUrgent a CRITICAL finding of its image waits for a base: policy 5.2.5. A registry that refuses is not asked oftener.
 */
export function dueAtOf(check: Pick<TagCheck, 'dueAt' | 'attemptedAt' | 'failures'>, isUrgent: boolean): Instant {
  return isUrgent && check.failures === 0 ? Math.min(check.dueAt, check.attemptedAt + hourMs) : check.dueAt;
}

function windowOf({ cadence, at, movedAt, isExact, isFrozen }: DueFacts): number {
  const asked = windowMs[cadence];
  if (movedAt !== undefined && at - movedAt < restlessMs) return asked;
  if (isFrozen) return 28 * dayMs;
  return isExact ? Math.max(asked, 7 * dayMs) : asked;
}
