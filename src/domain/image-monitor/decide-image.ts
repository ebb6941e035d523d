import type { Digest } from '../image/manifest.ts';
import type { PendingRecord } from './pending-record.ts';

/**
 * Of a recorded run. `failed`: ended, and not in success. `gone`: there is none (any more). `unreadable`: whether it ended
 * could not be told now.
 */
export type RunState = 'running' | 'succeeded' | 'failed' | 'gone' | 'unreadable';

/** What is known of one image whose tag was read. */
export type ImageFacts = {
  readonly seen: Digest;
  /** The digest that counts as handled; absent before the first. */
  readonly stored: Digest | undefined;
  /** `seen` is another digest, and on every platform that counts the same image. */
  readonly isSameContent: boolean;
  /** The record as it is kept, for whichever digest, with its run where that was read. */
  readonly pending: { readonly record: PendingRecord; readonly run: RunState | undefined } | undefined;
};

export type ReactionSettings = {
  /** A workflow is started, and its success makes a digest count as handled. */
  readonly hasTarget: boolean;
  /** 0: no limit. */
  readonly maxAttempts: number;
};

/** What is to be done about one image. */
export type Decision =
  | { readonly kind: 'unchanged' }
  /** Another index over the same images: kept, and nothing is started. */
  | { readonly kind: 'same-content' }
  | { readonly kind: 'update' }
  | { readonly kind: 'waiting'; readonly record: PendingRecord; readonly state: 'running' | 'unknown' }
  | { readonly kind: 'confirmed'; readonly record: PendingRecord }
  /** `attempt`: the number of the run that is to be started. */
  | { readonly kind: 'retry'; readonly record: PendingRecord; readonly attempt: number }
  | { readonly kind: 'exhausted'; readonly record: PendingRecord };

/**
 * The record that matters now: with a workflow to start, one for the very digest that the tag stands for. Of any other the
 * run is not asked for.
 */
export function recordInForce(record: PendingRecord | undefined, seen: Digest): PendingRecord | undefined {
  return record?.digest === seen ? record : undefined;
}

/**
 * What the digest that a tag stands for asks for. A digest is handled once it is stored; with a workflow to start, that is
 * once a run for it has succeeded.
 *
 * @see docs/workflow.md
 */
export function decideImage(facts: ImageFacts, { hasTarget, maxAttempts }: ReactionSettings): Decision {
  const { seen, stored, isSameContent, pending } = facts;
  if (seen === stored) return { kind: 'unchanged' };
  if (isSameContent) return { kind: 'same-content' };
  const record = hasTarget ? recordInForce(pending?.record, seen) : undefined;
  if (record === undefined) return { kind: 'update' };
  const run = pending?.run ?? 'unreadable';
  switch (run) {
    case 'running':
      return { kind: 'waiting', record, state: 'running' };
    case 'unreadable':
      return { kind: 'waiting', record, state: 'unknown' };
    case 'succeeded':
      return { kind: 'confirmed', record };
    case 'failed':
    case 'gone':
      return maxAttempts > 0 && record.attempts >= maxAttempts
        ? { kind: 'exhausted', record }
        : { kind: 'retry', record, attempt: record.attempts + 1 };
  }
}
