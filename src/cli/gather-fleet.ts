import type { FleetRepository } from '../domain/fleet/fleet.ts';
import { mapLimited } from '../flows/limited.ts';
import { type ListingResult, refusedAddresses } from '../flows/list-fleet.ts';
import type { TreeProblem } from '../flows/monitor/monitor-result.ts';
import { ForgeError } from '../ports/forge.ts';
import type { Releases } from '../ports/releases.ts';
import { type FetchedWorkspace, RepositoryError } from '../ports/repositories.ts';
import { WorkspaceError } from '../ports/workspace.ts';
import { currentTime } from '../wiring/clock.ts';
import { openRemoteBranches, openRemoteReleases } from '../wiring/repositories.ts';
import { UsageError } from './failure.ts';
import { baselineOf, type GatheredTree, type GatheredUses, gatherTree, joinTrees, releasesOf } from './gather-uses.ts';
import { type OpenFleet, openFleet } from './open-fleet.ts';
import { type OpenForges, openForges } from './open-forges.ts';
import { openCommit, openFolder } from './open-repository.ts';
import { startProgress } from './progress.ts';
import { addressOfFleet, type RepositoryAddress } from './repository-address.ts';
import type { RunOptions } from './run-options.ts';

/** Repositories that are read at a time: each may start a git of its own. */
const atOnce = 4;

/**
 * Reads every repository of a fleet file. One that cannot be read is a problem of its own; the others go on.
 *
 * @throws UsageError when the fleet file or a policy file that people of the fleet wrote is not accepted.
 */
export async function gatherFleet(path: string, options: RunOptions, now: string): Promise<GatheredUses> {
  const open = await openFleet(path, options, now);
  const { repositories } = open.fleet;
  const progress = startProgress('reading', 'repositories');
  const forges = openForges(currentTime);
  let done = 0;
  const trees = await mapLimited(
    repositories,
    async (repository) => {
      const tree = await gatherRepository(repository, { ...open, forges }, options, now);
      progress.report(++done, repositories.length);
      return tree;
    },
    atOnce,
  ).finally(() => {
    progress.stop();
    return forges.close();
  });
  const gathered = joinTrees(trees, open.policy);
  return { ...gathered, listings: open.listings, problems: [...problemsOf(open.listings), ...gathered.problems] };
}

function problemsOf(listings: readonly ListingResult[]): readonly TreeProblem[] {
  return [
    ...listings.flatMap(({ of, failure }) => (failure === undefined ? [] : [{ name: of, message: failure }])),
    ...refusedAddresses(listings),
  ].map(({ name, message }) => ({ tree: name, message, kind: 'world' }));
}

async function gatherRepository(
  repository: FleetRepository,
  open: OpenFleet & { readonly forges: OpenForges },
  options: RunOptions,
  now: string,
): Promise<GatheredTree> {
  const { name, source, owner, team } = repository;
  const tree = { tree: name, ...(owner === undefined ? {} : { owner }), ...(team === undefined ? {} : { team }) };
  try {
    if (source.kind === 'path') {
      const { workspace, survey, baseline } = await openFolder(source.path, repository, options, now);
      const opened = { workspace, survey, ...releasesOf(source.path), ...baselineOf(baseline) };
      return await gatherTree(tree, source.path, opened, now);
    }
    const address = addressOfFleet(source, open.fleet);
    const { fetched, releases } = await fetchTree(address, open);
    const { workspace, survey, problems } = await openCommit(fetched, repository, open, options, now);
    const named = { ...tree, revision: fetched.revision };
    const gathered = await gatherTree(named, name, { workspace, survey, releases }, now);
    const own = problems.map((problem) => ({ tree: name, ...problem, kind: 'file' as const }));
    return { ...gathered, address, problems: [...own, ...gathered.problems] };
  } catch (error) {
    const isOfWorld = error instanceof RepositoryError || error instanceof ForgeError;
    if (!isOfWorld && !(error instanceof WorkspaceError) && !(error instanceof UsageError)) throw error;
    // A folder or a policy that is not there is for somebody to mend; a server may answer another time.
    const kind = isOfWorld ? 'world' : 'file';
    return { tree: { ...tree, files: 0 }, problems: [{ tree: name, message: error.message, kind }] };
  }
}

/** One commit, read with the token that the environment has for its host. */
export async function fetchTree(
  address: RepositoryAddress,
  { forges }: { readonly forges: OpenForges },
): Promise<{ readonly fetched: FetchedWorkspace; readonly releases: Releases }> {
  const { gitToken } = await forges.of(address);
  const token = await gitToken();
  const branches = await openRemoteBranches(address.written, address.privateHosts, token);
  const releases = openRemoteReleases(address.written, address.privateHosts, token);
  return { fetched: await branches.open(address.branch), releases };
}
