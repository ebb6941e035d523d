import type { Check, MergeRules } from '../../domain/merge/checks.ts';
import { decideMerge, flakyChecks, type MergeDecision } from '../../domain/merge/decide-merge.ts';
import { isOwnCheck, verifyContext } from '../../domain/merge/own-check.ts';
import { withVerification } from '../../domain/merge/verification-section.ts';
import { type CommitStatus, ForgeError } from '../../ports/forge.ts';
import { RegistryError } from '../../ports/registry.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { subjectOf } from './find-candidates.ts';
import { findChange, hasBaseMoved } from './find-change.ts';
import type { SettleRow } from './settle-result.ts';
import type { Candidate, SettleRun, Tally } from './settle-run.ts';

type Outcome = Pick<SettleRow, 'action' | 'reason' | 'waitsFor' | 'flaky' | 'notes'>;

/**
 * Reads what is known of one pull request now, decides, says so beneath it and does it, in an order in which a run that was stopped
 * anywhere is made up for by the next one: merging comes last.
 *
 * @param isLast nothing is waited for any more: the forge may be left to merge it.
 */
export async function settleOne(
  candidate: Candidate,
  run: SettleRun,
  tally: Tally,
  isLast: boolean,
): Promise<SettleRow> {
  const subject = subjectOf(candidate.pullRequest);
  try {
    return { ...subject, ...(await settle(candidate, run, tally, isLast)) };
  } catch (error) {
    const isKnown = error instanceof ForgeError || error instanceof RepositoryError || error instanceof RegistryError;
    if (!isKnown) throw error;
    return { ...subject, action: 'hold', failure: error.message };
  }
}

async function settle(candidate: Candidate, run: SettleRun, tally: Tally, isLast: boolean): Promise<Outcome> {
  const { place, pullRequest } = candidate;
  const { forge, request } = place;
  const checks = await forge.readChecks(request.repository, pullRequest.headRevision);
  const decision = await decide(candidate, checks, run, tally, isLast);
  const flaky = flakyChecks(checks);
  const outcome = { ...outcomeOf(decision), ...(flaky.length === 0 ? {} : { flaky }) };
  if (run.isDryRun) return outcome;
  const isLeft = decision.kind === 'auto-merge' || (decision.kind === 'wait' && !isLast);
  if (pullRequest.isAutoMerging && !isLeft) await forge.disableAutoMerge(request.repository, pullRequest.id);
  if (decision.kind === 'hold' && !decision.isGreen) return outcome;
  const notes = await say(candidate, decision, checks, run);
  const noted = notes.length === 0 ? outcome : { ...outcome, notes };
  if (decision.kind === 'merge') return merge(candidate, decision.method, tally, noted);
  if (decision.kind === 'auto-merge') {
    const bound = { expectedHead: pullRequest.headRevision, method: decision.method };
    await forge.enableAutoMerge(request.repository, pullRequest.id, bound);
    count(candidate, tally);
  }
  return noted;
}

async function decide(
  candidate: Candidate,
  checks: readonly Check[],
  run: SettleRun,
  tally: Tally,
  isLast: boolean,
): Promise<MergeDecision> {
  const { place, proposal, pullRequest } = candidate;
  const { gate } = candidate.measurement;
  const decision = decideMerge({
    now: run.clock(),
    repository: place.request.repository,
    isDraft: pullRequest.isDraft,
    steps: proposal.plans.flatMap(({ steps }) =>
      steps.map(({ lane, to }) => ({ lane, to, category: place.evidenceOf(to)?.category })),
    ),
    checks,
    rules: await readRules(candidate),
    ...(gate === undefined ? {} : { gate }),
    settings: place.request.settings.automerge,
    stoppedBy: run.stoppedBy,
    mergedToday: tally.mergedToday,
    hasMergedInto: tally.mergedInto.get(place)?.has(pullRequest.baseBranch) === true,
  });
  if (decision.kind !== 'merge' && decision.kind !== 'auto-merge') return decision;
  const change = await findChange(candidate);
  if (change !== undefined) return { kind: 'hold', reason: change, isGreen: false };
  // What we wait for ourselves is merged by us, at the very base that was judged.
  if (decision.kind === 'merge' || isLast) return decision;
  return { kind: 'wait', waitsFor: decision.waitsFor, until: decision.until };
}

/** What may not be read is not known. */
async function readRules({ place, pullRequest }: Candidate): Promise<MergeRules> {
  try {
    return await place.forge.readMergeRules(place.request.repository, pullRequest.baseBranch);
  } catch (error) {
    if (!(error instanceof ForgeError) || error.code !== 'unauthorized') throw error;
    return { requiredChecks: undefined, coversAll: false, allowsAutoMerge: undefined, methods: [] };
  }
}

/** People are asked before the status is set: where it says so already, they were. */
async function say(
  { place, pullRequest, measurement }: Candidate,
  decision: MergeDecision,
  checks: readonly Check[],
  run: SettleRun,
): Promise<readonly string[]> {
  const { forge, request } = place;
  const { id, headRevision, body } = pullRequest;
  const status = statusOf(decision);
  const present = checks.find(({ name }) => name === verifyContext);
  const isSaid = present?.state === status.state && present.description === status.description;
  const others = checks.filter(({ name }) => !isOwnCheck(name));
  const { comment, section } = run.textOf({
    ...{ decision, headRevision, checks: others, measurement },
    flaky: flakyChecks(checks),
  });
  await forge.writeComment(request.repository, id, 'verify', comment);
  const text = withVerification(body, section);
  if (text.trimEnd() !== body.trimEnd()) await forge.updatePullRequest(request.repository, id, { body: text });
  const { reviewers } = request.settings;
  const notes =
    decision.kind === 'review' && !isSaid ? await forge.requestReview(request.repository, id, reviewers) : [];
  // On GitLab a status is part of the pipeline: one that waits for it, or is red because of it, would hold it there.
  const isSet = !isSaid && (forge.kind !== 'gitlab' || status.state === 'success');
  if (isSet) await forge.setStatus(request.repository, headRevision, status);
  return notes;
}

const maxDescription = 140;

function statusOf(decision: MergeDecision): CommitStatus {
  const [state, text] = stateOf(decision);
  const description = text.length > maxDescription ? `${text.slice(0, maxDescription - 1)}…` : text;
  return { context: verifyContext, state, description };
}

function stateOf(decision: MergeDecision): readonly [CommitStatus['state'], string] {
  switch (decision.kind) {
    case 'merge':
      return ['success', 'green: it is merged by itself'];
    case 'auto-merge':
    case 'wait':
      return ['pending', `waits for ${decision.waitsFor.join(', ')}`];
    case 'review': {
      const state = ({ green: 'success', red: 'failure', none: 'pending' } as const)[decision.proof];
      return [state, `review is asked: ${decision.reason}`];
    }
    case 'hold':
      return ['success', `green: ${decision.reason}`];
  }
}

async function merge(
  candidate: Candidate,
  method: Extract<MergeDecision, { readonly kind: 'merge' }>['method'],
  tally: Tally,
  outcome: Outcome,
): Promise<Outcome> {
  const { place, pullRequest } = candidate;
  if (await hasBaseMoved(candidate))
    return { ...outcome, action: 'hold', reason: 'its base has moved meanwhile: the next run looks at it again' };
  try {
    const bound = { expectedHead: pullRequest.headRevision, method };
    await place.forge.mergePullRequest(place.request.repository, pullRequest.id, bound);
  } catch (error) {
    if (!(error instanceof ForgeError) || error.code !== 'conflict') throw error;
    return { ...outcome, action: 'hold', reason: `it was not merged: ${error.message}` };
  }
  count(candidate, tally);
  return outcome;
}

function count({ place, pullRequest }: Candidate, tally: Tally): void {
  const branches = tally.mergedInto.get(place) ?? new Set();
  tally.mergedInto.set(place, branches.add(pullRequest.baseBranch));
  if (tally.mergedToday !== undefined) tally.mergedToday += 1;
}

function outcomeOf(decision: MergeDecision): Outcome {
  switch (decision.kind) {
    case 'merge':
      return { action: 'merge' };
    case 'auto-merge':
    case 'wait':
      return { action: decision.kind, waitsFor: decision.waitsFor };
    case 'review':
    case 'hold':
      return { action: decision.kind, reason: decision.reason };
  }
}
