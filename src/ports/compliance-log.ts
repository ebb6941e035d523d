import type { Compliance, ComplianceCounts, CompliancePlaces, WaiverWords } from '../domain/compliance/compliance.ts';
import type { Instant } from '../domain/source/instant.ts';

/**
 * How image uses stood by the policy, repository by repository: one standing per day at most, and a day that told nothing new only makes the
 * last one longer. What a call has returned from survives the death of the process; what it has not is there in whole or not at all.
 *
 * @throws StoreError from every call.
 */
export interface ComplianceLog extends ComplianceHistory {
  /**
   * Writes down one look. A later one of the same day (UTC) takes its place; one from before the newest look changes nothing: what a
   * clock that was behind tells is known better.
   */
  record(look: ComplianceLook): Promise<void>;
}

/** `repository`: its address, or the absolute path of its folder. */
export type ComplianceLook = { readonly repository: string; readonly at: Instant; readonly compliance: Compliance };

/** Of a compliance log what only reads. */
export interface ComplianceHistory {
  /** Of all repositories, by name, each from its oldest to its newest. */
  listSpans(): Promise<readonly ComplianceSpan[]>;
  /** By span. @param spans ids of them; one that is not there has no entry. */
  readCounts(spans: readonly number[]): Promise<ReadonlyMap<number, ComplianceCounts>>;
  readPlaces(spans: readonly number[]): Promise<ReadonlyMap<number, CompliancePlaces & SpanWaivers>>;
}

/** How a repository stood from its first to its last look that told the same. */
export type ComplianceSpan = {
  readonly id: number;
  readonly repository: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** The words of the waivers that held. */
  readonly waivers: readonly WaiverWords[];
};

/** How many breaches or findings each waiver of the span covered, in the order of its `waivers`; `null`: not looked at. */
export type SpanWaivers = { readonly covers: readonly (number | null)[] };
