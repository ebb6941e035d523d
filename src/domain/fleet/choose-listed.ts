import picomatch from 'picomatch';
import { isBranchName } from './branch-name.ts';
import type { FleetListing, FleetRepository } from './fleet.ts';
import { parseRepositoryUrl, type RepositoryUrl } from './repository-url.ts';

/** A repository as a forge tells of it: nothing in it is believed. */
export type ListedRepository = {
  /** `acme/shop` */
  readonly path: string;
  readonly defaultBranch: string;
  readonly isArchived: boolean;
  readonly isFork: boolean;
  readonly cloneUrl: string;
};

/** What counts of a listing, and why the rest does not: every listed repository is in exactly one of these. */
export type ListedChoice = {
  /** Sorted by path. */
  readonly taken: readonly FleetRepository[];
  readonly leftOut: {
    /** By include and exclude. */
    readonly byName: number;
    readonly archived: number;
    readonly forks: number;
    /** The fleet file names them itself, and says who answers for them. */
    readonly inFile: number;
  };
  /** Their address is none that git may be told. `reason`: half a sentence behind the name of the address. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
};

// A glob says one thing, and cannot be made to backtrack.
const globOptions = { nobrace: true, noext: true, nonegate: true, dot: true, noquantifiers: true, nocase: true };

/**
 * The repositories of a listing that belong to the fleet.
 *
 * @param entries of the fleet file: one with the address of a listed repository, whatever its branch, stands in its place.
 */
export function chooseListed(
  listing: FleetListing,
  listed: readonly ListedRepository[],
  entries: readonly FleetRepository[],
): ListedChoice {
  const inFile = new Set(entries.flatMap(({ source }) => (source.kind === 'url' ? [keyOf(source.url)] : [])));
  const isNamed = namesOf(listing);
  const leftOut = { byName: 0, archived: 0, forks: 0, inFile: 0 };
  const taken = new Map<string, FleetRepository>();
  const refused: ListedChoice['refused'][number][] = [];
  // A page that moves while it is read gives one repository twice.
  const distinct = new Map(listed.map((repository) => [repository.path, repository]));
  for (const repository of [...distinct.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const { path, defaultBranch, isArchived, isFork, cloneUrl } = repository;
    const reading = readAddress(cloneUrl, listing.host);
    if (reading.kind === 'url' && inFile.has(keyOf(reading.url))) leftOut.inFile += 1;
    else if (!isNamed(path)) leftOut.byName += 1;
    else if (isArchived && !listing.archived) leftOut.archived += 1;
    else if (isFork && !listing.forks) leftOut.forks += 1;
    else if (reading.kind === 'refused') refused.push({ path, reason: reading.reason });
    else if (taken.has(keyOf(reading.url))) refused.push({ path, reason: 'is that of another repository' });
    else {
      const branch = isBranchName(defaultBranch) ? { branch: defaultBranch } : {};
      taken.set(keyOf(reading.url), { name: cloneUrl, source: { ...reading, ...branch } });
    }
  }
  return { taken: [...taken.values()], leftOut, refused };
}

function namesOf({ owner, include, exclude }: FleetListing): (path: string) => boolean {
  const compile = (globs: readonly string[]) => picomatch([...globs], globOptions);
  const isIncluded = include === undefined ? () => true : compile(include);
  const isExcluded = exclude.length === 0 ? () => false : compile(exclude);
  return (path) => {
    const start = `${owner}/`.toLowerCase();
    const name = path.toLowerCase().startsWith(start) ? path.slice(start.length) : path;
    return isIncluded(name) && !isExcluded(name);
  };
}

/** Forges tell no two repositories apart by upper case. */
function keyOf({ identity }: RepositoryUrl): string {
  return identity.toLowerCase();
}

/** A forge may send us to itself and to nobody else; ssh has another port than its pages. */
function readAddress(cloneUrl: string, host: string): ReturnType<typeof parseRepositoryUrl> {
  const reading = parseRepositoryUrl(cloneUrl);
  if (reading.kind === 'refused' || reading.url.host === host.replace(/:\d+$/, '')) return reading;
  return { kind: 'refused', reason: `lies on ${reading.url.host}, and not on ${host}` };
}
