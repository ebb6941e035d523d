import type { Instant } from '../domain/source/instant.ts';
import type { FetchedWorkspace } from './repositories.ts';

/**
 * What a repository released, told by its git tags.
 *
 * @throws RepositoryError from every call.
 */
export interface Releases {
  /** When these tags were made. @param choose which of all names are asked about: each costs an object. */
  list(choose: (names: readonly string[]) => readonly string[]): Promise<readonly PublishedRelease[]>;
  /** The tree that a tag leads to. */
  open(name: string): Promise<FetchedWorkspace>;
}

/** `publishedAt`: when the tag was made, of one without a date of its own its commit. Whoever made it could write another. */
export type PublishedRelease = { readonly name: string; readonly publishedAt: Instant };
