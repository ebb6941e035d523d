import type { MonitorEvent } from '../../domain/monitor/event.ts';
import type { TagCheck } from '../../domain/monitor/tag-check.ts';

/**
 * The ledger as SQL knows it; `migrations.ts` makes it. Instants and sizes are integers that JavaScript holds exactly: a
 * driver that reads them as text (`pg` does) has to be told so where it is opened.
 */
export type LedgerTables = {
  /** One row: the last migration that was applied. */
  readonly ledger_version: { readonly version: number };
  readonly cycles: {
    readonly id: number;
    readonly scope: string;
    readonly started_at: number;
    readonly finished_at: number | null;
  };
  readonly sightings: {
    readonly image: string;
    readonly tag: string;
    readonly platform: string;
    readonly first_seen_at: number;
    readonly digest: string;
    readonly last_seen_at: number;
    readonly os_release: string | null;
    readonly size_bytes: number | null;
    readonly evidence: string;
    /** Grows with each row: tells what came first of two sightings of one millisecond. */
    readonly position: number;
  };
  readonly checks: {
    readonly image: string;
    readonly tag: string;
    readonly attempted_at: number;
    readonly verified_at: number | null;
    readonly outcome: string;
    readonly message: string | null;
    readonly failures: number;
    readonly suspected: string | null;
    readonly tag_state: NonNullable<TagCheck['tagState']> | null;
    readonly line_state: NonNullable<TagCheck['lineState']> | null;
    readonly due_at: number;
  };
  /** Digests and platforms of a listing are not kept: a tag that moved since would be taken for what it was. */
  readonly tags: {
    readonly image: string;
    readonly tag: string;
    readonly pushed_at: string | null;
    readonly first_listed_at: number;
  };
  readonly listings: { readonly image: string; readonly listed_at: number };
  readonly events: {
    readonly key: string;
    readonly at: number;
    readonly image: string;
    readonly tag: string;
    readonly kind: MonitorEvent['what']['kind'];
    /** JSON of `MonitorEvent.what`. */
    readonly what: string;
  };
  readonly unread: {
    readonly image: string;
    readonly tag: string;
    readonly digest: string;
    readonly uses: number;
    readonly not_before: number | null;
  };
  readonly episodes: {
    readonly id: number;
    readonly repository: string;
    readonly path: string;
    readonly stage: string;
    readonly platform: string;
    readonly image: string;
    readonly vulnerability: string;
    readonly source_package: string;
    readonly number: number;
    /** Null while it is open. */
    readonly closed_at: number | null;
    /** JSON of `EpisodeStanding` of a closed one. Derived from its events: where it is null they are read instead. */
    readonly standing: string | null;
  };
  readonly episode_events: {
    readonly episode: number;
    /** Counts the events of one episode. */
    readonly position: number;
    readonly key: string;
    readonly at: number;
    /** JSON of `EpisodeEvent.what`. */
    readonly what: string;
    /** Counts the events of all episodes, in the order they were recorded in. */
    readonly sequence: number;
    /** Of the audit chain: over this event and the hash before. */
    readonly hash: string;
  };
  readonly compliance: {
    readonly id: number;
    readonly repository: string;
    readonly first_at: number;
    readonly last_at: number;
    /** The last look before the day of `last_at`: where the span ends if a later look of that day tells otherwise. */
    readonly earlier_at: number | null;
    /** Of `waiver_sets`. */
    readonly waivers: number;
  };
  /** `compliance-texts.ts` writes and reads both. */
  readonly compliance_facts: { readonly span: number; readonly counts: string; readonly places: string };
  readonly waiver_sets: { readonly id: number; readonly hash: string; readonly waivers: string };
  /** In a file of its own: `delivery-migrations.ts`. */
  readonly deliveries: {
    readonly recipient: string;
    readonly key: string;
    /** `sending` stays where a process was killed meanwhile. */
    readonly state: 'sending' | 'failed' | 'delivered';
    readonly first_at: number;
    readonly attempted_at: number;
    readonly attempts: number;
    readonly not_before: number | null;
    readonly reason: string | null;
  };
};
