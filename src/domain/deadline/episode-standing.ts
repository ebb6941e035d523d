import type { Instant } from '../source/instant.ts';
import { type Alternative, standingAlternatives } from './alternative.ts';
import type { DeadlineSettings, RatedSeverity } from './deadline-settings.ts';
import { allOf, type Episode, type EpisodeEvent } from './episode.ts';
import { episodeClock, type NamedPause, ratingsOf } from './episode-clock.ts';
import { type Closing, closingOf, type Milestones, milestonesOf } from './milestones.ts';
import { type OpenProposal, openProposal } from './open-proposal.ts';
import { type OpenRebuild, openRebuild } from './open-rebuild.ts';
import { countsAs } from './release-kind.ts';
import { runClock } from './run-clock.ts';

/**
 * Where an episode stands. `watching`: no fix, so nothing is due. `running`, `paused`: open and in time. `late`: open, past its
 * deadline. `closed`: over.
 */
export type EpisodeStanding = {
  readonly state: 'watching' | 'running' | 'paused' | 'late' | 'closed';
  /** What it counts as today. */
  readonly severity: RatedSeverity;
  readonly milestones: Milestones;
  readonly startAt?: Instant;
  /** When it has to be in a release; of a late one, when it had to. Absent without a bound in time. */
  readonly dueAt?: Instant;
  /** `next-release`: no bound in time. */
  readonly dueIn: 'time' | 'next-release' | 'nothing';
  /** The deadline that was missed; stays, also where it is closed since. */
  readonly breachedAt?: Instant;
  /** From the deadline to the end, or to now. */
  readonly lateMs?: number;
  readonly pause?: Pick<NamedPause, 'reason' | 'from' | 'until' | 'waiver'>;
  /** Of an open one: the pull request that would end it. */
  readonly proposal?: OpenProposal;
  /** Of an open one: other lines and variants that scan free of it. Absent for none. */
  readonly alternatives?: readonly Alternative[];
  /** Of an open one that is mended on its branch: the run that was asked for a release. */
  readonly rebuild?: OpenRebuild;
  readonly runningMs: number;
  readonly pausedMs: number;
  /** Releases after the start that should have mended it and did not. */
  readonly missedReleases: readonly string[];
  readonly closed?: Closing;
};

/** The least kind of release that has to mend it: the policy's "next patch", "next minor" and "next release". */
const wantedRelease: Readonly<Record<RatedSeverity, 'patch' | 'minor' | 'any'>> = {
  critical: 'any',
  high: 'patch',
  medium: 'minor',
  low: 'any',
};

/**
 * Derives everything from what happened until `now`.
 *
 * A later `now` never takes a breach back.
 *
 * @see policy 5.2.5
 */
export function episodeStanding({ events: all }: Episode, settings: DeadlineSettings, now: Instant): EpisodeStanding {
  const happened = all.filter(({ at }) => at <= now);
  const closed = closingOf(happened);
  const end = closed?.at ?? now;
  const events = happened.filter(({ at }) => at <= end);
  const { startAt, windows, pauses } = episodeClock(events, settings);
  const severity = ratingsOf(events, settings).at(-1)?.severity ?? settings.unknownAs;
  const milestones = milestonesOf(events);
  const over = closed === undefined ? openPart(events) : { closed };
  if (startAt === undefined || startAt > end) {
    const state = closed === undefined ? 'watching' : 'closed';
    return { state, severity, milestones, dueIn: 'nothing', runningMs: 0, pausedMs: 0, missedReleases: [], ...over };
  }
  const { runningMs, pausedMs } = runClock(startAt, end, windows, pauses);
  const missed = missedAfter(events, startAt, settings, pauses);
  const lowMissedAt = missed.find((one) => one.severity === 'low')?.at;
  // As things are known now: to the end of all times.
  const dueAt = earliest(runClock(startAt, Number.MAX_SAFE_INTEGER, windows, pauses).ranOutAt, lowMissedAt);
  const isLate = dueAt !== undefined && (dueAt < end || dueAt === lowMissedAt);
  const pause = closed === undefined ? shownPause(pauses, end) : undefined;
  return {
    state: closed === undefined ? openState(isLate, pause) : 'closed',
    severity,
    milestones,
    startAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    dueIn: dueAt === undefined ? 'next-release' : 'time',
    ...(isLate ? { breachedAt: dueAt, lateMs: end - dueAt } : {}),
    ...(pause === undefined ? {} : { pause: told(pause) }),
    runningMs,
    pausedMs,
    missedReleases: missed.map(({ name }) => name),
    ...over,
  };
}

function openPart(events: readonly EpisodeEvent[]): Pick<EpisodeStanding, 'proposal' | 'alternatives' | 'rebuild'> {
  const [proposal, rebuild] = [openProposal(events), openRebuild(events)];
  const alternatives = standingAlternatives(events);
  return {
    ...(proposal === undefined ? {} : { proposal }),
    ...(alternatives.length === 0 ? {} : { alternatives }),
    ...(rebuild === undefined ? {} : { rebuild }),
  };
}

/** What somebody took the word for is not to be hidden by what would stop the time anyway. */
function shownPause(pauses: readonly NamedPause[], at: Instant): NamedPause | undefined {
  const now = pauses.filter(({ from, until }) => from <= at && at < until);
  return now.find(({ reason }) => reason === 'waived') ?? now[0];
}

function told({ reason, from, until, waiver }: NamedPause): NonNullable<EpisodeStanding['pause']> {
  return { reason, from, until, ...(waiver === undefined ? {} : { waiver }) };
}

function openState(isLate: boolean, pause: NamedPause | undefined): 'late' | 'paused' | 'running' {
  if (isLate) return 'late';
  return pause === undefined ? 'running' : 'paused';
}

/** Each by what the finding counted as when the release came, if it was not waived: what comes later takes no breach back. */
function missedAfter(
  events: readonly EpisodeEvent[],
  startAt: Instant,
  settings: DeadlineSettings,
  pauses: readonly NamedPause[],
) {
  const isWaived = (at: Instant) => pauses.some((one) => one.reason === 'waived' && one.from <= at && at < one.until);
  const ratings = ratingsOf(events, settings);
  return allOf(events, 'release-missed').flatMap(({ at, what }) => {
    const severity = ratings.findLast((rating) => rating.at <= at)?.severity ?? settings.unknownAs;
    const isMissed = at > startAt && countsAs(what.release, wantedRelease[severity]) && !isWaived(at);
    return isMissed ? [{ at, name: what.name, severity }] : [];
  });
}

function earliest(...instants: readonly (Instant | undefined)[]): Instant | undefined {
  const there = instants.filter((at) => at !== undefined);
  return there.length === 0 ? undefined : Math.min(...there);
}
