import type { Instant } from '../source/instant.ts';
import type { StandingEpisode } from './closed-episode.ts';
import type { RatedSeverity } from './deadline-settings.ts';
import { lagsOf } from './delay.ts';
import type { EpisodeStanding } from './episode-standing.ts';

/** How a group of episodes fared. Spans are milliseconds; absent where there is nothing to take them of. */
export type PatchMetrics = {
  readonly closedInTime: number;
  readonly closedLate: number;
  readonly openLate: number;
  /** Due, and in time so far. */
  readonly openInTime: number;
  /** Without a fix: nothing is due. */
  readonly watching: number;
  /** Closed although nothing was due, or because VEX says that it is not affected. */
  readonly notCounted: number;
  /** Of 0 to 1: closed in time, of all closed and all open late. An open one that is late counts against it. */
  readonly inTimeRate?: number;
  /** From the start of the clock to the release. */
  readonly timeToRelease?: Spread;
  /** From detection to the release. */
  readonly exposure?: Spread;
  /** From the fix to the first patched base; of open and closed ones. */
  readonly supplierLag?: Spread;
  /** From that base to the release; of closed ones. */
  readonly ourLag?: Spread;
  readonly pausedMs: number;
  readonly lateBy: Readonly<Record<Fault, number>>;
};

export type Spread = { readonly medianMs: number; readonly p90Ms: number; readonly of: number };

/** Who had the turn when the deadline passed. */
export type Fault = 'supplier' | 'ours';

export type Measured = Pick<StandingEpisode, 'standing'>;

export const ratedSeverities: readonly RatedSeverity[] = ['critical', 'high', 'medium', 'low'];

/** @param episodes those that are open, and those that were closed in the time that is reported. */
export function patchMetrics(episodes: readonly Measured[], now: Instant): PatchMetrics {
  const standings = episodes.map(({ standing }) => standing);
  const counts = Map.groupBy(standings, outcomeOf);
  const number = (outcome: Outcome) => counts.get(outcome)?.length ?? 0;
  const [inTime, closedLate, openLate] = [number('closed-in-time'), number('closed-late'), number('open-late')];
  const judged = inTime + closedLate + openLate;
  const ended = [...(counts.get('closed-in-time') ?? []), ...(counts.get('closed-late') ?? [])];
  const faults = standings.map(faultOf);
  return {
    ...{ closedInTime: inTime, closedLate, openLate, openInTime: number('open-in-time') },
    ...{ watching: number('watching'), notCounted: number('not-counted') },
    ...(judged === 0 ? {} : { inTimeRate: inTime / judged }),
    ...spread('timeToRelease', ended, ({ startAt, closed }) => difference(startAt, closed?.at)),
    ...spread('exposure', ended, ({ milestones, closed }) => difference(milestones.detectedAt, closed?.at)),
    ...spread('supplierLag', standings, ({ milestones, closed }) => lagsOf(milestones, closed?.at ?? now).supplierMs),
    ...spread('ourLag', ended, ({ milestones, closed }) => lagsOf(milestones, closed?.at ?? now).oursMs),
    pausedMs: standings.reduce((sum, { pausedMs }) => sum + pausedMs, 0),
    lateBy: {
      supplier: faults.filter((fault) => fault === 'supplier').length,
      ours: faults.filter((fault) => fault === 'ours').length,
    },
  };
}

/** Whose fault a missed deadline is: the supplier's, where no patched base was to be had when it passed. `undefined`: in time. */
export function faultOf({
  breachedAt,
  milestones,
}: Pick<EpisodeStanding, 'breachedAt' | 'milestones'>): Fault | undefined {
  if (breachedAt === undefined) return undefined;
  return milestones.baseAt === undefined || milestones.baseAt >= breachedAt ? 'supplier' : 'ours';
}

type Outcome = 'closed-in-time' | 'closed-late' | 'open-late' | 'open-in-time' | 'watching' | 'not-counted';

function outcomeOf({ state, closed, startAt, breachedAt }: EpisodeStanding): Outcome {
  switch (state) {
    case 'closed':
      if (startAt === undefined || closed?.because === 'not-applicable') return 'not-counted';
      return breachedAt === undefined ? 'closed-in-time' : 'closed-late';
    case 'late':
      return 'open-late';
    case 'watching':
      return 'watching';
    case 'running':
    case 'paused':
      return 'open-in-time';
  }
}

function spread<K extends string>(
  name: K,
  standings: readonly EpisodeStanding[],
  msOf: (standing: EpisodeStanding) => number | undefined,
): { readonly [P in K]?: Spread } {
  const all = standings.flatMap((standing) => msOf(standing) ?? []).sort((a, b) => a - b);
  const [medianMs, p90Ms] = [rank(all, 0.5), rank(all, 0.9)];
  if (medianMs === undefined || p90Ms === undefined) return {};
  // One key, which is the one that was asked for.
  return { [name]: { medianMs, p90Ms, of: all.length } } as { readonly [P in K]: Spread };
}

/** By nearest rank: a number that is among them. */
function rank(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)];
}

function difference(from: Instant | undefined, to: Instant | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}
