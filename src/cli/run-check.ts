import { dirname, relative, resolve } from 'node:path';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { check } from '../flows/check.ts';
import type { CheckResult } from '../flows/check-result.ts';
import { mergeResults } from '../flows/summarise.ts';
import { catalog, wire } from '../wiring.ts';
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
  const roots = paths.length === 0 ? ['.'] : paths;
  let prefix = '';
  for (const path of roots) {
    const root = resolve(path);
    const wiring = await wire(root);
    if (wiring === undefined) throw new UsageError(`there is no file or folder ${path}`);
    const folder = wiring.isFolder ? root : dirname(root);
    const { policy, baseline } = await policyFor(folder, options.policy, now);
    const only =
      options.changedSince === undefined ? {} : { only: await changedPaths(wiring.workspace, options.changedSince) };
    const progress = startProgress(path);
    const result = await check(
      { workspace: wiring.workspace },
      {
        policy,
        rules: allRules,
        catalog: facts,
        now,
        settings: { buildArgs, buildArgsOf: answersOf(policy), ...platform },
        isSingleFile: !wiring.isFolder,
        explain: options.explain === true,
        onProgress: progress.report,
        ...only,
        ...(baseline === undefined || !mode.withBaseline ? {} : { baseline }),
      },
    ).finally(progress.stop);
    const place = relative(process.cwd(), folder);
    if (roots.length === 1) prefix = place;
    results.push(roots.length === 1 ? result : relocate(result, place));
  }
  const [first] = results;
  const result = results.length === 1 && first !== undefined ? first : mergeResults(results, facts.asOf, now);
  return { result, prefix };
}

/** The same result with its paths starting at where the user stands: for annotations, and where arguments are several. */
export function relocate(result: CheckResult, prefix: string): CheckResult {
  const place = prefix.replaceAll('\\', '/');
  if (place === '') return result;
  return { ...result, files: result.files.map((file) => ({ ...file, path: `${place}/${file.path}` })) };
}

async function changedPaths(
  workspace: { changedSince(ref: string): Promise<readonly string[]> },
  ref: string,
): Promise<ReadonlySet<string>> {
  try {
    return new Set(await workspace.changedSince(ref));
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkspaceError') throw new UsageError(error.message);
    throw new WorldError('git could not tell what changed', { cause: error });
  }
}
