import { approvalDemands } from '../domain/policy/approval/waiver-approval.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Level } from '../domain/policy/rule.ts';
import { looserDeadlines } from './build-deadlines.ts';
import { mergeLevels } from './build-policy.ts';
import type { PolicyProblem, ReadPolicyFile } from './read-policy-file.ts';

const strictness: Readonly<Record<Level, number>> = { off: 0, info: 1, warn: 2, unknown: 3, fail: 4 };
const ownKeys: ReadonlySet<string> = new Set([
  'version',
  'extends',
  'waivers',
  'ignore',
  'buildArgs',
  'verify',
  'deadlines',
  'update',
  'rules',
  'approvalProof',
]);

/**
 * What a repository's file may not say over its organisation's: it may add waivers, `ignore`, `buildArgs`,
 * `verify.tests` and `verify.contexts`, `update` settings except `automerge`, shorter deadlines, the images it is released as,
 * stricter levels, and more proof of approvals. Everything else is the organisation's alone.
 *
 * @see design "Shapes"
 */
export function loosenings(organisation: Policy, file: ReadPolicyFile): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const problem = (path: readonly string[], message: string) =>
    problems.push({ file: file.name, line: file.lineOf(path), message: `${path.join('.')} ${message}` });
  const { content } = file;
  for (const key of Object.keys(content)) {
    if (!ownKeys.has(key))
      problem([key], "belongs to the organisation's file; a repository may only tighten what that says");
  }
  if (content.update?.automerge !== undefined) problem(['update', 'automerge'], "belongs to the organisation's file");
  for (const key of ['maxGrowth', 'noWorse'] as const) {
    if (content.verify?.[key] !== undefined) problem(['verify', key], "belongs to the organisation's file");
  }
  for (const { key, message } of looserDeadlines(organisation.deadlines, content.deadlines ?? {}))
    problem(['deadlines', key], message);
  const { approvalProof: before } = organisation;
  const { approvalProof: wantedProof = before } = content;
  if (approvalDemands.indexOf(wantedProof) < approvalDemands.indexOf(before))
    problem(['approvalProof'], `would loosen ${before} to ${wantedProof}; a repository may only be stricter`);
  const merged = mergeLevels(organisation.rules, content.rules ?? {});
  for (const id of Object.keys(content.rules ?? {})) {
    const before = organisation.rules[id];
    const after = merged[id];
    if (before === undefined || after === undefined) continue;
    for (const side of ['ships', 'builds'] as const) {
      if (strictness[after[side]] < strictness[before[side]])
        problem(
          ['rules', id],
          `would loosen ${side} from ${before[side]} to ${after[side]}; a repository may only be stricter`,
        );
    }
  }
  // Where the organisation says nothing, some of it warns.
  const level = organisation.dependabot ?? 'warn';
  const wanted = content.rules?.dependabot;
  if (wanted !== undefined && strictness[wanted] < strictness[level])
    problem(['rules', 'dependabot'], `would loosen ${level} to ${wanted}; a repository may only be stricter`);
  return problems;
}
