import type { Instant } from '../source/instant.ts';
import type { Measured } from './metrics.ts';

/** What happened in one stretch of the time that is reported. */
export type Period = {
  readonly from: Instant;
  readonly until: Instant;
  readonly closedInTime: number;
  readonly closedLate: number;
  /** Passed their deadline, closed since or not. */
  readonly breached: number;
};

const periods = 12;

/** Twelve stretches of equal length. */
export function trendOf(episodes: readonly Measured[], since: Instant, now: Instant): readonly Period[] {
  const length = Math.max(1, (now - since) / periods);
  const counts = Array.from({ length: periods }, () => ({ closedInTime: 0, closedLate: 0, breached: 0 }));
  const at = (instant: Instant) =>
    instant < since || instant > now
      ? undefined
      : counts[Math.min(periods - 1, Math.floor((instant - since) / length))];
  for (const { standing } of episodes) {
    const { breachedAt, closed, startAt } = standing;
    const breach = breachedAt === undefined ? undefined : at(breachedAt);
    if (breach !== undefined) breach.breached += 1;
    const end = closed === undefined || closed.because === 'not-applicable' ? undefined : at(closed.at);
    if (end === undefined || startAt === undefined) continue;
    if (breachedAt === undefined) end.closedInTime += 1;
    else end.closedLate += 1;
  }
  return counts.map((count, index) => ({
    from: Math.round(since + index * length),
    until: Math.round(since + (index + 1) * length),
    ...count,
  }));
}
