/** Writes into a tree of files on this machine, within the tree alone. */
export interface TreeWriter {
  /**
   * Replaces the whole text of a file, or leaves it as it was: written beside it first, then renamed over it. Its mode stays,
   * and a link within the tree stays a link: what it leads to is replaced.
   *
   * @param before what the file is believed to hold.
   * @throws WorkspaceError `changed` when it holds something else by now; `unwritable`; and what reading throws.
   */
  replace(path: string, before: string, after: string): Promise<void>;
}
