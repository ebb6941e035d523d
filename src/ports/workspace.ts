/** A tree of files on this machine. Reading never leaves the tree, never follows a link twice, never reads more than asked. */
export interface Workspace {
  /** All candidate files, sorted by path, relative to the root and `/` separated. */
  list(): Promise<Listing>;
  /** The file's text. @throws WorkspaceError */
  read(path: string, maxBytes: number): Promise<string>;
}

export type Listing = {
  readonly paths: readonly string[];
  /** What could not be listed (unreadable directory, link out of the tree, link loop), with the reason. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
};

export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
  readonly code: 'not-found' | 'unreadable' | 'too-large' | 'binary' | 'not-text';
  constructor(code: WorkspaceError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
