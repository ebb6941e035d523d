import type { RatedSeverity } from '../deadline/deadline-settings.ts';
import type { EpisodeSubject } from '../deadline/episode.ts';
import type { Instant } from '../source/instant.ts';

/** Something that a team has to be told of, once. */
export type Notice = EpisodeNotice | AutomationNotice;

/** Of one finding in one use. */
export type EpisodeNotice = {
  /** Names the event: equal in every run that finds it due, so that nobody is told twice. */
  readonly key: string;
  readonly what: EpisodeNoticeKind;
  readonly subject: EpisodeSubject;
  readonly severity: RatedSeverity;
  /** Absent without a bound in time. */
  readonly dueAt?: Instant;
};

export type EpisodeNoticeKind =
  /** So much of the window is over. */
  | { readonly kind: 'time-used'; readonly percent: 50 | 75 | 90 }
  /** Past its deadline; told again each day for a week, then each week. */
  | { readonly kind: 'late'; readonly lateMs: number }
  /** The clock has waited for a patched base as long as it may: it runs again. */
  | { readonly kind: 'wait-over' }
  | { readonly kind: 'base-found'; readonly at: Instant }
  | { readonly kind: 'waiver-ending'; readonly until: Instant };

/** Of the monitoring itself. */
export type AutomationNotice = {
  readonly key: string;
  readonly what: AutomationNoticeKind;
};

export type AutomationNoticeKind =
  /** `lastAt` absent: none was ever finished. */
  { readonly kind: 'cycle-overdue'; readonly command: 'monitor' | 'monitor --scan'; readonly lastAt?: Instant };
