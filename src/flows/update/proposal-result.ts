import type { Proposal } from '../../domain/update/proposal.ts';
import type { ListedPullRequest, ProposalAction } from '../../domain/update/proposal-facts.ts';
import { readMarker } from '../../domain/update/proposal-marker.ts';

/** What became of the pull requests of one repository: field for field its JSON. */
export type ProposalResult = {
  readonly schemaVersion: 1;
  readonly repository: string;
  readonly isDryRun: boolean;
  readonly rows: readonly ProposalRow[];
  /** Requests to the forge meanwhile, those of other repositories that share it too; what git asks is not among them. */
  readonly requests: number;
};

export type ProposalRow = {
  readonly key: string;
  /** `docker.io/library/node`; several with commas between; empty where nobody knows any more. */
  readonly image: string;
  readonly lane: string;
  readonly from: string;
  readonly to: string;
  /** What was done; in a dry run, what would be. */
  readonly action: ProposalAction['kind'];
  readonly branch: string;
  readonly url?: string;
  /** Why nothing is done now. */
  readonly reason?: string;
  /** What could not be done as it was asked for: an unknown team, a label nobody made. */
  readonly notes?: readonly string[];
  /** Why it could not be done. */
  readonly failure?: string;
};

export type Outcome = Partial<Pick<ProposalRow, 'action' | 'url' | 'reason' | 'notes' | 'failure'>>;

export function rowOf(action: ProposalAction, outcome: Outcome = {}): ProposalRow {
  const pullRequest = 'pullRequest' in action ? action.pullRequest : undefined;
  const subject =
    'proposal' in action && action.proposal !== undefined ? ofProposal(action.proposal) : ofMarker(pullRequest);
  return {
    ...subject,
    action: action.kind,
    ...(pullRequest === undefined ? {} : { branch: pullRequest.branch, url: pullRequest.url }),
    ...(action.kind === 'hold' ? { reason: action.reason } : {}),
    ...outcome,
  };
}

type Subject = Pick<ProposalRow, 'key' | 'image' | 'lane' | 'from' | 'to' | 'branch'>;

function ofProposal({ key, images, lane, from, target, branch }: Proposal): Subject {
  return { key, image: images.join(', '), lane, from, to: referencesIn(target), branch };
}

function ofMarker(pullRequest: ListedPullRequest | undefined): Subject {
  const marker = readMarker(pullRequest?.body ?? '');
  const { key = '', images = [], lane = '', from = '', target = '' } = marker ?? {};
  return { key, image: images.join(', '), lane, from, to: referencesIn(target), branch: pullRequest?.branch ?? '' };
}

/** Without the lane that stands before each. */
function referencesIn(target: string): string {
  return target
    .split(', ')
    .map((part) => part.slice(part.indexOf(' ') + 1))
    .join(' ');
}
