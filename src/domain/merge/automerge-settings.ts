import type { Lane } from '../candidates/candidate.ts';
import type { Category } from '../policy/category.ts';

export const mergeMethods = ['merge', 'squash', 'rebase'] as const;
export type MergeMethod = (typeof mergeMethods)[number];

/** What may be merged without people: the organisation's alone to say. Without rules nothing is. */
export type AutomergeSettings = {
  /** A step is merged when one of them allows it; each step of a pull request has to be. */
  readonly allow: readonly AutomergeRule[];
  /** Merged pull requests of ours per UTC day over all repositories of a run, whoever merged them. Absent: no limit. */
  readonly perDay?: number;
  /** The kill switch: nothing is merged, all else goes on. */
  readonly isPaused: boolean;
  /** Absent: the first that the forge allows of merge, squash, rebase. */
  readonly method?: MergeMethod;
  /** So long checks may take from when they were first seen; then people are asked. */
  readonly waitMinutes: number;
};

/** Everything that is said has to hold; what is not said holds. */
export type AutomergeRule = {
  /** Of the new image. */
  readonly categories?: readonly Category[];
  readonly lanes?: readonly Lane[];
  /** Patterns of the new image. */
  readonly images?: readonly string[];
  /** Patterns of `acme/shop`. */
  readonly repositories?: readonly string[];
};

export const defaultAutomerge: AutomergeSettings = { allow: [], isPaused: false, waitMinutes: 60 };
