/** A commit that changed lines of a file. `author`: as he called himself, which anybody may write there. */
export type LineCommit = {
  readonly revision: string;
  readonly author: string;
  /** What the file is called there, from the root of its repository. */
  readonly path: string;
};

export type WrittenLines = {
  /** What the file is called now, from the root of its repository. */
  readonly path: string;
  /** Each commit once: of every line the one that changed it last, and `newest`. */
  readonly commits: readonly LineCommit[];
  /** The last commit that changed these lines or took some out from between them. Lines behind the last are none of them. */
  readonly newest: string;
  /** The file as that commit has it; absent where git does not tell. */
  readonly newestText?: string;
};

/** Who wrote the lines of a file, as the repository that it lies in tells. */
export interface LineHistory {
  /**
   * @param file path of this machine.
   * @param lines 1-based, both included.
   * @returns `uncommitted` where the file is not as the commit has it that is checked out.
   * @throws WorkspaceError where git cannot tell, as in a clone whose history is cut off before these lines were written.
   */
  commitsOf(file: string, lines: { readonly from: number; readonly to: number }): Promise<WrittenLines | 'uncommitted'>;
}
