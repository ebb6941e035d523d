import type { DeadlineSettings } from '../deadline/deadline-settings.ts';
import { type Episode, firstOf, subjectKey } from '../deadline/episode.ts';
import { type EpisodeStanding, episodeStanding } from '../deadline/episode-standing.ts';
import { formatInstant, type Instant } from '../source/instant.ts';
import type { EpisodeNotice, EpisodeNoticeKind } from './notice.ts';

const dayMs = 86_400_000;

/** From the last to the first: of several that were passed only the last is told. */
const percents = [90, 75, 50] as const;

/** How long before its end a waiver is told of. */
const waiverSpans = [
  { name: '1d', ms: dayMs },
  { name: '7d', ms: 7 * dayMs },
] as const;

/** How long a patched base is news: whoever begins to be told is not told of all there ever were. */
const baseNewsMs = 7 * dayMs;

/**
 * What is to be told of an episode at `now`; nothing of one that is closed, nor again of one whose stage was renamed.
 *
 * The keys of a later `now` repeat those that were due before, so that an event counts once, however often it is asked for. Of
 * repetitions that were missed only the last one is due.
 *
 * @see docs/notices.md
 */
export function episodeNotices(episode: Episode, settings: DeadlineSettings, now: Instant): readonly EpisodeNotice[] {
  const standing = episodeStanding(episode, settings, now);
  if (standing.state === 'closed') return [];
  const { severity, dueAt } = standing;
  const events = [
    timeNotice(standing, settings, now),
    waitOver(standing, settings, now),
    baseFound(standing, now),
    waiverEnding(standing, now),
  ];
  const { subject } = episode;
  const name = lastingName(episode);
  return events.flatMap((event) =>
    event === undefined
      ? []
      : [
          {
            key: `${name} ${event.name}`,
            ...{ what: event.what, subject, severity },
            ...(dueAt === undefined ? {} : { dueAt }),
          },
        ],
  );
}

/**
 * Names an episode whatever its stage is called since. By its detection and not by its number, which is counted anew for each stage:
 * another finding may be in the stage that is called as this one was.
 */
function lastingName({ subject, number, events }: Episode): string {
  const stage = firstOf(events, 'continued')?.what.stage ?? subject.stage;
  const detected = firstOf(events, 'detected');
  return `${subjectKey({ ...subject, stage })} ${detected === undefined ? number : formatInstant(detected.at)}`;
}

/** `name`: of the event within its episode. */
type Event = { readonly name: string; readonly what: EpisodeNoticeKind };

/** What waits for a waiver or a base is not pressed: its time stands still. */
function timeNotice(standing: EpisodeStanding, settings: DeadlineSettings, now: Instant): Event | undefined {
  const { state, severity, dueAt, breachedAt, pause } = standing;
  if (breachedAt !== undefined) {
    if (pause?.reason === 'waived') return undefined;
    return lateNotice(now - breachedAt);
  }
  const windowMs = settings.windowsMs[severity];
  if (state !== 'running' || dueAt === undefined || windowMs === undefined || windowMs <= 0) return undefined;
  const usedPercent = 100 * (1 - (dueAt - now) / windowMs);
  const percent = percents.find((one) => usedPercent >= one);
  // By severity: what became worse is told again.
  return percent === undefined
    ? undefined
    : { name: `time-used ${severity} ${percent}`, what: { kind: 'time-used', percent } };
}

function lateNotice(lateMs: number): Event {
  const day = Math.floor(lateMs / dayMs);
  const name = day === 0 ? 'late' : day <= 7 ? `late day ${day}` : `late week ${Math.floor(day / 7)}`;
  return { name, what: { kind: 'late', lateMs } };
}

function waitOver(standing: EpisodeStanding, settings: DeadlineSettings, now: Instant): Event | undefined {
  const { severity, startAt, milestones, pause, state } = standing;
  const { baseAt, mergedAt } = milestones;
  if (settings.clock !== 'fix-available' || startAt === undefined || state === 'watching') return undefined;
  if (baseAt !== undefined || mergedAt !== undefined || pause !== undefined) return undefined;
  if (now < startAt + settings.awaitBaseMs[severity]) return undefined;
  return { name: 'wait-over', what: { kind: 'wait-over' } };
}

function baseFound({ milestones }: EpisodeStanding, now: Instant): Event | undefined {
  const { baseAt, mergedAt } = milestones;
  if (baseAt === undefined || mergedAt !== undefined || now - baseAt > baseNewsMs) return undefined;
  return { name: 'base-found', what: { kind: 'base-found', at: baseAt } };
}

/** A waiver shorter than the span was never further from its end: it is not told of. */
function waiverEnding({ pause }: EpisodeStanding, now: Instant): Event | undefined {
  if (pause?.reason !== 'waived') return undefined;
  const { from, until } = pause;
  const span = waiverSpans.find(({ ms }) => until - now <= ms && until - from > ms);
  return span === undefined
    ? undefined
    : { name: `waiver-ending ${span.name} ${until}`, what: { kind: 'waiver-ending', until } };
}
