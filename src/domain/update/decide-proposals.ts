import {
  dayOf,
  findReverted,
  findSnooze,
  isWithinHour,
  openingBarrier,
  type Snooze,
  targetBarrier,
} from './barrier.ts';
import { isCriticalFix } from './critical-fix.ts';
import { type HeadState, headState, type KnownPullRequest, knowPullRequests } from './known-pull-request.ts';
import type { ProposalAction, ProposalFacts, WantedProposal } from './proposal-facts.ts';
import { bareMarker, formatMarker, markerOf, type PullRequestText, withMarker } from './proposal-marker.ts';
import { type Counts, endUnwanted } from './unwanted-pull-requests.ts';

/**
 * What becomes of the pull requests of one repository: those to open, in the order given and critical ones first, and then those
 * that nothing wants any more. Carried out and decided again, everything is kept or held.
 *
 * A branch whose head somebody else wrote is never written. There is at most one open pull request per key.
 *
 * @see docs/decisions/proposals.md
 */
export function decideProposals(facts: ProposalFacts): readonly ProposalAction[] {
  if (facts.isArchived) return [];
  const known = knowPullRequests(facts);
  const open = known.filter(({ pullRequest }) => pullRequest.state === 'open');
  const isCritical = ({ proposal }: WantedProposal) => isCriticalFix(proposal, facts.criticalFixes);
  const [urgent, others] = [facts.wanted.filter(isCritical), facts.wanted.filter((one) => !isCritical(one))];
  const own = new Map(facts.wanted.map(({ proposal }) => [proposal.key, ownOf(proposal, open)]));
  const unwanted = open.filter((one) => own.get(one.key) !== one);
  const counts: Counts = {
    open: open.length,
    inHour: known.filter(({ pullRequest }) => isWithinHour(pullRequest.createdAt, facts.now)).length,
    inRun: facts.openedInRun,
  };
  const ends = endUnwanted(unwanted, facts, ({ key }) => own.get(key) !== undefined);
  counts.open -= ends.closed;
  const actions: ProposalAction[] = [];
  for (const wanted of [...urgent, ...others]) {
    const { proposal } = wanted;
    const place = { wanted, own: own.get(proposal.key), known, isCritical: isCritical(wanted) };
    const freed = ends.freedBy(proposal, actions);
    const decided = decideOne(place, facts, { ...counts, open: counts.open - freed });
    actions.push(...decided);
    if (!decided.some(({ kind }) => kind === 'open')) continue;
    counts.open += 1 - freed;
    counts.inHour += 1;
    counts.inRun += 1;
  }
  return [...actions, ...ends.decide(actions)];
}

/** By its branch, else the newest by its marker. */
function ownOf({ key, branch }: WantedProposal['proposal'], open: readonly KnownPullRequest[]) {
  const same = open.filter((one) => one.key === key);
  return same.find(({ pullRequest }) => pullRequest.branch === branch) ?? same[0];
}

type Place = {
  readonly wanted: WantedProposal;
  readonly own: KnownPullRequest | undefined;
  readonly known: readonly KnownPullRequest[];
  readonly isCritical: boolean;
};

function decideOne({ wanted, own, known, isCritical }: Place, facts: ProposalFacts, counts: Counts) {
  const { proposal } = wanted;
  const head = own?.head ?? headState(facts.heads.get(proposal.branch), proposal.key, facts.authorEmail);
  if (head.kind === 'people') return [holdEdited(wanted, own)];
  if (own !== undefined && isInDoubt(own, wanted, facts)) return [holdUnanswered(wanted, own)];
  const snooze = isCritical ? undefined : findSnooze(proposal, known, facts);
  const reverted = findReverted(proposal, known, facts.baseBranch);
  const reason =
    reverted === undefined
      ? isCritical
        ? undefined
        : targetBarrier(wanted, snooze, facts)
      : `it was merged (${reverted.pullRequest.url}) and taken back: it is not proposed again`;
  if (own !== undefined) {
    const isNew = own.marker?.target !== proposal.target;
    return [isNew && reason !== undefined ? hold(wanted, own, reason) : carryOn(wanted, { ...own, head }, facts)];
  }
  const held = reason ?? (isCritical ? undefined : openingBarrier(facts, counts));
  if (held === undefined) return [openIt(wanted, head)];
  const explained = reverted === undefined && snooze !== undefined ? explain(wanted, snooze) : [];
  return [...explained, hold(wanted, undefined, held)];
}

function openIt(wanted: WantedProposal, head: OwnHead): ProposalAction {
  const { proposal } = wanted;
  const expected = head.kind === 'ours' ? head.revision : undefined;
  const isWritten = head.kind === 'ours' && head.fingerprint === proposal.fingerprint;
  return { kind: 'open', proposal, text: fullText(wanted), expected, isWritten };
}

type OwnHead = Exclude<HeadState, { readonly kind: 'people' }>;

function carryOn(
  wanted: WantedProposal,
  { pullRequest, marker, head }: KnownPullRequest & { readonly head: OwnHead },
  { baseBranch }: ProposalFacts,
): ProposalAction {
  const { proposal } = wanted;
  const text = fullText(wanted);
  if (head.kind === 'missing' || head.fingerprint !== proposal.fingerprint) {
    const expected = head.kind === 'ours' ? head.revision : undefined;
    return { kind: 'refresh', proposal, pullRequest, text, expected };
  }
  const isSaid = marker !== undefined && formatMarker(marker) === formatMarker(markerOf(proposal, wanted.text));
  if (!isSaid || pullRequest.baseBranch !== baseBranch) return { kind: 'retext', proposal, pullRequest, text };
  return { kind: 'keep', proposal, pullRequest };
}

function fullText({ proposal, text }: WantedProposal): PullRequestText {
  return { title: text.title, body: withMarker(text.body, markerOf(proposal, text)) };
}

/** An image of it has no answer now and would silently fall out of it. */
function isInDoubt({ marker }: KnownPullRequest, { proposal }: WantedProposal, { unanswered }: ProposalFacts): boolean {
  return marker?.images.some((image) => unanswered.includes(image) && !proposal.images.includes(image)) === true;
}

function holdEdited(wanted: WantedProposal, own: KnownPullRequest | undefined): ProposalAction {
  const reason = 'its branch is edited by people: nothing of ours is written there';
  return hold(wanted, own, own === undefined ? `${reason}; remove the branch, and it is proposed` : reason);
}

function holdUnanswered(wanted: WantedProposal, own: KnownPullRequest): ProposalAction {
  return hold(wanted, own, 'not all of its images have an answer now');
}

function hold({ proposal }: WantedProposal, own: KnownPullRequest | undefined, reason: string): ProposalAction {
  return { kind: 'hold', proposal, ...(own === undefined ? {} : { pullRequest: own.pullRequest }), reason };
}

function explain({ proposal }: WantedProposal, { by, until }: Snooze): readonly ProposalAction[] {
  const { pullRequest, key, marker = bareMarker(key) } = by;
  const snoozedUntil = dayOf(until);
  if (marker.snoozedUntil === snoozedUntil) return [];
  const body = withMarker(pullRequest.body, { ...marker, snoozedUntil });
  return [{ kind: 'explain-snooze', proposal, pullRequest, until, body }];
}
