/** Room for what is needed for a moment: a downloaded image. */
export interface TemporaryFolders {
  /**
   * Hands out an empty folder that is gone, with all that was put into it, when `use` ends, however it ends.
   *
   * @throws TemporaryFolderError where none can be made; what `use` throws.
   */
  within<T>(use: (folder: string) => Promise<T>): Promise<T>;
}

export class TemporaryFolderError extends Error {
  override readonly name = 'TemporaryFolderError';
}
