import type { Instant } from '../source/instant.ts';
import type { StandingEpisode } from './closed-episode.ts';
import { type DeadlineSettings, defaultDeadlineSettings, type RatedSeverity } from './deadline-settings.ts';
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
  /** Counted from the fix instead of from the start rule, which rewards who looks seldom. */
  readonly fromFix: FixMetrics;
  readonly lateBy: Readonly<Record<Fault, number>>;
};

/** By the window of the severity after the fix was out, whatever was paused. What has no such window is in none of the numbers. */
export type FixMetrics = Readonly<Record<FixOutcome, number>> & { readonly inTimeRate?: number };

export type Spread = { readonly medianMs: number; readonly p90Ms: number; readonly of: number };

/** Who had the turn when the deadline passed. */
export type Fault = 'supplier' | 'ours';

export type Measured = Pick<StandingEpisode, 'standing'>;

export const ratedSeverities: readonly RatedSeverity[] = ['critical', 'high', 'medium', 'low'];

/**
 * @param episodes those that are open, and those that were closed in the time that is reported.
 * @param settings by whose windows is counted from the fix.
 */
export function patchMetrics(
  episodes: readonly Measured[],
  now: Instant,
  settings: Pick<DeadlineSettings, 'windowsMs'> = defaultDeadlineSettings,
): PatchMetrics {
  return groupedMetrics(episodes, now, settings, () => []).total;
}

/** How all fared, and each of the groups that they are in. Of many episodes each is measured once. */
export function groupedMetrics<T extends Measured, G>(
  episodes: readonly T[],
  now: Instant,
  settings: Pick<DeadlineSettings, 'windowsMs'>,
  groupsOf: (episode: T) => readonly G[],
): { readonly total: PatchMetrics; readonly groups: ReadonlyMap<G, PatchMetrics> } {
  const total = new Sums();
  const groups = new Map<G, Sums>();
  for (const episode of episodes) {
    const measures = measure(episode.standing, now, settings);
    total.add(measures);
    for (const group of groupsOf(episode)) {
      const known = groups.get(group);
      const sums = known ?? new Sums();
      if (known === undefined) groups.set(group, sums);
      sums.add(measures);
    }
  }
  return {
    total: total.metrics(),
    groups: new Map([...groups].map(([group, sums]) => [group, sums.metrics()] as const)),
  };
}

/** What one episode adds to the numbers. */
type Measures = {
  readonly outcome: Outcome;
  readonly fault: Fault | undefined;
  readonly ofFix: FixOutcome | undefined;
  readonly pausedMs: number;
  readonly supplierMs: number | undefined;
  /** Of closed ones that count. */
  readonly toReleaseMs: number | undefined;
  readonly exposureMs: number | undefined;
  readonly oursMs: number | undefined;
};

function measure(standing: EpisodeStanding, now: Instant, settings: Pick<DeadlineSettings, 'windowsMs'>): Measures {
  const { startAt, closed, milestones, pausedMs } = standing;
  const outcome = outcomeOf(standing);
  const { supplierMs, oursMs } = lagsOf(milestones, closed?.at ?? now);
  const isCounted = outcome === 'closedInTime' || outcome === 'closedLate';
  return {
    ...{ outcome, fault: faultOf(standing), ofFix: fixOutcomeOf(standing, now, settings), pausedMs, supplierMs },
    toReleaseMs: isCounted ? difference(startAt, closed?.at) : undefined,
    exposureMs: isCounted ? difference(milestones.detectedAt, closed?.at) : undefined,
    oursMs: isCounted ? oursMs : undefined,
  };
}

/** Of a group, as they come. */
class Sums {
  readonly #counts = {
    ...{ closedInTime: 0, closedLate: 0, openLate: 0, openInTime: 0, watching: 0, notCounted: 0 },
  } satisfies Record<Outcome, number>;
  readonly #lateBy = { supplier: 0, ours: 0 };
  readonly #fix = { closedInTime: 0, closedLate: 0, openLate: 0 };
  readonly #timeToRelease = new Spans();
  readonly #exposure = new Spans();
  readonly #supplierLag = new Spans();
  readonly #ourLag = new Spans();
  #pausedMs = 0;

  add({ outcome, fault, ofFix, pausedMs, supplierMs, toReleaseMs, exposureMs, oursMs }: Measures): void {
    this.#counts[outcome] += 1;
    this.#pausedMs += pausedMs;
    if (fault !== undefined) this.#lateBy[fault] += 1;
    if (ofFix !== undefined) this.#fix[ofFix] += 1;
    this.#supplierLag.add(supplierMs);
    this.#timeToRelease.add(toReleaseMs);
    this.#exposure.add(exposureMs);
    this.#ourLag.add(oursMs);
  }

  metrics(): PatchMetrics {
    const [counts, fix] = [{ ...this.#counts }, { ...this.#fix }];
    const judged = counts.closedInTime + counts.closedLate + counts.openLate;
    const judgedOfFix = fix.closedInTime + fix.closedLate + fix.openLate;
    return {
      ...counts,
      ...(judged === 0 ? {} : { inTimeRate: counts.closedInTime / judged }),
      ...this.#timeToRelease.spread((spread) => ({ timeToRelease: spread })),
      ...this.#exposure.spread((spread) => ({ exposure: spread })),
      ...this.#supplierLag.spread((spread) => ({ supplierLag: spread })),
      ...this.#ourLag.spread((spread) => ({ ourLag: spread })),
      pausedMs: this.#pausedMs,
      fromFix: { ...fix, ...(judgedOfFix === 0 ? {} : { inTimeRate: fix.closedInTime / judgedOfFix }) },
      lateBy: { ...this.#lateBy },
    };
  }
}

/** Whose fault a missed deadline is: the supplier's, where no patched base was to be had when it passed. `undefined`: in time. */
export function faultOf({
  breachedAt,
  milestones,
}: Pick<EpisodeStanding, 'breachedAt' | 'milestones'>): Fault | undefined {
  if (breachedAt === undefined) return undefined;
  return milestones.baseAt === undefined || milestones.baseAt >= breachedAt ? 'supplier' : 'ours';
}

export type FixOutcome = 'closedInTime' | 'closedLate' | 'openLate';

/** How one fared from the fix on; `undefined`: without a fix, not counted, not due yet, or without a bound in time. */
export function fixOutcomeOf(
  standing: Pick<EpisodeStanding, 'milestones' | 'severity' | 'closed' | 'state' | 'startAt'>,
  now: Instant,
  { windowsMs }: Pick<DeadlineSettings, 'windowsMs'>,
): FixOutcome | undefined {
  const { milestones, severity, closed, startAt } = standing;
  const windowMs = windowsMs[severity];
  if (milestones.fixAt === undefined || windowMs === undefined) return undefined;
  const isOver = (closed?.at ?? now) > milestones.fixAt + windowMs;
  if (closed === undefined) return isOver ? 'openLate' : undefined;
  if (startAt === undefined || closed.because === 'not-applicable') return undefined;
  return isOver ? 'closedLate' : 'closedInTime';
}

export type Outcome = keyof Pick<
  PatchMetrics,
  'closedInTime' | 'closedLate' | 'openLate' | 'openInTime' | 'watching' | 'notCounted'
>;

export function outcomeOf({ state, closed, startAt, breachedAt }: EpisodeStanding): Outcome {
  switch (state) {
    case 'closed':
      if (startAt === undefined || closed?.because === 'not-applicable') return 'notCounted';
      return breachedAt === undefined ? 'closedInTime' : 'closedLate';
    case 'late':
      return 'openLate';
    case 'watching':
      return 'watching';
    case 'running':
    case 'paused':
      return 'openInTime';
  }
}

/** Many spans: sorted as plain numbers, which is ten times as fast as with a function that compares. */
class Spans {
  readonly #all: number[] = [];

  add(ms: number | undefined): void {
    if (ms !== undefined) this.#all.push(ms);
  }

  /** @returns nothing where there is none to take it of */
  spread<T extends object>(name: (spread: Spread) => T): T | undefined {
    if (this.#all.length === 0) return undefined;
    const ascending = Float64Array.from(this.#all).sort();
    const rank = (share: number) => ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? 0;
    // By nearest rank: a number that is among them.
    return name({ medianMs: rank(0.5), p90Ms: rank(0.9), of: ascending.length });
  }
}

function difference(from: Instant | undefined, to: Instant | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}
