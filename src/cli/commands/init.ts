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
import { UsageError } from '../failure.ts';
import { print, writeWhole } from '../output.ts';
import { runCheck } from '../run-check.ts';
import { displayPath, instantOf } from '../run-options.ts';

type Options = { readonly baseline?: boolean; readonly now?: string; readonly json?: boolean };

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description(
      'write a policy file that explains itself; with --baseline, record present debt so that only new debt fails',
    )
    .argument('[folder]', 'default: the current folder', '.')
    .option('--baseline', 'record what is wrong today; run again, the record only shrinks')
    .option('--now <instant>', 'the day to judge by; default: today')
    .option('--json', 'as JSON')
    .action(async (folder: string, options: Options) => {
      const root = resolve(folder);
      if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new UsageError(`there is no folder ${folder}`);
      const existing = await findPolicyFile(root);
      if (existing !== undefined && options.baseline !== true)
        throw new UsageError(`${displayPath(existing)} is there already; edit it, or delete it first`);
      const written: string[] = [];
      const policyPath = existing ?? join(root, policyFileNames[0]);
      if (existing === undefined) {
        writeWhole(policyPath, policyTemplate(allRules));
        written.push(displayPath(policyPath));
      }
      const debt = options.baseline === true ? await recordDebt(policyPath, options) : undefined;
      if (debt !== undefined) written.push(debt.path);
      if (options.json === true) return print(jsonText({ written, ...(debt ?? {}) }));
      for (const path of written) print(`wrote ${path}`);
      if (debt !== undefined) {
        print(`the baseline covers ${debt.covered} breaches; basekeeper check fails only for what is not in it`);
        for (const { path, image, rule, count } of debt.refused)
          print(
            `not covered, since a baseline may only shrink: ${rule} of ${image} in ${path}${count > 1 ? ` (${count} times)` : ''}`,
          );
      } else print('next: basekeeper check');
    });
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
