import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { baselineFileName } from '../config/baseline-file.ts';
import { policyFileNames } from '../config/load-policy.ts';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { check } from '../flows/check.ts';
import type { CheckResult } from '../flows/check-result.ts';
import { mergeResults } from '../flows/summarise.ts';
import type { Workspace } from '../ports/workspace.ts';
import { catalog, type Wiring, wire } from '../wiring.ts';
import { UsageError, WorldError } from './failure.ts';
import { startProgress } from './progress.ts';
import { answersOf, buildArgsOf, instantOf, platformOf, policyFor, type RunOptions } from './run-options.ts';

export type CheckOptions = RunOptions & { readonly changedSince?: string; readonly explain?: boolean };

/** What a run found, and the folder (relative to where the user stands) that its paths begin at; `''` for here. */
export type CheckRun = { readonly result: CheckResult; readonly prefix: string };

/** Runs `check` over every argument with the policy of each, and joins the results. */
export async function runCheck(
  paths: readonly string[],
  options: CheckOptions,
  mode: { readonly withBaseline: boolean },
): Promise<CheckRun> {
  const now = instantOf(options.now);
  const buildArgs = buildArgsOf(options.buildArg);
  const platform = platformOf(options.platform);
  const facts = catalog();
  const results: CheckResult[] = [];
  const roots = distinctRoots(paths.length === 0 ? ['.'] : paths);
  let prefix = '';
  for (const path of roots) {
    const root = resolve(path);
    const wiring = await wireOrRefuse(root, path);
    const folder = wiring.isFolder ? root : dirname(root);
    const { policy, baseline, files } = await policyFor(folder, options.policy, now);
    const policyFolder = folderOfPolicy(files, folder);
    const place = slashed(relative(policyFolder, folder));
    const policyPath = (inner: string) => (place === '' ? inner : `${place}/${inner}`);
    const answers = answersOf(policy);
    const only =
      options.changedSince === undefined
        ? undefined
        : await changedPaths(wiring.workspace, options.changedSince, policyFolder);
    const progress = startProgress(path);
    const result = await check(
      { workspace: wiring.workspace },
      {
        policy,
        policyPath,
        rules: allRules,
        catalog: facts,
        now,
        settings: { buildArgs, buildArgsOf: (inner) => answers(policyPath(inner)), ...platform },
        isSingleFile: !wiring.isFolder,
        isPartial: place !== '' || !wiring.isFolder,
        explain: options.explain === true,
        onProgress: progress.report,
        ...(only === undefined ? {} : { only }),
        ...(baseline === undefined || !mode.withBaseline ? {} : { baseline }),
      },
    ).finally(progress.stop);
    const here = relative(process.cwd(), folder);
    if (roots.length === 1) prefix = here;
    results.push(roots.length === 1 ? result : relocate(result, here));
  }
  const [first] = results;
  const result = results.length === 1 && first !== undefined ? first : mergeResults(results, facts.asOf, now);
  return { result, prefix };
}

/** The same result with its paths starting at where the user stands: for annotations, and where arguments are several. */
export function relocate(result: CheckResult, prefix: string): CheckResult {
  const place = slashed(prefix);
  if (place === '') return result;
  const moved = (path: string) => `${place}/${path}`;
  return {
    ...result,
    files: result.files.map((file) => ({ ...file, path: moved(file.path) })),
    // Waivers and the baseline stand beside the policy, inline ignores in the files.
    policyFindings: result.policyFindings.map((finding) =>
      finding.rule.endsWith('-ignore') ? { ...finding, path: moved(finding.path) } : finding,
    ),
  };
}

/** An argument that is given twice, or lies within another, is looked at once. */
function distinctRoots(paths: readonly string[]): readonly string[] {
  const roots = [...new Map(paths.map((path) => [resolve(path), path])).entries()];
  const isWithin = (inner: string, outer: string) =>
    inner !== outer && !relative(outer, inner).startsWith('..') && !isAbsolute(relative(outer, inner));
  return roots.filter(([root]) => !roots.some(([other]) => isWithin(root, other))).map(([, path]) => path);
}

async function wireOrRefuse(root: string, path: string): Promise<Wiring> {
  try {
    const wiring = await wire(root);
    if (wiring !== undefined) return wiring;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkspaceError') throw new UsageError(error.message);
    throw error;
  }
  throw new UsageError(`there is no file or folder ${path}`);
}

/** What the policy's path globs are relative to: its own folder, unless the argument lies elsewhere. */
function folderOfPolicy(files: readonly string[], folder: string): string {
  const file = files.at(-1);
  if (file === undefined) return folder;
  const place = relative(dirname(file), folder);
  return place.startsWith('..') || isAbsolute(place) ? folder : dirname(file);
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** `undefined` when the policy or its baseline changed: then everything is to be judged anew. */
async function changedPaths(
  workspace: Workspace,
  ref: string,
  policyFolder: string,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const beside = await wire(policyFolder);
    const changedBeside = new Set(await beside?.workspace.changedSince(ref));
    if ([...policyFileNames, baselineFileName].some((name) => changedBeside.has(name))) return undefined;
    return new Set(await workspace.changedSince(ref));
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkspaceError') throw new UsageError(error.message);
    throw new WorldError('git could not tell what changed', { cause: error });
  }
}
