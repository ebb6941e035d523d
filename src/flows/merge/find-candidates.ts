import type { Proposal } from '../../domain/update/proposal.ts';
import type { ProposalAction } from '../../domain/update/proposal-facts.ts';
import type { PullRequest } from '../../ports/forge.ts';
import { decideUpdates } from '../update/propose.ts';
import type { SettleRow } from './settle-result.ts';
import type { Candidate, Measurement, SettlePlace } from './settle-run.ts';

type Found = { readonly candidates: readonly Candidate[]; readonly rows: readonly SettleRow[] };

/**
 * The open pull requests of ours in a repository: those that say what we would write now, and why the others are left. Nothing
 * that a pull request says of itself is believed: it is compared with what its base branch, the policy and the registries ask for.
 *
 * @throws ForgeError, RepositoryError
 */
export async function findCandidates(place: SettlePlace): Promise<Found> {
  const { actions, pullRequests } = await decideUpdates(place, place.request);
  const byId = new Map(pullRequests.map((one) => [one.id, one]));
  const candidates: Candidate[] = [];
  const rows: SettleRow[] = [];
  for (const action of actions) {
    const listed = 'pullRequest' in action ? action.pullRequest : undefined;
    const pullRequest = listed === undefined ? undefined : byId.get(listed.id);
    if (pullRequest?.state !== 'open') continue;
    if (pullRequest.baseBranch !== place.request.base.branch)
      rows.push(holdRow(pullRequest, 'it goes into another branch: update --propose turns it'));
    else if (action.kind === 'keep' || action.kind === 'retext')
      candidates.push({
        ...{ place, proposal: action.proposal, pullRequest },
        measurement: await measured(place, action.proposal, pullRequest),
      });
    else rows.push(holdRow(pullRequest, reasonOf(action)));
  }
  return { candidates, rows };
}

async function measured(
  { measure }: SettlePlace,
  proposal: Proposal,
  { headRevision }: PullRequest,
): Promise<Measurement> {
  return (await measure?.(proposal, headRevision)) ?? {};
}

function reasonOf(action: Exclude<ProposalAction, { readonly kind: 'keep' | 'retext' }>): string {
  switch (action.kind) {
    case 'hold':
      return action.reason;
    case 'refresh':
      return 'it is not what would be proposed now: update --propose renews it first';
    case 'supersede':
      return 'another update follows it: update --propose closes it';
    case 'close':
      return 'nothing of it is left to do: update --propose closes it';
    case 'open':
    case 'explain-snooze':
      return 'it is closed';
  }
}

export function holdRow(pullRequest: PullRequest, reason: string): SettleRow {
  return { ...subjectOf(pullRequest), action: 'hold', reason };
}

export function subjectOf({ id, url, title, headRevision }: PullRequest) {
  return { id, url, title, headRevision };
}
