import type { FleetRepository } from '../domain/fleet/fleet.ts';
import { mapLimited } from '../flows/limited.ts';
import { type ListingResult, refusedAddresses } from '../flows/list-fleet.ts';
import { ForgeError } from '../ports/forge.ts';
import { RepositoryError } from '../ports/repositories.ts';
import { WorkspaceError } from '../ports/workspace.ts';
import type { RepositoryOnForge } from '../wiring/forges.ts';
import { UsageError } from './failure.ts';
import { gatherUpdates, type Named, type NoUpdates, noUpdates, type RepositoryUpdates } from './gather-updates.ts';
import { type OpenFleet, openFleet } from './open-fleet.ts';
import { startProgress } from './progress.ts';
import { addressOfFleet, addressOfPlace, type RepositoryAddress } from './repository-address.ts';
import { policyFor } from './run-options.ts';
import type { UpdateRun } from './update-run.ts';

/** Repositories that are worked on at a time: each may start a git of its own. */
const atOnce = 4;

/** What becomes of each repository. */
export type UpdateWork<T> = {
  use(updates: RepositoryUpdates): Promise<T>;
  none(nothing: NoUpdates): T;
};

export type Worked<T> = { readonly repositories: readonly T[]; readonly listings: readonly ListingResult[] };

/** Does the work in the repositories of the places, or in all of the fleet. What fails in one is its own; the others go on. */
export async function workOnUpdates<T>(
  paths: readonly string[],
  run: UpdateRun,
  work: UpdateWork<T>,
): Promise<Worked<T>> {
  return run.options.fleet === undefined ? workOnPlaces(paths, run, work) : workOnFleet(run.options.fleet, run, work);
}

async function workOnPlaces<T>(paths: readonly string[], run: UpdateRun, work: UpdateWork<T>): Promise<Worked<T>> {
  const places = paths.length === 0 ? ['.'] : [...new Set(paths)];
  const repositories: T[] = [];
  for (const place of places) {
    const address = await addressOfPlace(place);
    if (address.web.protocol === 'file:')
      throw new UsageError(
        `${place} leads to a repository in a folder: pull requests need one at an https or ssh address`,
      );
    const { policy } = await policyFor(address.folder ?? '.', run.options.policy, run.now);
    repositories.push(await workOn({ name: place }, address, { policy }, run, work));
  }
  return { repositories, listings: [] };
}

async function workOnFleet<T>(path: string, run: UpdateRun, work: UpdateWork<T>): Promise<Worked<T>> {
  const open = await openFleet(path, run.options, run.now);
  const { fleet, listings } = open;
  const { only } = run;
  const repositories = fleet.repositories.filter(({ name }) => only?.has(name) !== false);
  const progress = startProgress('looking for updates', 'repositories');
  let done = 0;
  const worked = await mapLimited(
    repositories,
    async (repository) => {
      const { name, owner, team } = repository;
      const named = { name, ...(owner === undefined ? {} : { owner }), ...(team === undefined ? {} : { team }) };
      const result =
        repository.source.kind === 'url'
          ? await workOn(named, addressOfFleet(repository.source, fleet), open, run, work, repository)
          : work.none({
              ...noUpdates(named),
              left: 'a folder of this machine has no pull requests: name the url of its repository',
            });
      progress.report(++done, repositories.length);
      return result;
    },
    atOnce,
  ).finally(progress.stop);
  const refused = refusedAddresses(listings).map(({ name, message }) =>
    work.none({ ...noUpdates({ name }), failure: message }),
  );
  return { repositories: [...worked, ...refused], listings };
}

async function workOn<T>(
  named: Named,
  address: RepositoryAddress,
  open: Pick<OpenFleet, 'policy'>,
  run: UpdateRun,
  work: UpdateWork<T>,
  entry: Pick<FleetRepository, 'policy'> = {},
): Promise<T> {
  let onForge: RepositoryOnForge | undefined;
  try {
    onForge = await run.forges.of(address);
    const gathered = await gatherUpdates(named, { ...onForge, address }, open, run, entry);
    return 'plan' in gathered
      ? await work.use(gathered)
      : work.none({ ...gathered, requests: onForge.forge.requests() });
  } catch (error) {
    const isKnown =
      error instanceof ForgeError ||
      error instanceof RepositoryError ||
      error instanceof WorkspaceError ||
      error instanceof UsageError;
    if (!isKnown) throw error;
    return work.none({ ...noUpdates(named), failure: error.message, requests: onForge?.forge.requests() ?? 0 });
  }
}
