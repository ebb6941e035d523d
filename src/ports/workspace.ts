/** A tree of files on this machine. Reading never leaves the tree, never follows a link twice, never reads more than asked. */
export interface Workspace {
  /**
   * All candidate files, sorted by path, relative to the root and `/` separated. Of a git work tree: what git tracks or
   * would; otherwise what no `.gitignore` leaves out. A root that is one file lists that file, whatever its name.
   */
  list(filter?: ListFilter): Promise<Listing>;
  /**
   * The file's text, byte-order mark included. Reads may run side by side.
   *
   * @throws WorkspaceError for whatever is no text of at most `maxBytes` within the tree.
   */
  read(path: string, maxBytes: number): Promise<string>;
  /**
   * The listed paths whose content differs from where `ref` and `HEAD` parted, sorted: commits since, staged, unstaged and
   * untracked changes. Deleted files are left out.
   *
   * @param ref a commit, branch or tag.
   * @throws WorkspaceError `unknown-revision` when git does not know it, `no-repository` when the tree is no git work tree.
   */
  changedSince(ref: string): Promise<readonly string[]>;
  /**
   * The tree as a commit has it: what a base branch says, whatever is edited on top of it. Links are left out, and
   * nothing is fetched.
   *
   * @throws WorkspaceError as `changedSince` does.
   */
  at(ref: string): Promise<CommittedTree>;
}

export type CommittedTree = Pick<Workspace, 'list' | 'read'>;

export type ListFilter = {
  /**
   * Which paths the caller would read. A link is listed in place of its target where only the link's name is wanted
   * (`Dockerfile` → `build/main.docker`). Without it every path is wanted, and a link to a listed file never listed.
   */
  isWanted?(path: string): boolean;
  /** Folders not to enter; the path ends in `/`. */
  isExcluded?(folder: string): boolean;
};

export type Listing = {
  readonly paths: readonly string[];
  /** What could not be listed (unreadable folder, link out of the tree, broken link), with the reason. */
  readonly refused: readonly Refused[];
};

/** `error`: something may be missing from the listing. `info`: left out by design (a git submodule, a socket). */
export type Refused = { readonly path: string; readonly reason: string; readonly severity: 'error' | 'info' };

export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
  readonly code:
    | 'not-found'
    | 'unreadable'
    | 'too-large'
    | 'binary'
    | 'not-text'
    | 'outside'
    | 'no-repository'
    | 'unknown-revision'
    | 'changed'
    | 'unwritable';
  constructor(code: WorkspaceError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
