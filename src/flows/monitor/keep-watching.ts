import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { MonitorResult } from './monitor-result.ts';

/** How often at most: what falls due in between is asked for together. */
const shortestMs = 15 * 60_000;
/** How seldom at most: the trees are read anew for images that were added. */
const longestMs = 3_600_000;

/**
 * Runs cycles for ever, each when the next tag falls due.
 *
 * @param cycle one cycle over what is due; `nextDueAt` of its result says when the next tag is.
 * @param wait resolves after some milliseconds; rejects or never resolves when the program ends.
 */
export async function keepWatching(
  cycle: () => Promise<MonitorResult>,
  tell: (result: MonitorResult, nextAt: string) => void,
  { clock, wait }: { readonly clock: () => Instant; readonly wait: (ms: number) => Promise<void> },
): Promise<never> {
  for (;;) {
    const result = await cycle();
    const now = clock();
    const dueAt = result.nextDueAt === null ? now + longestMs : Date.parse(result.nextDueAt);
    const pauseMs = Math.min(longestMs, Math.max(shortestMs, dueAt - now));
    tell(result, formatInstant(now + pauseMs));
    await wait(pauseMs);
  }
}
