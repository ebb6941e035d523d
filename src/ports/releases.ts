import type { Instant } from '../domain/source/instant.ts';
import type { FetchedWorkspace } from './repositories.ts';

/**
 * What a repository released, told by its git tags, and which commits are what its branch has.
 *
 * @throws RepositoryError from every call.
 */
export interface Releases {
  /** When these tags were made. @param choose which of all names are asked about: each costs an object. */
  list(choose: (names: readonly string[]) => readonly string[]): Promise<readonly PublishedRelease[]>;
  /** The tree that a tag leads to. */
  open(name: string): Promise<FetchedWorkspace>;
  /** Where commits stand in its history, which is fetched without files. One that is not there has no answer. */
  trace(request: TraceRequest): Promise<CommitTrace>;
}

/** `publishedAt`: when the tag was made, of one without a date of its own its commit. Whoever made it could write another. */
export type PublishedRelease = { readonly name: string; readonly publishedAt: Instant };

export type TraceRequest = {
  /** 40 or 64 hexadecimal digits; whatever else is there is not asked about. */
  readonly commits: readonly string[];
  /** Names of tags that are there. */
  readonly tags: readonly string[];
  /** The commit that the branch was read at; absent: what HEAD leads to. */
  readonly head?: string;
  /** Commits of which is told whether the others come after them. */
  readonly since: readonly string[];
};

export type CommitTrace = {
  readonly commits: ReadonlyMap<string, TracedCommit>;
  /** By the name of the tag. */
  readonly tags: ReadonlyMap<string, TracedCommit>;
  /** A shallow clone has but a part: what it does not show may be there all the same. */
  readonly isWhole: boolean;
};

export type TracedCommit = {
  readonly revision: string;
  /** As its committer wrote it. */
  readonly committedAt: Instant;
  /** The head, or before it. */
  readonly isOnBranch: boolean;
  /** Which of `since` it is, or comes after. */
  readonly follows: readonly string[];
};
