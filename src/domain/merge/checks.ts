import type { Instant } from '../source/instant.ts';
import type { MergeMethod } from './automerge-settings.ts';

/**
 * One check of a commit: a status, a run of a workflow, a job. `neutral`: it has ended without saying yes or no. What a forge
 * calls by a word nobody here knows has failed.
 */
export type Check = {
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure' | 'neutral';
  /** Of the app that reports it, where the forge tells it. */
  readonly appId?: number;
  /** When its first attempt at this commit began; absent where nobody tells. */
  readonly startedAt?: Instant;
  /** When the attempt began that counts. */
  readonly triedAt?: Instant;
  /** An earlier attempt at the same commit has failed. */
  readonly hasFailedBefore: boolean;
  readonly description?: string;
  readonly url?: string;
};

export type MergeRules = {
  /** Without these nothing is merged there; `undefined` where the forge does not tell. */
  readonly requiredChecks: readonly RequiredCheck[] | undefined;
  /** What is required is made of all other checks, as GitLab's pipeline is: a forge that merges later waits for them too. */
  readonly coversAll: boolean;
  /** The forge may be asked to merge once checks are green; `undefined` where it does not tell. */
  readonly allowsAutoMerge: boolean | undefined;
  /** Allowed ones; empty where the forge merges nothing. */
  readonly methods: readonly MergeMethod[];
};

/** `appId`: only that app may say so. */
export type RequiredCheck = { readonly name: string; readonly appId?: number };
