import type { AuditedEvent, AuditHead } from '../domain/audit/audit-chain.ts';
import type { StandingEpisode } from '../domain/deadline/closed-episode.ts';
import type { Episode, RecordedEvent } from '../domain/deadline/episode.ts';
import type { Instant } from '../domain/source/instant.ts';

/**
 * What happened to findings, from detection to release: append-only. One process writes at a time, any number read. What a call has
 * returned from survives the death of the process; what it has not is there in whole or not at all.
 *
 * @throws StoreError from every call.
 */
export interface EpisodeLog extends EpisodeHistory {
  /** Writes all of them or none. What is written twice is there once: `episodeEventKey`. */
  append(events: readonly RecordedEvent[]): Promise<void>;
}

/** Of an episode log what only reads. */
export interface EpisodeHistory {
  /** The newest episode of every subject of one repository, open or closed. */
  ofRepository(repository: string): Promise<readonly Episode[]>;
  /** All that are open, by repository, and those that were closed at `since` or later, by the time of their end. */
  list(since: Instant): Promise<EpisodeListing>;
}

export type EpisodeListing = {
  readonly open: readonly Episode[];
  readonly closed: readonly StandingEpisode[];
};

/** What proves that an episode log is what was recorded. @throws StoreError */
export interface EpisodeAudit {
  /** Where the chain of all events stands, as it was written with the newest of them; `auditStart` while there are none. */
  auditHead(): Promise<AuditHead>;
  /**
   * All events in the order they were recorded in, some at a time, with the hashes that were written with them.
   *
   * @param since begins with the first one that happened then or later. Absent: with the first.
   */
  recorded(since?: Instant): AsyncIterable<readonly AuditedEvent[]>;
}
