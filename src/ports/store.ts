import type { ListedTag } from '../domain/candidates/candidate.ts';
import type { Digest } from '../domain/image/manifest.ts';
import type { MonitorEvent } from '../domain/monitor/event.ts';
import type { Sighting } from '../domain/monitor/sighting.ts';
import type { TagCheck } from '../domain/monitor/tag-check.ts';
import type { Instant } from '../domain/source/instant.ts';

/**
 * The ledger: what was seen of every image, append-only. One process writes at a time. What a call has returned from
 * survives the death of the process; what it has not is there in whole or not at all.
 *
 * An image is named `registry/repository`.
 *
 * @throws StoreError from every call.
 */
export interface Store {
  /**
   * The cycle to go on with: the newest unfinished one of the scope if it began at most `maxAgeMs` before `at`, else a new one.
   * One that began after `at` was begun by a clock that was wrong, and is left alone.
   *
   * @param scope names what is monitored; cycles of other scopes do not matter.
   */
  openCycle(scope: string, at: Instant, maxAgeMs: number): Promise<Cycle>;
  closeCycle(id: number, at: Instant): Promise<void>;
  /** When the last finished cycle of a scope ended. */
  lastCycleAt(scope: string): Promise<Instant | undefined>;
  /** All that is known of some images; an image without a row has empty lists. */
  readImages(images: readonly string[]): Promise<ReadonlyMap<string, ImageLedger>>;
  /** Writes all of it or nothing. What is written twice is there once. */
  record(observation: Observation): Promise<void>;
  /** Oldest first. */
  listEvents(filter?: EventFilter): Promise<readonly MonitorEvent[]>;
  /**
   * Digests whose content is to be read when the budget allows it, those with most uses first; one that several tags stand
   * for is there for each of them.
   *
   * @param at leaves out what still waits then, a week at most, so that it takes no place of others; absent for all.
   */
  listUnread(limit: number, at?: Instant): Promise<readonly UnreadContent[]>;
  close(): Promise<void>;
}

export type Cycle = { readonly id: number; readonly startedAt: Instant; readonly isResumed: boolean };

export type ImageLedger = {
  /** In the order they were seen in, whatever the clock said; several per tag and platform. */
  readonly sightings: readonly Sighting[];
  readonly checks: readonly TagCheck[];
  /** The tags of its listings, with their newest push date. */
  readonly tags: readonly ListedTag[];
  /** When all its tags were listed last; absent for never. */
  readonly listedAt?: Instant;
};

/** What one answer of a registry adds. Every part may be absent. */
export type Observation = {
  readonly image: string;
  readonly sightings?: readonly Sighting[];
  readonly checks?: readonly TagCheck[];
  /** `tags` are added or get a new date, `gone` are not listed any more; all others stay. */
  readonly listing?: {
    readonly tags: readonly ListedTag[];
    readonly gone: readonly string[];
    readonly listedAt: Instant;
  };
  readonly events?: readonly MonitorEvent[];
  /** Adds to the queue, or changes the number of uses of what is there. Without a `notBefore` the one that is there stays. */
  readonly unread?: readonly Omit<UnreadContent, 'image'>[];
  /** Takes these out of the queue, before `unread` is put in. */
  readonly read?: readonly Digest[];
};

/** `uses`: how many uses stand on it. `notBefore`: a refused one waits. */
export type UnreadContent = {
  readonly image: string;
  readonly tag: string;
  readonly digest: Digest;
  readonly uses: number;
  readonly notBefore?: Instant;
};

export type EventFilter = { readonly since?: Instant; readonly image?: string };

/** `busy`: another process writes. `unusable`: no ledger, a newer version's, or damaged. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: 'busy' | 'unusable';
  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
