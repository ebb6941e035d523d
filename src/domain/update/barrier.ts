import { formatInstant, type Instant } from '../source/instant.ts';
import type { KnownPullRequest } from './known-pull-request.ts';
import type { Proposal } from './proposal.ts';
import type { ProposalFacts, WantedProposal } from './proposal-facts.ts';
import { isInterim } from './update-plan.ts';
import { isInWindow } from './update-window.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export type Snooze = { readonly by: KnownPullRequest; readonly until: Instant };

/** Why a target is not proposed, though it may be open by another name already; one clause. */
export function targetBarrier(
  { proposal, publishedAt }: WantedProposal,
  snooze: Snooze | undefined,
  { now, settings: { minimumAgeDays } }: ProposalFacts,
): string | undefined {
  if (snooze !== undefined)
    return `it was closed unmerged (${snooze.by.pullRequest.url}) and is left alone until ${dayOf(snooze.until)}`;
  if (minimumAgeDays === 0 || proposal.lane === 'policy' || isInterim(proposal.lane)) return undefined;
  if (publishedAt === undefined)
    return `nobody tells how old its content is, and it has to be ${minimumAgeDays} days old`;
  const ripeAt = publishedAt + minimumAgeDays * dayMs;
  return now >= ripeAt ? undefined : `its content has to be ${minimumAgeDays} days old: on ${dayOf(ripeAt)}`;
}

/** @param open pull requests of ours that are, and stay, open. */
export function openingBarrier(
  { now, settings: { limits, window } }: ProposalFacts,
  counts: { readonly open: number; readonly inHour: number; readonly inRun: number },
): string | undefined {
  if (!isInWindow(window, now)) return 'it is outside of the window for new pull requests';
  if (counts.inRun >= limits.perRun) return `this run has opened ${limits.perRun} pull requests, its limit`;
  if (counts.open >= limits.open) return `${counts.open} pull requests are open here, and the limit is ${limits.open}`;
  if (counts.inHour >= limits.perHour) return `${limits.perHour} were opened here within an hour, its limit`;
  return undefined;
}

/** The closed pull request for which a target is left alone. One that we closed ourselves does not count. */
export function findSnooze(
  { key, target }: Proposal,
  known: readonly KnownPullRequest[],
  { now, settings }: ProposalFacts,
): Snooze | undefined {
  return known
    .filter(({ pullRequest, marker }) => pullRequest.state === 'closed' && marker?.isEnded !== true)
    .filter((one) => (isTargetKnown(one) ? one.marker.target === target : one.key === key))
    .flatMap((by) => {
      const { closedAt } = by.pullRequest;
      return closedAt === undefined ? [] : [{ by, until: closedAt + settings.snoozeDays * dayMs }];
    })
    .filter(({ until }) => now < until)
    .toSorted((a, b) => b.until - a.until)[0];
}

/** Where people removed the marker, nobody knows what exactly they closed: all of it is left alone. */
function isTargetKnown(one: KnownPullRequest): one is KnownPullRequest & { readonly marker: object } {
  return one.marker !== undefined && one.marker.target !== '';
}

/** The merged pull request whose change people have taken back: its files name what they named before it, and nothing of it. */
export function findReverted(
  { from, target, plans, files }: Proposal,
  known: readonly KnownPullRequest[],
  baseBranch: string,
): KnownPullRequest | undefined {
  const uses = plans.flatMap(({ steps }) => steps.flatMap((step) => step.uses));
  const isStillNamed = uses.some(({ after }) => files.some(({ before }) => before.includes(after)));
  if (isStillNamed) return undefined;
  return known
    .filter(({ pullRequest }) => pullRequest.state === 'merged' && pullRequest.baseBranch === baseBranch)
    .find(({ marker }) => marker?.target === target && marker.from === from);
}

export function dayOf(at: Instant): string {
  return formatInstant(at).slice(0, 10);
}

export function isWithinHour(at: Instant, now: Instant): boolean {
  return at > now - hourMs;
}
