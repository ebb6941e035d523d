import type { Episode } from '../../domain/deadline/episode.ts';
import { closingOf } from '../../domain/deadline/milestones.ts';
import { openProposal } from '../../domain/deadline/open-proposal.ts';
import type { TrackedUse, UseProposal } from '../../domain/deadline/tracked-use.ts';
import type { Instant } from '../../domain/source/instant.ts';
import { branchPrefix, keyOfBranch } from '../../domain/update/proposal.ts';
import { ForgeError } from '../../ports/forge.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { proposedUses } from './proposed-uses.ts';
import { isPatchable } from './scan-each.ts';
import type { ReadTree, TrackCycleRequest, TrackPorts } from './track-request.ts';

export type ProposalReading =
  | {
      readonly kind: 'read';
      /** By `placeKey`. */
      readonly open: ReadonlyMap<string, UseProposal>;
      readonly mergedAt: ReadonlyMap<string, Instant>;
    }
  /** Nothing of it could be told of an episode: nobody was asked. */
  | { readonly kind: 'unneeded' }
  | { readonly kind: 'refused'; readonly reason: string };

/** A repository with more open ones of ours has another trouble. Each costs a fetch. */
const maxOpen = 50;
const yearMs = 365 * 86_400_000;

/**
 * Which uses the open pull requests of ours change, to what, and what their checks say. No word of a pull request is believed: its
 * branch is read as the tree was, and what it comes to name is scanned.
 */
export async function readProposals(
  ports: TrackPorts,
  {
    tree,
    uses,
    episodes,
  }: { readonly tree: ReadTree; readonly uses: readonly TrackedUse[]; readonly episodes: readonly Episode[] },
  request: TrackCycleRequest,
): Promise<ProposalReading> {
  const proposed = proposedSince(episodes);
  if (proposed === undefined && !uses.some(({ scan }) => isPatchable(scan))) return { kind: 'unneeded' };
  try {
    const place = await ports.proposals(tree.repository);
    if (place.kind === 'none') return { kind: 'refused', reason: place.reason };
    const { forge, repository } = place;
    const filter = proposed === undefined ? {} : { closedSince: Math.max(proposed, request.now - yearMs) };
    const ours = (await forge.listPullRequests(repository, { branchPrefix, ...filter })).filter(
      ({ branch }) => keyOfBranch(branch) !== undefined,
    );
    const merged = ours.filter(({ state }) => state === 'merged');
    const mergedAt = new Map(merged.flatMap(({ url, closedAt }) => (closedAt === undefined ? [] : [[url, closedAt]])));
    const open = ours.filter(({ state }) => state === 'open');
    if (open.length > maxOpen)
      return {
        kind: 'refused',
        reason: `${open.length} pull requests of ours are open, which is more than ${maxOpen}`,
      };
    return { kind: 'read', open: await proposedUses({ ...ports, place }, open, { tree, uses }, request), mergedAt };
  } catch (error) {
    if (!(error instanceof ForgeError) && !(error instanceof RepositoryError)) throw error;
    return { kind: 'refused', reason: error.message };
  }
}

/** Since when something of an open episode is proposed. */
function proposedSince(episodes: readonly Episode[]): Instant | undefined {
  const since = episodes.flatMap(({ events }) =>
    closingOf(events) === undefined ? (openProposal(events)?.since ?? []) : [],
  );
  return since.length === 0 ? undefined : Math.min(...since);
}
