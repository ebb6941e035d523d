/** The commit that changed lines of a file last. `author`: as he called himself, which anybody may write there. */
export type LineCommit = { readonly revision: string; readonly author: string };

/** Who wrote the lines of a file, as the repository that it lies in tells. */
export interface LineHistory {
  /**
   * Each commit once.
   *
   * @param file path of this machine.
   * @param lines 1-based, both included.
   * @returns `uncommitted` where the file is not as the commit has it that is checked out.
   * @throws WorkspaceError where git cannot tell.
   */
  commitsOf(
    file: string,
    lines: { readonly from: number; readonly to: number },
  ): Promise<readonly LineCommit[] | 'uncommitted'>;
}
