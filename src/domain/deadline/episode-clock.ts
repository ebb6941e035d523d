import type { Instant } from '../source/instant.ts';
import { compareSeverities, type Severity } from '../vulnerability/severity.ts';
import type { DeadlineSettings, RatedSeverity } from './deadline-settings.ts';
import { allOf, type EpisodeEvent, type EpisodeEventKind, firstOf } from './episode.ts';
import type { Pause, WindowChange } from './run-clock.ts';
import { lastApproval } from './told-approvals.ts';

/** What the clock of an episode runs by. */
export type EpisodeClock = {
  /** Absent: nothing is due yet. */
  readonly startAt?: Instant;
  readonly windows: readonly WindowChange[];
  readonly pauses: readonly NamedPause[];
};

/** `waiver`: which one, who approved it as it says, and what is known of that. */
export type NamedPause = Pause & {
  readonly reason: 'awaiting-base' | 'waived' | 'released';
  readonly waiver?: {
    readonly id: string;
    readonly approvedBy: string;
    readonly approval?: Pick<Extract<EpisodeEventKind, { readonly kind: 'approval' }>, 'proof' | 'words'>;
  };
};

/** @param events those that happened until now, see `episode-standing.ts` */
export function episodeClock(events: readonly EpisodeEvent[], settings: DeadlineSettings): EpisodeClock {
  const startAt = startOf(events, settings);
  const ratings = ratingsOf(events, settings);
  const windows = ratings.map(({ at, severity }) => ({ at, windowMs: settings.windowsMs[severity] }));
  const pauses = [
    ...waivedPauses(events, settings),
    ...releasedPauses(events),
    ...(startAt === undefined ? [] : awaitingBase(startAt, events, ratings, settings)),
  ];
  return { ...(startAt === undefined ? {} : { startAt }), windows, pauses };
}

/** What an episode's finding counts as, over time. The first one is that of its detection. */
export function ratingsOf(
  events: readonly EpisodeEvent[],
  { unknownAs, exploitedAs }: Pick<DeadlineSettings, 'unknownAs' | 'exploitedAs'>,
): readonly { readonly at: Instant; readonly severity: RatedSeverity }[] {
  const rated = (severity: Severity) => (severity === 'unknown' ? unknownAs : severity);
  const exploitedAt = firstOf(events, 'exploited')?.at;
  const detected = firstOf(events, 'detected');
  const told = [
    ...(detected === undefined ? [] : [{ at: detected.at, severity: rated(detected.what.severity) }]),
    ...allOf(events, 'severity-changed').map(({ at, what }) => ({ at, severity: rated(what.to) })),
  ];
  if (exploitedAt === undefined || exploitedAs === undefined) return told;
  const before = told.filter(({ at }) => at <= exploitedAt);
  const listed = before.slice(-1).map(({ severity }) => ({ at: exploitedAt, severity }));
  const since = [...listed, ...told.slice(before.length)].map(({ at, severity }) => ({
    ...{ at, severity: compareSeverities(severity, exploitedAs) < 0 ? severity : exploitedAs },
  }));
  return [...before.filter(({ at }) => at < exploitedAt), ...since];
}

function startOf(events: readonly EpisodeEvent[], { clock }: DeadlineSettings): Instant | undefined {
  const detected = firstOf(events, 'detected')?.at;
  const fix = firstOf(events, 'fix-available')?.at;
  const base = firstOf(events, 'base-available')?.at;
  if (detected === undefined) return undefined;
  switch (clock) {
    case 'detected':
      return detected;
    case 'fix-available':
      return fix === undefined ? undefined : Math.max(detected, fix);
    case 'base-available':
      return fix === undefined || base === undefined ? undefined : Math.max(detected, fix, base);
  }
}

/** Until a patched base can be had, at most as long as the severity of the time allows. Not where the clock runs from detection on. */
function awaitingBase(
  startAt: Instant,
  events: readonly EpisodeEvent[],
  ratings: readonly { readonly at: Instant; readonly severity: RatedSeverity }[],
  { clock, awaitBaseMs }: DeadlineSettings,
): readonly NamedPause[] {
  if (clock !== 'fix-available') return [];
  const base = firstOf(events, 'base-available')?.at ?? Number.POSITIVE_INFINITY;
  const ends = ratings.map(({ at, severity }, index) => {
    const [cap, next] = [startAt + awaitBaseMs[severity], ratings[index + 1]?.at ?? Number.POSITIVE_INFINITY];
    // A cap that a new severity moved behind its own begin ends the pause with it.
    return Math.max(cap, at) < next ? Math.max(cap, at) : Number.POSITIVE_INFINITY;
  });
  const until = Math.min(base, ...ends);
  return until > startAt ? [{ reason: 'awaiting-base', from: startAt, until }] : [];
}

function waivedPauses(events: readonly EpisodeEvent[], { afterWaiverMs }: DeadlineSettings): readonly NamedPause[] {
  const ended = allOf(events, 'resumed');
  return allOf(events, 'waived').map(({ at, what }) => {
    const early = ended.find((end) => end.what.waiver === what.waiver && end.at > at && end.at < what.until);
    const told = lastApproval(events, what.waiver);
    const approval = told === undefined ? {} : { approval: { proof: told.proof, words: told.words } };
    const waiver = { id: what.waiver, approvedBy: what.by, ...approval };
    return { reason: 'waived', from: at, until: early?.at ?? what.until, leastAfterMs: afterWaiverMs, waiver };
  });
}

/** Between a release without it and its return, which goes on where it was. */
function releasedPauses(events: readonly EpisodeEvent[]): readonly NamedPause[] {
  return allOf(events, 'reopened').flatMap(({ at }) => {
    const before = allOf(events, 'released').filter((release) => release.at <= at);
    const last = before[before.length - 1];
    return last === undefined ? [] : [{ reason: 'released' as const, from: last.at, until: at }];
  });
}
