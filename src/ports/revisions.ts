import type { Refused } from './workspace.ts';

/**
 * The commits of the repository that a folder of this machine belongs to. Nothing that the repository configures is started: no hook,
 * no filter, no program of another kind.
 *
 * @throws WorkspaceError from every call.
 */
export interface Revisions {
  /** Absolute: the folder that the files of its commits belong in. */
  findRoot(): Promise<string>;
  /** The commit that a name means; `unknown-revision` where git knows none. */
  find(name: string): Promise<Revision>;
  /** Where the two parted; `undefined` where they have nothing in common. */
  findFork(one: Revision, other: Revision): Promise<Revision | undefined>;
  /** Writes all files of a commit into a new folder. Links stay where they lead into the tree; others are left out and told. */
  checkOut(revision: Revision, folder: string): Promise<readonly Refused[]>;
}

/** `tree`: the id of everything that the commit holds. */
export type Revision = { readonly commit: string; readonly tree: string };
