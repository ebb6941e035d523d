import type { Candidate, Candidates, ListedTag } from '../candidates/candidate.ts';
import { findCandidates } from '../candidates/find-candidates.ts';
import type { Catalog, IsoDate } from '../catalog/catalog.ts';
import type { Reference } from '../image/reference.ts';

/**
 * A listing as it stood on a day, with what was read of its tags until now: what keeps a tag from being a candidate today must
 * not make news of the one in its place. `platforms`: in use.
 */
export type ListingOn = {
  readonly tags: readonly ListedTag[];
  readonly day: IsoDate;
  readonly platforms?: readonly string[];
};

/**
 * Candidates that were none at the listing before: tags published since, and lines that became fit to be moved to.
 *
 * @param before absent at the first listing: then nothing is new.
 * @param now the candidates of the present listing.
 */
export function findReleases(
  reference: Reference,
  before: ListingOn | undefined,
  now: Pick<Candidates, 'candidates'>,
  catalog: Catalog,
): readonly Candidate[] {
  if (before === undefined || now.candidates.length === 0) return [];
  const { tags, day, platforms = [] } = before;
  const known = findCandidates({ reference, tags, catalog, today: day, platforms }).candidates;
  const nameOf = ({ lane, tag, repository = '' }: Candidate) => `${lane} ${repository} ${tag}`;
  const names = new Set(known.map(nameOf));
  return now.candidates.filter((candidate) => !names.has(nameOf(candidate)));
}
