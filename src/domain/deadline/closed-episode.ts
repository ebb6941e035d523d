import type { Instant } from '../source/instant.ts';
import type { DeadlineSettings } from './deadline-settings.ts';
import type { Episode, EpisodeSubject, FrozenNumbers } from './episode.ts';
import { type EpisodeStanding, episodeStanding } from './episode-standing.ts';
import { lastClosing, milestonesOf } from './milestones.ts';

/** An episode as it stands, without the events that it was derived from. */
export type StandingEpisode = {
  readonly subject: EpisodeSubject;
  readonly number: number;
  readonly standing: EpisodeStanding;
};

/**
 * A closed episode by the numbers that were frozen when it was closed, whatever the policy says since.
 *
 * @returns `undefined` for one that is open.
 */
export function closedEpisode({ subject, number, events }: Episode): StandingEpisode | undefined {
  const closing = lastClosing(events);
  if (closing === undefined) return undefined;
  const { at, what } = closing;
  const { severity, startAt, dueAt, isInTime, runningMs, pausedMs, missedReleases } = what.frozen;
  const isLate = isInTime === false && dueAt !== null;
  const standing: EpisodeStanding = {
    state: 'closed',
    severity,
    milestones: milestonesOf(events.filter((event) => event.at <= at)),
    ...(startAt === null ? {} : { startAt }),
    ...(dueAt === null ? {} : { dueAt }),
    dueIn: startAt === null ? 'nothing' : dueAt === null ? 'next-release' : 'time',
    ...(isLate ? { breachedAt: dueAt, lateMs: at - dueAt } : {}),
    runningMs,
    pausedMs,
    missedReleases,
    closed: { at, because: what.because, ...(what.by === undefined ? {} : { by: what.by }) },
  };
  return { subject, number, standing };
}

/** What an episode comes to if it is closed at an instant. */
export function frozenNumbers(episode: Episode, settings: DeadlineSettings, at: Instant): FrozenNumbers {
  const { severity, startAt, dueAt, breachedAt, runningMs, pausedMs, missedReleases } = episodeStanding(
    episode,
    settings,
    at,
  );
  return {
    policyVersion: settings.version,
    severity,
    startAt: startAt ?? null,
    dueAt: dueAt ?? null,
    isInTime: startAt === undefined ? null : breachedAt === undefined,
    runningMs,
    pausedMs,
    missedReleases,
  };
}
