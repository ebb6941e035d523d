import { relative, resolve } from 'node:path';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { check } from '../flows/check.ts';
import type { CheckResult } from '../flows/check-result.ts';
import type { CheckedTree } from '../flows/checked-tree.ts';
import { Scans } from '../flows/scan/scan-images.ts';
import { toResult } from '../flows/summarise.ts';
import { type Workspace, WorkspaceError } from '../ports/workspace.ts';
import { catalog } from '../wiring/catalog.ts';
import { openScanPorts } from '../wiring/scanner.ts';
import { wire } from '../wiring/tree.ts';
import { askApprovalsInForce } from './ask-approvals.ts';
import { UsageError, WorldError } from './failure.ts';
import { type OpenRegistries, openRegistries } from './open-registries.ts';
import { distinctRoots, openTree, slashed } from './open-tree.ts';
import { startProgress } from './progress.ts';
import { clockFrom, instantOf, type RunOptions } from './run-options.ts';

export type CheckOptions = RunOptions & {
  readonly changedSince?: string;
  readonly explain?: boolean;
  /** Ask registries. */
  readonly online?: boolean;
  /** Ask a scanner. */
  readonly scan?: boolean;
};

/** What a run found, and the folder (relative to where the user stands) that its paths begin at; `''` for here. */
export type CheckRun = { readonly result: CheckResult; readonly prefix: string };

/** Runs `check` over every argument with the policy of each, and joins the results. */
export async function runCheck(
  paths: readonly string[],
  options: CheckOptions,
  mode: { readonly withBaseline: boolean },
): Promise<CheckRun> {
  const registries = openRegistries(clockFrom(options.now));
  const opened = options.scan === true ? await openScanPorts() : undefined;
  const scans = opened === undefined ? undefined : new Scans(opened.ports);
  try {
    return await checkTrees(paths, options, mode, { registries, scans });
  } finally {
    await opened?.close();
    await registries.close();
  }
}

/** @param world `scans` absent for a run without a scanner. */
async function checkTrees(
  paths: readonly string[],
  options: CheckOptions,
  mode: { readonly withBaseline: boolean },
  { registries, scans }: { readonly registries: OpenRegistries; readonly scans: Scans | undefined },
): Promise<CheckRun> {
  const now = instantOf(options.now);
  const facts = catalog();
  const trees: CheckedTree[] = [];
  const roots = distinctRoots(paths);
  let prefix = '';
  for (const path of roots) {
    const opened = await openTree(path, options, now);
    const { workspace, folder, survey, policy, policyFiles, baseline, isPartial, isRepositoryRoot } = opened;
    const own = baseline === undefined ? policyFiles : [...policyFiles, resolve(baseline.path)];
    const { changedSince } = options;
    const only = changedSince === undefined ? undefined : await changedPaths(workspace, changedSince, own);
    const base =
      changedSince === undefined || scans === undefined ? undefined : await askGit(() => workspace.at(changedSince));
    const isApprovalAsked = options.online === true && policy.approvalProof !== 'off';
    const approvals = isApprovalAsked ? await askApprovalsInForce(policy.waivers, now.slice(0, 10)) : undefined;
    const progress = startProgress(`reading ${path}`, 'files');
    const asking = startProgress('asking registries', 'images');
    const scanning = startProgress('scanning', 'images');
    const isAsked = options.online === true || scans !== undefined;
    const registry = isAsked ? await registries.of(policy) : undefined;
    const tree = await check(
      {
        workspace,
        ...(registry === undefined || options.online !== true ? {} : { registry }),
        ...(registry === undefined || scans === undefined ? {} : { scanning: { scans, registry } }),
      },
      {
        ...survey,
        rules: allRules,
        catalog: facts,
        now,
        isPartial,
        isRepositoryRoot,
        explain: options.explain === true,
        onProgress: progress.report,
        onAsked: asking.report,
        onScanned: scanning.report,
        ...(only === undefined ? {} : { only }),
        ...(base === undefined ? {} : { base }),
        ...(approvals === undefined ? {} : { approvals }),
        ...(baseline === undefined || !mode.withBaseline ? {} : { baseline }),
      },
    ).finally(() => {
      asking.stop();
      scanning.stop();
      progress.stop();
    });
    const here = relative(process.cwd(), folder);
    if (roots.length === 1) prefix = here;
    trees.push(roots.length === 1 ? tree : relocate(tree, here));
  }
  return { result: toResult(trees, facts, now), prefix };
}

/** The same result with its paths starting at where the user stands: for annotations, and where arguments are several. */
export function relocate<T extends Pick<CheckResult, 'files' | 'policyFindings' | 'scans'>>(
  result: T,
  prefix: string,
): T {
  const place = slashed(prefix);
  if (place === '') return result;
  const moved = (path: string) => `${place}/${path}`;
  const { scans } = result;
  const uncounted = scans?.uncounted.map((report) => ({ ...report, path: moved(report.path) })) ?? [];
  return {
    ...result,
    ...(scans === undefined ? {} : { scans: { ...scans, uncounted } }),
    files: result.files.map((file) => ({ ...file, path: moved(file.path) })),
    policyFindings: result.policyFindings.map((finding) =>
      besidePolicy.has(finding.rule) ? finding : { ...finding, path: moved(finding.path) },
    ),
  };
}

/** Waivers and the baseline stand beside the policy; inline ignores, entries of Dependabot, VEX and ignore files in the tree. */
const besidePolicy: ReadonlySet<string> = new Set([
  'expired-waiver',
  'unused-waiver',
  'unproven-waiver',
  'overlong-waiver',
  'unused-baseline',
]);

/** `undefined` when a file of the policy or its baseline changed: then everything is to be judged anew. */
async function changedPaths(
  workspace: Workspace,
  ref: string,
  policyFiles: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  return askGit(async () => {
    const changed = new Set(await workspace.changedSince(ref));
    for (const file of policyFiles) if (await hasChanged(file, ref)) return undefined;
    return changed;
  });
}

async function askGit<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkspaceError) throw new UsageError(error.message);
    throw new WorldError('git could not tell what changed', { cause: error });
  }
}

/** A policy outside of any repository, or in another one, is no part of what changed since a revision of this one. */
async function hasChanged(file: string, ref: string): Promise<boolean> {
  const wiring = await wire(file);
  try {
    return ((await wiring?.workspace.changedSince(ref)) ?? []).length > 0;
  } catch (error) {
    const isElsewhere =
      error instanceof WorkspaceError && (error.code === 'no-repository' || error.code === 'unknown-revision');
    if (isElsewhere) return false;
    throw error;
  }
}
