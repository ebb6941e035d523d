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

/** Where the twelve stretches of equal length begin and end. */
export function stretchesOf(since: Instant, now: Instant): readonly Pick<Period, 'from' | 'until'>[] {
  const length = lengthOf(since, now);
  return Array.from({ length: periods }, (_, at) => ({
    from: Math.round(since + at * length),
    until: Math.round(since + (at + 1) * length),
  }));
}

function lengthOf(since: Instant, now: Instant): number {
  return Math.max(1, (now - since) / periods);
}

/** In which of them an instant lies; `undefined`: before or after all of them. */
export function stretchOf(instant: Instant, since: Instant, now: Instant): number | undefined {
  if (instant < since || instant > now) return undefined;
  return Math.min(periods - 1, Math.floor((instant - since) / lengthOf(since, now)));
}

/** Twelve stretches of equal length. */
export function trendOf(episodes: readonly Measured[], since: Instant, now: Instant): readonly Period[] {
  const counts = Array.from({ length: periods }, () => ({ closedInTime: 0, closedLate: 0, breached: 0 }));
  const at = (instant: Instant) => counts[stretchOf(instant, since, now) ?? periods];
  for (const { standing } of episodes) {
    const { breachedAt, closed, startAt } = standing;
    const breach = breachedAt === undefined ? undefined : at(breachedAt);
    if (breach !== undefined) breach.breached += 1;
    const end = closed === undefined || closed.because === 'not-applicable' ? undefined : at(closed.at);
    if (end === undefined || startAt === undefined) continue;
    if (breachedAt === undefined) end.closedInTime += 1;
    else end.closedLate += 1;
  }
  const stretches = stretchesOf(since, now);
  return counts.flatMap((count, index) => {
    const stretch = stretches[index];
    return stretch === undefined ? [] : [{ ...stretch, ...count }];
  });
}
