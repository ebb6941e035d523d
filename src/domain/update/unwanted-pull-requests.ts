import type { KnownPullRequest } from './known-pull-request.ts';
import type { Proposal } from './proposal.ts';
import type { ProposalAction, ProposalFacts } from './proposal-facts.ts';
import { bareMarker, withMarker } from './proposal-marker.ts';
import { isInterim } from './update-plan.ts';

/** What limits look at while it is decided what to open. */
export type Counts = { open: number; inHour: number; inRun: number };

type Ends = {
  /** How many go whatever is opened. */
  readonly closed: number;
  /** How many more go when this proposal is opened. @param actions what was decided before. */
  freedBy(proposal: Proposal, actions: readonly ProposalAction[]): number;
  /** @param actions what was decided of the proposals. */
  decide(actions: readonly ProposalAction[]): readonly ProposalAction[];
};

/** `follow`: it goes as soon as one of these is open. */
type Fate =
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'follow'; readonly successors: readonly Proposal[] };

/** What becomes of open pull requests of ours that are none of any wanted proposal. */
export function endUnwanted(
  unwanted: readonly KnownPullRequest[],
  facts: ProposalFacts,
  isOpen: (proposal: Proposal) => boolean,
): Ends {
  const fates = unwanted.map((one) => ({ one, fate: fateOf(one, facts) }));
  const follower = ({ successors }: Fate & { readonly kind: 'follow' }, actions: readonly ProposalAction[]) =>
    successors.find(isOpen) ?? successors.find((proposal) => isOpened(proposal, actions));
  return {
    closed: fates.filter(
      ({ fate }) => fate.kind === 'close' || (fate.kind === 'follow' && follower(fate, []) !== undefined),
    ).length,
    freedBy: (proposal, actions) =>
      fates.filter(
        ({ fate }) =>
          fate.kind === 'follow' && fate.successors.includes(proposal) && follower(fate, actions) === undefined,
      ).length,
    decide: (actions) =>
      fates.map(({ one, fate }) => {
        if (fate.kind !== 'follow') return endOf(one, fate, facts);
        const successor = follower(fate, actions);
        return successor === undefined ? stay(one) : supersede(one, successor, facts);
      }),
  };
}

function fateOf(
  { key, marker, head }: KnownPullRequest,
  { wanted, unanswered, unread, unaskedLanes = [] }: ProposalFacts,
): Fate {
  if (head.kind === 'people')
    return { kind: 'hold', reason: 'nothing asks for it any more, but it is edited by people' };
  if (unaskedLanes.some((lane) => lane === marker?.lane))
    return { kind: 'hold', reason: 'this run did not look for what it proposes' };
  const proposals = wanted.map(({ proposal }) => proposal);
  const same = proposals.filter((proposal) => proposal.key === key);
  if (same.length > 0) return { kind: 'follow', successors: same };
  const isUnknown = marker?.images.some((image) => unanswered.includes(image)) ?? unanswered.length > 0;
  if (isUnknown) return { kind: 'hold', reason: 'not all of its images have an answer now' };
  const successors = proposals.filter(
    ({ lane, images, files }) =>
      !isInterim(lane) &&
      marker?.images.some((image) => images.includes(image)) === true &&
      files.some(({ path }) => marker.files.includes(path)),
  );
  if (successors.length > 0) return { kind: 'follow', successors };
  const isUnread = marker?.files.some((path) => unread.includes(path)) ?? unread.length > 0;
  return isUnread ? { kind: 'hold', reason: 'not all of its files can be read now' } : { kind: 'close' };
}

function isOpened({ key }: Proposal, actions: readonly ProposalAction[]): boolean {
  return actions.some((action) => action.kind === 'open' && action.proposal.key === key);
}

function endOf(
  one: KnownPullRequest,
  fate: Exclude<Fate, { readonly kind: 'follow' }>,
  facts: ProposalFacts,
): ProposalAction {
  const { pullRequest } = one;
  if (fate.kind === 'hold') return { kind: 'hold', pullRequest, reason: fate.reason };
  return { kind: 'close', pullRequest, body: endedBody(one), ...branchToRemove(one, facts) };
}

function stay({ pullRequest }: KnownPullRequest): ProposalAction {
  return { kind: 'hold', pullRequest, reason: 'it stays until the pull request that follows it is open' };
}

function supersede(one: KnownPullRequest, successor: Proposal, facts: ProposalFacts): ProposalAction {
  const { pullRequest } = one;
  return { kind: 'supersede', pullRequest, successor, body: endedBody(one), ...branchToRemove(one, facts) };
}

/** Another pull request, into another base, may come from the same branch; a proposal may be about to be opened from it. */
function branchToRemove(
  { pullRequest, head }: KnownPullRequest,
  { pullRequests, wanted }: ProposalFacts,
): { readonly branchHead?: string } {
  const { branch } = pullRequest;
  const isNeeded =
    wanted.some(({ proposal }) => proposal.branch === branch) ||
    pullRequests.some((other) => other.state === 'open' && other.branch === branch && other.id !== pullRequest.id);
  return head.kind === 'ours' && !isNeeded ? { branchHead: head.revision } : {};
}

function endedBody({ pullRequest, key, marker = bareMarker(key) }: KnownPullRequest): string {
  return withMarker(pullRequest.body, { ...marker, isEnded: true });
}
