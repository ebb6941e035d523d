import type { Proposal } from '../../domain/update/proposal.ts';
import { commentOn } from '../../domain/update/proposal-comments.ts';
import type { ProposalAction } from '../../domain/update/proposal-facts.ts';
import type { CommitAuthor } from '../../domain/update/proposal-message.ts';
import type { UpdateSettings } from '../../domain/update/update-settings.ts';
import type { Branches } from '../../ports/branches.ts';
import { type Forge, ForgeError } from '../../ports/forge.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { type Outcome, type ProposalRow, rowOf } from './proposal-result.ts';

/** What all repositories of one run share. */
export type ProposalRun = {
  /** New pull requests so far. */
  opened: number;
  /** Refusals since something was taken. */
  failuresInARow: number;
};

export type ApplyPlace = {
  readonly forge: Forge;
  readonly branches: Branches;
  readonly repository: string;
  readonly base: { readonly branch: string; readonly revision: string };
  readonly settings: UpdateSettings;
  readonly author: CommitAuthor;
  readonly run: ProposalRun;
};

type Of<Kind extends ProposalAction['kind']> = Extract<ProposalAction, { readonly kind: Kind }>;

/**
 * Carries actions out, one after the other; what is refused is a row, and the others are done. Each is a few steps in an order in
 * which the next run finds its way from wherever one stopped: the branch before the pull request, why it ends before its end.
 */
export async function applyProposals(
  place: ApplyPlace,
  actions: readonly ProposalAction[],
): Promise<readonly ProposalRow[]> {
  const { run } = place;
  const urls = new Map<string, string>();
  const rows: ProposalRow[] = [];
  for (const action of actions) {
    const outcome = await attempt(run, () => apply(place, action, urls));
    const row = rowOf(action, outcome);
    // What a snooze is explained on is closed.
    if (row.url !== undefined && action.kind !== 'explain-snooze') urls.set(row.key, row.url);
    rows.push(row);
  }
  return rows;
}

async function attempt(run: ProposalRun, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RepositoryError && error.code === 'moved')
      return { action: 'hold', reason: 'its branch has moved meanwhile: the next run looks at it again' };
    if (!(error instanceof ForgeError) && !(error instanceof RepositoryError)) throw error;
    run.failuresInARow += 1;
    return { failure: error.message };
  }
}

/** @param urls of open pull requests, by key. */
async function apply(place: ApplyPlace, action: ProposalAction, urls: ReadonlyMap<string, string>): Promise<Outcome> {
  switch (action.kind) {
    case 'keep':
    case 'hold':
      return {};
    case 'open':
      return open(place, action);
    case 'refresh':
      // What the forge was let to merge is another commit.
      if (action.pullRequest.isAutoMerging) await place.forge.disableAutoMerge(place.repository, action.pullRequest.id);
      await write(place, action.pullRequest.branch, action);
      await retext(place, action);
      break;
    case 'retext':
      await retext(place, action);
      break;
    case 'explain-snooze':
      // What is said is noted last: it is said in place, and so not twice.
      await comment(place, action, '');
      await changeBody(place, action);
      break;
    case 'supersede': {
      const url = urls.get(action.successor.key);
      if (url === undefined)
        return { action: 'hold', reason: 'it stays until the pull request that follows it is open' };
      return end(place, action, url);
    }
    case 'close':
      return end(place, action, '');
  }
  place.run.failuresInARow = 0;
  return {};
}

async function open(place: ApplyPlace, action: Of<'open'>): Promise<Outcome> {
  const { forge, repository, base, settings, run } = place;
  const { limits, draft: isDraft, labels, assignees, reviewers } = settings;
  if (run.failuresInARow >= limits.failuresInARow)
    return {
      action: 'hold',
      reason: `${run.failuresInARow} refusals in a row: nothing more is opened in this run`,
    };
  // Other repositories of the run may have been faster.
  if (run.opened >= limits.perRun)
    return { action: 'hold', reason: `this run has opened ${limits.perRun} pull requests, its limit` };
  run.opened += 1;
  try {
    const { branch } = action.proposal;
    if (!action.isWritten) await write(place, branch, action);
    const draft = { branch, baseBranch: base.branch, ...action.text, isDraft, labels, assignees, reviewers };
    const { pullRequest, notes } = await forge.openPullRequest(repository, draft);
    run.failuresInARow = 0;
    return { url: pullRequest.url, ...(notes.length === 0 ? {} : { notes }) };
  } catch (error) {
    run.opened -= 1;
    throw error;
  }
}

async function write(
  { branches, base, author }: ApplyPlace,
  branch: string,
  { proposal, expected }: { readonly proposal: Proposal; readonly expected: string | undefined },
): Promise<void> {
  const files = proposal.files.map(({ path, after }) => ({ path, text: after }));
  await branches.write({ branch, base: base.revision, expected, files, message: proposal.commitMessage, author });
}

async function retext({ forge, repository, base }: ApplyPlace, { pullRequest, text }: Of<'refresh' | 'retext'>) {
  const turned = pullRequest.baseBranch === base.branch ? {} : { baseBranch: base.branch };
  await forge.updatePullRequest(repository, pullRequest.id, { ...text, ...turned });
}

/**
 * It says first that the end is ours: stopped here, it is no wish of people to be left alone. The branch goes before the pull
 * request is closed: one that people wrote to meanwhile stays open, and of a closed one no later run would remove the branch.
 */
async function end(place: ApplyPlace, action: Of<'supersede' | 'close'>, successorUrl: string): Promise<Outcome> {
  await changeBody(place, action);
  await comment(place, action, successorUrl);
  const notes = await removeBranch(place, action);
  await place.forge.closePullRequest(place.repository, action.pullRequest.id);
  place.run.failuresInARow = 0;
  return notes.length === 0 ? {} : { notes };
}

/** @returns why it stays: what a server does not let go is no reason to leave a pull request open. */
async function removeBranch(
  { branches }: ApplyPlace,
  { pullRequest: { branch }, branchHead }: Of<'supersede' | 'close'>,
): Promise<readonly string[]> {
  if (branchHead === undefined) return [];
  try {
    await branches.remove(branch, branchHead);
    return [];
  } catch (error) {
    if (!(error instanceof RepositoryError) || error.code === 'moved') throw error;
    return [`its branch ${branch} stays: ${error.message}`];
  }
}

async function comment(
  { forge, repository }: ApplyPlace,
  action: Of<'supersede' | 'close' | 'explain-snooze'>,
  successorUrl: string,
): Promise<void> {
  const { marker, body } = commentOn(action, successorUrl);
  await forge.writeComment(repository, action.pullRequest.id, marker, body);
}

async function changeBody(
  { forge, repository }: ApplyPlace,
  { pullRequest, body }: Of<'supersede' | 'close' | 'explain-snooze'>,
): Promise<void> {
  // A run that was stopped has said it.
  if (body.trimEnd() === pullRequest.body.trimEnd()) return;
  await forge.updatePullRequest(repository, pullRequest.id, { body });
}
