import { chooseListed, type ListedChoice } from '../domain/fleet/choose-listed.ts';
import type { Fleet, FleetListing, FleetRepository } from '../domain/fleet/fleet.ts';
import { type Forge, ForgeError } from '../ports/forge.ts';

/** What became of a listing of the fleet file, for reports. */
export type ListingResult = {
  /** `github.com/acme` */
  readonly of: string;
  readonly listed: number;
  readonly taken: number;
  readonly leftOut: ListedChoice['leftOut'];
  readonly refused: ListedChoice['refused'];
  /** Why the forge could not be asked: then nothing of it is known. */
  readonly failure?: string;
};

/**
 * The repositories of the file in its order, then what forges list besides. A forge that cannot be asked costs its own alone.
 *
 * @param use asks the forge of a listing.
 */
export async function listFleet(
  fleet: Fleet,
  use: <T>(listing: FleetListing, ask: (forge: Pick<Forge, 'listRepositories'>) => Promise<T>) => Promise<T>,
): Promise<{ readonly repositories: readonly FleetRepository[]; readonly listings: readonly ListingResult[] }> {
  const repositories = [...fleet.repositories];
  const listings: ListingResult[] = [];
  for (const listing of fleet.listings) {
    const of = `${listing.host}/${listing.owner}`;
    try {
      const listed = await use(listing, (forge) => forge.listRepositories(listing.owner));
      const { taken, leftOut, refused } = chooseListed(listing, listed, fleet.repositories);
      repositories.push(...taken);
      const dropped = Object.values(leftOut).reduce((sum, number) => sum + number, 0);
      listings.push({ of, listed: taken.length + refused.length + dropped, taken: taken.length, leftOut, refused });
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      const leftOut = { byName: 0, archived: 0, forks: 0, inFile: 0 };
      listings.push({ of, listed: 0, taken: 0, leftOut, refused: [], failure: error.message });
    }
  }
  return { repositories, listings };
}

/** Repositories that belong to the fleet and that git is not sent to. */
export function refusedAddresses(
  listings: readonly ListingResult[],
): readonly { readonly name: string; readonly message: string }[] {
  return listings.flatMap(({ of, refused }) =>
    refused.map(({ path, reason }) => ({
      name: `${of.slice(0, of.indexOf('/'))}/${path}`,
      message: `the address that the forge gives for it ${reason}`,
    })),
  );
}
