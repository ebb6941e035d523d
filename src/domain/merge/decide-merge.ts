import type { Instant } from '../source/instant.ts';
import { allowsStep, type MergeStep } from './allow-merge.ts';
import type { AutomergeSettings, MergeMethod } from './automerge-settings.ts';
import type { Check, MergeRules, RequiredCheck } from './checks.ts';
import { isOwnCheck } from './own-check.ts';

/** What is known of one open pull request of ours. Whatever is `undefined` could not be found out, and merges nothing. */
export type MergeFacts = {
  readonly now: Instant;
  readonly repository: string;
  /** Why it is not simply what we would write now: a fork's, edited by people, overtaken. One clause. */
  readonly doubt?: string;
  readonly isDraft: boolean;
  readonly steps: readonly MergeStep[];
  /** Of its head, ours among them. */
  readonly checks: readonly Check[] | undefined;
  /** Of the branch that it goes to. */
  readonly rules: MergeRules | undefined;
  /** What our own build, scan and tests of this very head say; absent where the forge's checks are all there is. */
  readonly gate?: { readonly kind: 'pass' | 'fail' | 'hold'; readonly reasons: readonly string[] };
  readonly settings: AutomergeSettings;
  /** What in the environment forbids to merge. */
  readonly stoppedBy: string | undefined;
  /** Pull requests of ours that were merged today, over all repositories of the run. */
  readonly mergedToday: number | undefined;
  /** Another one was merged into the same branch in this run. */
  readonly hasMergedInto: boolean;
};

/** `reason`: one clause. Names are those of checks. */
export type MergeDecision =
  | { readonly kind: 'merge'; readonly method: MergeMethod }
  /** The forge merges it once these required checks are green. */
  | {
      readonly kind: 'auto-merge';
      readonly method: MergeMethod;
      readonly waitsFor: readonly string[];
      readonly until: Instant;
    }
  | { readonly kind: 'wait'; readonly waitsFor: readonly string[]; readonly until: Instant }
  /** People decide. `proof`: what the checks say; `failed`: which of them are red. */
  | {
      readonly kind: 'review';
      readonly reason: string;
      readonly proof: 'green' | 'red' | 'none';
      readonly failed: readonly Check[];
    }
  /** Nobody is asked. `isGreen`: its turn comes; otherwise it is not ours to judge, and nothing is said of it. */
  | { readonly kind: 'hold'; readonly reason: string; readonly isGreen: boolean };

const minuteMs = 60_000;

/**
 * What becomes of a pull request of ours. Nothing is merged without a green check that the branch requires and that is not ours,
 * and nothing while any check is red or runs. What is decided holds for the head, the base and the images that the facts are of,
 * and for no others.
 *
 * @see docs/merge.md
 */
export function decideMerge(facts: MergeFacts): MergeDecision {
  const { checks, rules, gate, doubt, isDraft } = facts;
  if (doubt !== undefined) return hold(doubt);
  if (isDraft) return hold('it is a draft');
  if (checks === undefined || rules === undefined) return hold('its checks cannot be read now');
  const others = checks.filter(({ name }) => !isOwnCheck(name));
  const failed = others.filter(({ state }) => state === 'failure');
  if (failed.length > 0) return review(`${namesOf(failed)} failed`, 'red', failed);
  if (gate !== undefined && gate.kind !== 'pass')
    return review(`the gate says ${gate.kind}: ${gate.reasons.join(', ') || 'without a reason'}`, 'red');
  const required = (rules.requiredChecks ?? []).filter(({ name }) => !isOwnCheck(name));
  const pending = pendingOf(others, required);
  if (pending.length > 0) return awaitChecks(facts, { checks, others, required, pending });
  return decideDone(facts, others, required);
}

/** Named once each, sorted: they run, or are required and have not begun. */
function pendingOf(others: readonly Check[], required: readonly RequiredCheck[]): readonly string[] {
  const running = others.filter(({ state }) => state === 'pending').map(({ name }) => name);
  const missing = required.filter((one) => !others.some((check) => isOf(one, check))).map(({ name }) => name);
  return [...new Set([...running, ...missing])].sort();
}

function isOf({ name, appId }: RequiredCheck, check: Check): boolean {
  return check.name === name && (appId === undefined || check.appId === appId);
}

type Waiting = {
  readonly checks: readonly Check[];
  readonly others: readonly Check[];
  readonly required: readonly RequiredCheck[];
  readonly pending: readonly string[];
};

function awaitChecks(facts: MergeFacts, { checks, others, required, pending }: Waiting): MergeDecision {
  const { now, settings } = facts;
  const since = Math.min(now, ...beganAt(checks, others, pending));
  const until = since + settings.waitMinutes * minuteMs;
  if (now >= until) return review(`${pending.join(', ')} did not end within ${settings.waitMinutes} minutes`, 'red');
  const wait = { kind: 'wait', waitsFor: pending, until } as const;
  const method = methodOf(facts);
  const isNative = facts.rules?.allowsAutoMerge === true && method !== undefined && barrierOf(facts) === undefined;
  // The forge waits for what it requires alone, and only while something of it runs.
  const isRunning = required.some((one) => others.some((check) => check.state === 'pending' && isOf(one, check)));
  const isRequired =
    facts.rules?.coversAll === true || pending.every((name) => required.some((one) => one.name === name));
  if (!isNative || !isRunning || !isRequired) return wait;
  return { kind: 'auto-merge', method, waitsFor: pending, until };
}

/** Of what runs, when its last attempt began; where something has not begun, when the commit was first seen. */
function beganAt(checks: readonly Check[], others: readonly Check[], pending: readonly string[]): readonly Instant[] {
  const running = others.filter(({ state }) => state === 'pending');
  const hasMissing = pending.some((name) => !running.some((check) => check.name === name));
  return [
    ...running.flatMap(({ triedAt, startedAt }) => triedAt ?? startedAt ?? []),
    ...(hasMissing ? checks.flatMap(({ startedAt }) => startedAt ?? []) : []),
  ];
}

function decideDone(facts: MergeFacts, others: readonly Check[], required: readonly RequiredCheck[]): MergeDecision {
  const { rules, repository, settings } = facts;
  const proof = others.some(({ state }) => state === 'success') ? 'green' : 'none';
  if (settings.allow.length === 0) return review('merging by itself is off (update.automerge)', proof);
  if (!isAllowed(facts)) return review(`update.automerge does not allow it in ${repository}`, proof);
  if (rules?.requiredChecks === undefined) return review('nobody tells which checks its branch requires', proof);
  const hasProof = required.some((one) => others.some((check) => check.state === 'success' && isOf(one, check)));
  if (!hasProof) return review('no check that its branch requires is green: one that is not ours has to be', proof);
  const barrier = barrierOf(facts);
  if (barrier !== undefined) return { kind: 'hold', reason: barrier, isGreen: true };
  const method = methodOf(facts);
  const wanted = settings.method === undefined ? '' : ` by ${settings.method}`;
  if (method === undefined) return review(`the forge does not allow to merge it${wanted}`, proof);
  return { kind: 'merge', method };
}

function isAllowed({ settings, steps, repository }: MergeFacts): boolean {
  return steps.length > 0 && steps.every((step) => allowsStep(settings.allow, step, repository));
}

/** Why not now, though it may be later. */
function barrierOf(facts: MergeFacts): string | undefined {
  const { settings, stoppedBy, mergedToday, hasMergedInto } = facts;
  if (!isAllowed(facts)) return 'update.automerge does not allow it';
  if (stoppedBy !== undefined) return `merging is stopped (${stoppedBy})`;
  if (settings.isPaused) return 'merging is stopped (update.automerge.paused)';
  if (settings.perDay !== undefined && mergedToday === undefined)
    return 'nobody tells how many were merged today (update.automerge.perDay)';
  if (settings.perDay !== undefined && (mergedToday ?? 0) >= settings.perDay)
    return `${settings.perDay} were merged today, the limit (update.automerge.perDay)`;
  return hasMergedInto
    ? 'another one was merged into its branch in this run: the next run looks at it anew'
    : undefined;
}

function methodOf({ settings, rules }: MergeFacts): MergeMethod | undefined {
  const allowed = rules?.methods ?? [];
  return settings.method === undefined ? allowed[0] : allowed.find((method) => method === settings.method);
}

/** Green now, and red before on the same commit. */
export function flakyChecks(checks: readonly Check[]): readonly string[] {
  const flaky = checks.filter(
    ({ name, state, hasFailedBefore }) => state === 'success' && hasFailedBefore && !isOwnCheck(name),
  );
  return [...new Set(flaky.map(({ name }) => name))];
}

function namesOf(checks: readonly Check[]): string {
  return [...new Set(checks.map(({ name }) => name))].join(', ');
}

function review(reason: string, proof: 'green' | 'red' | 'none', failed: readonly Check[] = []): MergeDecision {
  return { kind: 'review', reason, proof, failed };
}

function hold(reason: string): MergeDecision {
  return { kind: 'hold', reason, isGreen: false };
}
