import type { UpdateLane, UpdatePlan } from './update-plan.ts';

/** A change to be proposed as one pull request: one plan, or several together. It has the same key as long as it is about the same. */
export type Proposal = {
  /** 16 hexadecimal digits: of the repository, the image, the lane and the files. */
  readonly key: string;
  /** `basekeeper/node-minor-0123456789abcdef`: ends in the key. */
  readonly branch: string;
  /** `group` for several plans together. */
  readonly lane: UpdateLane | 'group';
  /** `docker.io/library/node`, sorted. */
  readonly images: readonly string[];
  readonly plans: readonly UpdatePlan[];
  /** At most 100 characters. */
  readonly title: string;
  readonly commitMessage: string;
  /** What the uses name now. */
  readonly from: string;
  /** What they are to name, with the lane: what is left alone when people close its pull request. */
  readonly target: string;
  /** Of the whole change: 16 hexadecimal digits. */
  readonly fingerprint: string;
  /** Whole texts, sorted by path. */
  readonly files: readonly ProposedFile[];
};

export type ProposedFile = { readonly path: string; readonly before: string; readonly after: string };

/** Every branch of ours that may have a pull request begins so. */
export const branchPrefix = 'basekeeper/';

/** The key that a branch of ours ends in. */
export function keyOfBranch(branch: string): string | undefined {
  return branch.startsWith(branchPrefix) ? /-([0-9a-f]{16})$/.exec(branch)?.[1] : undefined;
}
