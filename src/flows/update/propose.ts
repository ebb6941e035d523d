import type { Instant } from '../../domain/source/instant.ts';
import type { CriticalFix } from '../../domain/update/critical-fix.ts';
import { decideProposals } from '../../domain/update/decide-proposals.ts';
import { planProposals } from '../../domain/update/plan-proposals.ts';
import { branchPrefix, type Proposal } from '../../domain/update/proposal.ts';
import type { BranchHead, ProposalAction, WantedProposal } from '../../domain/update/proposal-facts.ts';
import type { PullRequestText } from '../../domain/update/proposal-marker.ts';
import type { UpdateLane, UpdatePlan } from '../../domain/update/update-plan.ts';
import type { Branches } from '../../ports/branches.ts';
import type { Forge, PullRequest } from '../../ports/forge.ts';
import { type ApplyPlace, applyProposals } from './apply-proposals.ts';
import { type ProposalResult, type ProposalRow, rowOf } from './proposal-result.ts';

/** `publishedAt`: of the newest content that the plan brings; absent when nobody tells. */
export type PlannedUpdate = { readonly plan: UpdatePlan; readonly publishedAt?: Instant };

export type ProposeRequest = Omit<ApplyPlace, 'forge' | 'branches'> & {
  /** As the forge tells: nothing is done then. */
  readonly isArchived: boolean;
  /** All that there is to update in the repository: what is open and in none of them is closed. */
  readonly updates: readonly PlannedUpdate[];
  /** `docker.io/library/node`: of what no registry told anything now. */
  readonly unanswered: readonly string[];
  /** Files that could not be read as they are meant. */
  readonly unread: readonly string[];
  /** What this run did not look for: its pull requests stay. */
  readonly unaskedLanes?: readonly UpdateLane[];
  /** Title and body, without the marker. The same proposal has the same text, or it is written anew each time. */
  readonly textOf: (proposal: Proposal) => PullRequestText;
  readonly criticalFixes: readonly CriticalFix[];
  /** Of what is decided, only these are carried out, and nothing is closed; all when absent. */
  readonly isMeant?: (proposal: Proposal) => boolean;
  readonly now: Instant;
  readonly isDryRun: boolean;
};

const dayMs = 86_400_000;
/** For so long a merged update that people took back is remembered. */
const memoryDays = 365;

/**
 * Opens, renews, explains and closes pull requests of updates in one repository.
 *
 * @throws ForgeError, RepositoryError when what is open and who wrote it cannot be found out: then nothing was changed.
 */
export async function propose(
  { forge, branches }: { readonly forge: Forge; readonly branches: Branches },
  request: ProposeRequest,
): Promise<ProposalResult> {
  const before = forge.requests();
  const rows = await proposeIn({ forge, branches }, request);
  const { repository, isDryRun } = request;
  return { schemaVersion: 1, repository, isDryRun, rows, requests: forge.requests() - before };
}

async function proposeIn(
  { forge, branches }: { readonly forge: Forge; readonly branches: Branches },
  request: ProposeRequest,
): Promise<readonly ProposalRow[]> {
  const { repository, isArchived, base, settings, author, run } = request;
  if (isArchived) return [];
  const { isMeant } = request;
  const decided = (await decideUpdates({ forge, branches }, request)).actions;
  const actions = isMeant === undefined ? decided : decided.filter((action) => isAbout(action, isMeant));
  if (request.isDryRun) return actions.map((action) => rowOf(action));
  return applyProposals({ forge, branches, repository, base, settings, author, run }, actions);
}

function isAbout(action: ProposalAction, isMeant: (proposal: Proposal) => boolean): boolean {
  return 'proposal' in action && action.proposal !== undefined && isMeant(action.proposal);
}

/** What becomes of the pull requests of a repository, and those that are there. @throws ForgeError, RepositoryError */
export async function decideUpdates(
  { forge, branches }: { readonly forge: Forge; readonly branches: Branches },
  request: ProposeRequest,
): Promise<{ readonly actions: readonly ProposalAction[]; readonly pullRequests: readonly PullRequest[] }> {
  const {
    repository,
    isArchived,
    base,
    settings,
    now,
    author,
    run,
    unanswered,
    unread,
    criticalFixes,
    unaskedLanes = [],
  } = request;
  const wanted = wantedOf(request);
  const closedSince = now - Math.max(settings.snoozeDays, memoryDays) * dayMs;
  const pullRequests = await forge.listPullRequests(repository, {
    branchPrefix,
    // What was closed counts only for what is to be opened.
    ...(wanted.length === 0 ? {} : { closedSince }),
  });
  const actions = decideProposals({
    ...{ now, isArchived, baseBranch: base.branch, wanted, unanswered, unread, pullRequests, settings, criticalFixes },
    unaskedLanes,
    heads: await readHeads(branches, wanted, pullRequests),
    authorEmail: author.email,
    openedInRun: run.opened,
  });
  return { actions, pullRequests };
}

function wantedOf({ repository, updates, settings, author, textOf }: ProposeRequest): readonly WantedProposal[] {
  const plans = updates.map(({ plan }) => plan);
  const publishedBy = new Map(updates.map(({ plan, publishedAt }) => [plan, publishedAt]));
  return planProposals({ repository, plans, settings, author }).map((proposal) => {
    const known = proposal.plans.flatMap((plan) => publishedBy.get(plan) ?? []);
    const isKnown = known.length === proposal.plans.length;
    return { proposal, text: textOf(proposal), ...(isKnown ? { publishedAt: Math.max(...known) } : {}) };
  });
}

/** A repository may have branches of this prefix without end: only those that matter are read. */
async function readHeads(
  branches: Branches,
  wanted: readonly WantedProposal[],
  pullRequests: readonly PullRequest[],
): Promise<ReadonlyMap<string, BranchHead>> {
  const open = pullRequests.filter(({ state }) => state === 'open').map(({ branch }) => branch);
  const names = new Set([...wanted.map(({ proposal }) => proposal.branch), ...open]);
  if (names.size === 0) return new Map();
  const listed = [...(await branches.list(branchPrefix))].filter(([name]) => names.has(name));
  const commits = await branches.readCommits(listed.map(([, revision]) => revision));
  return new Map(
    listed.flatMap(([name, revision]) => {
      const head = commits.get(revision);
      return head === undefined ? [] : [[name, head] as const];
    }),
  );
}
