import type { BaselineFile } from '../config/baseline-file.ts';
import type { FleetRepository } from '../domain/fleet/fleet.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import type { SurveyRequest } from '../flows/survey-tree.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { OpenFleet } from './open-fleet.ts';
import { openTree } from './open-tree.ts';
import { answersOf, buildArgsOf, platformOf, policyFor, type RunOptions } from './run-options.ts';

/** A repository of a fleet, ready to be read. */
export type OpenRepository = {
  readonly workspace: Workspace;
  readonly survey: SurveyRequest;
  /** The organisation's, with what the repository's own file may say. */
  readonly policy: Policy;
  /** What is wrong with its own file. */
  readonly problems: readonly { readonly path: string; readonly line: number; readonly message: string }[];
  /** Beside the policy of a folder. */
  readonly baseline?: BaselineFile;
};

const maxPolicyBytes = 1024 * 1024;

/** A folder of this machine, with the policy that it finds there. */
export async function openFolder(
  path: string,
  { policy: chosen }: Pick<FleetRepository, 'policy'>,
  options: RunOptions,
  now: string,
): Promise<OpenRepository> {
  const own = chosen === undefined ? options : { ...options, policy: chosen };
  const { workspace, survey, policy, baseline } = await openTree(path, own, now);
  return { workspace, survey, policy, problems: [], ...(baseline === undefined ? {} : { baseline }) };
}

/** A commit of a repository elsewhere. What its own file says is believed only as far as it concerns itself. */
export async function openCommit(
  workspace: Workspace,
  { policy: chosen }: Pick<FleetRepository, 'policy'>,
  { policy }: Pick<OpenFleet, 'policy'>,
  options: RunOptions,
  now: string,
): Promise<OpenRepository> {
  const organisation = chosen === undefined ? policy : (await policyFor('.', chosen, now)).policy;
  const own = await withOwnFile(workspace, organisation, now);
  const answers = answersOf(own.policy);
  const settings = {
    buildArgs: buildArgsOf(options.buildArg),
    buildArgsOf: (path: string) => answers(path),
    ...platformOf(options.platform),
  };
  return {
    workspace,
    survey: { policy: own.policy, settings, policyPath: (path) => path, isSingleFile: false },
    policy: own.policy,
    problems: own.problems.map(({ file, line, message }) => ({ path: file, line, message })),
  };
}

async function withOwnFile(workspace: Workspace, organisation: Policy, now: string) {
  const { policyFileNames } = await import('../config/load-policy.ts');
  const { paths } = await workspace.list({ isWanted: (path) => policyFileNames.some((name) => name === path) });
  const name = policyFileNames.find((one) => paths.includes(one));
  if (name === undefined) return { policy: organisation, problems: [] };
  const { withRepositoryFile } = await import('../config/repository-policy.ts');
  const text = await workspace.read(name, maxPolicyBytes);
  return withRepositoryFile(organisation, text, name, { rules: allRules, today: now.slice(0, 10) });
}
