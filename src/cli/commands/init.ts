import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { baselineFileName, formatBaseline, readBaselineFile } from '../../config/baseline-file.ts';
import { findPolicyFile, policyFileNames } from '../../config/load-policy.ts';
import { policyTemplate } from '../../config/policy-template.ts';
import { type BaselineEntry, shrink, toBaseline } from '../../domain/policy/baseline.ts';
import { allRules } from '../../domain/policy/rules/all-rules.ts';
import { breachesOf } from '../../flows/breaches.ts';
import { jsonText } from '../../render/json-text.ts';
import { ciFiles } from '../ci-files.ts';
import { UsageError } from '../failure.ts';
import { print, writeWhole } from '../output.ts';
import { refuseBelowRoot } from '../repository-root.ts';
import { runCheck } from '../run-check.ts';
import { displayPath, instantOf } from '../run-options.ts';
import { type Written, writeNewFiles } from '../write-new-files.ts';

type Options = {
  readonly baseline?: boolean;
  readonly github?: boolean;
  readonly gitlab?: boolean;
  readonly package?: string;
  readonly now?: string;
  readonly json?: boolean;
};

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description(
      'write a policy file that explains itself; with --baseline, record present debt so that only new debt fails',
    )
    .argument('[folder]', 'default: the current folder', '.')
    .option('--baseline', 'record what is wrong today; run again, the record only shrinks')
    .option('--github', `write a workflow that checks pull requests and looks for what is new, too`)
    .option('--gitlab', 'write jobs that do the same for GitLab')
    .option('--package <spec>', 'what they install by npm; default: basekeeper of this version')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--json', 'as JSON')
    .action(async (folder: string, options: Options) => {
      const root = resolve(folder);
      if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new UsageError(`there is no folder ${folder}`);
      const existing = await findPolicyFile(root);
      const isForForge = options.github === true || options.gitlab === true;
      if (existing !== undefined && options.baseline !== true && !isForForge)
        throw new UsageError(`${displayPath(existing)} is there already; edit it, or delete it first`);
      if (isForForge) refuseBelowRoot(root);
      const policyPath = existing ?? join(root, policyFileNames[0]);
      const wanted = [
        ...(existing === undefined ? [{ path: policyFileNames[0], text: policyTemplate(allRules) }] : []),
        ...(isForForge ? await ciFiles(root, options) : []),
      ];
      const files = writeNewFiles(root, wanted);
      const debt = options.baseline === true ? await recordDebt(policyPath, options) : undefined;
      const shown = (path: string) => displayPath(join(root, path));
      const written = [...files.written.map(shown), ...(debt === undefined ? [] : [debt.path])];
      const kept = [
        ...(existing === undefined ? [] : [{ path: displayPath(existing) }]),
        ...files.kept.map((file) => ({ ...file, path: shown(file.path) })),
      ];
      if (options.json === true) return print(jsonText({ written, ...(isForForge ? { kept } : {}), ...(debt ?? {}) }));
      for (const path of written) print(`wrote ${path}`);
      if (isForForge) printKept(kept);
      if (debt !== undefined) {
        print(`the baseline covers ${debt.covered} breaches; basekeeper check fails only for what is not in it`);
        for (const { path, image, rule, count } of debt.refused)
          print(
            `not covered, since a baseline may only shrink: ${rule} of ${image} in ${path}${count > 1 ? ` (${count} times)` : ''}`,
          );
      } else print('next: basekeeper check');
    });
}

function printKept(kept: Written['kept']): void {
  for (const { path, add } of kept) {
    if (add === undefined) print(`${path} is there already`);
    else
      print(`${path} is there already and stays as it is; to have what this writes, add by hand:\n\n${indented(add)}`);
  }
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}

type Debt = { readonly path: string; readonly covered: number; readonly refused: readonly BaselineEntry[] };

/** The record is of the whole tree that the policy file stands over, whatever folder was named. */
async function recordDebt(policyPath: string, options: Options): Promise<Debt> {
  const now = instantOf(options.now);
  const { result } = await runCheck([dirname(policyPath)], { now }, { withBaseline: false });
  const present = toBaseline(breachesOf(result), now.slice(0, 10));
  const recorded = await readBaselineFile(policyPath);
  if (recorded !== undefined && 'problem' in recorded)
    throw new UsageError(`${displayPath(recorded.path)} ${recorded.problem}`);
  const { absorbed, refused } =
    recorded === undefined ? { absorbed: present, refused: [] } : shrink(recorded.content, present);
  const path = join(dirname(policyPath), baselineFileName);
  writeWhole(path, formatBaseline(absorbed));
  return { path: displayPath(path), covered: absorbed.entries.reduce((sum, { count }) => sum + count, 0), refused };
}
