import type { Workspace } from './workspace.ts';

/** One commit of a repository that lies elsewhere, read without checking it out. It does not change. */
export interface FetchedWorkspace extends Workspace {
  /** The commit, 40 or 64 hexadecimal digits. */
  readonly revision: string;
  /**
   * As every workspace lists, a submodule told as `info`. The content of the files that are wanted is fetched before this
   * returns, in one request; without a filter none is, and reads fetch what they need.
   *
   * @throws RepositoryError when that content cannot be had.
   */
  list: Workspace['list'];
}

/**
 * `unreachable`: no connection, or an answer that git does not understand. `unauthorized`: no credential, or a wrong one.
 * `not-found`: missing, or private and told as missing. `timeout`, `too-large`: stopped at our own bounds.
 * `unknown-branch`: the branch is not there, or the repository is empty. `refused`: we do not ask there (an address that
 * is no safe one, a private host), or the server takes no such push; the message says what allows it. `moved`: a branch
 * does not lead where it was expected to.
 */
export type RepositoryErrorCode =
  | 'unreachable'
  | 'unauthorized'
  | 'not-found'
  | 'timeout'
  | 'too-large'
  | 'unknown-branch'
  | 'refused'
  | 'moved';

export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
  readonly code: RepositoryErrorCode;
  constructor(code: RepositoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
