import type { Instant } from '../../domain/source/instant.ts';

const longestWaitMs = 24 * 3_600_000;

/**
 * Until when a host asks to wait, a day at most.
 *
 * @param after seconds
 * @param reset the second of its clock when a limit starts anew
 * @returns `undefined` when it says neither
 */
export function askedWait(after: string | undefined, reset: string | undefined, now: Instant): Instant | undefined {
  const seconds = Number(after ?? Number.NaN);
  if (seconds >= 0) return now + Math.min(longestWaitMs, seconds * 1000);
  const resetAt = Number(reset ?? Number.NaN) * 1000;
  return resetAt >= 0 ? Math.min(now + longestWaitMs, Math.max(now, resetAt)) : undefined;
}
