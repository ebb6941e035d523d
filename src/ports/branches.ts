import type { FetchedWorkspace } from './repositories.ts';

/**
 * The branches of one repository elsewhere, read and written by git, without a checkout. Nothing that somebody else wrote is
 * ever overwritten: every write names what it expects to find, and the server compares.
 *
 * @throws RepositoryError from every call.
 */
export interface Branches {
  /** One commit of a branch, to be read; of the one that the server shows first without a name. */
  open(branch?: string): Promise<FetchedWorkspace>;
  /** Names of branches with this prefix and the commits they lead to. */
  list(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** Heads of branches: messages, people, parents. One request for all. */
  readCommits(revisions: readonly string[]): Promise<ReadonlyMap<string, CommitFacts>>;
  /**
   * Makes one commit upon another and puts a branch on it. It has the date of its base: the same change is the same commit.
   *
   * @throws RepositoryError `refused` for a path that is no regular file there, and for a push that the server does not take.
   * @throws RepositoryError `moved` when the branch does not lead where it is expected to.
   */
  write(change: BranchChange): Promise<{ readonly revision: string }>;
  /** @throws RepositoryError `moved` when it does not lead there; a missing one is no error. */
  remove(branch: string, expected: string): Promise<void>;
}

export type CommitFacts = {
  readonly revision: string;
  readonly parents: readonly string[];
  readonly authorEmail: string;
  readonly committerEmail: string;
  readonly message: string;
};

export type BranchChange = {
  readonly branch: string;
  /** The commit that it is made upon. */
  readonly base: string;
  /** The commit that the branch leads to now; `undefined`: there is no such branch. */
  readonly expected: string | undefined;
  /** Whole new texts of existing files, whose modes stay. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
};
