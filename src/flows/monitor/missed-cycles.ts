import type { Cadence } from '../../domain/monitor/next-due.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';

const windowMs: Readonly<Record<Cadence, number>> = { daily: 86_400_000, weekly: 7 * 86_400_000 };

/** @returns a sentence when more than one window passed since the last cycle ended: what moved meanwhile is seen late. */
export function missedCycles(lastAt: Instant | undefined, now: Instant, cadence: Cadence): string | undefined {
  if (lastAt === undefined) return undefined;
  const missed = Math.floor((now - lastAt) / windowMs[cadence]) - 1;
  if (missed < 1) return undefined;
  const cycles = missed === 1 ? `one ${cadence} cycle was` : `${missed} ${cadence} cycles were`;
  return `${cycles} missed: the last one ended at ${formatInstant(lastAt)}`;
}
