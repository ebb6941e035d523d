import type { CiSettings } from '../config/ci-settings.ts';
import { githubWorkflow, githubWorkflowPath } from '../config/github-workflow.ts';
import {
  gitlabInclude,
  gitlabJobs,
  gitlabJobsPath,
  gitlabPipeline,
  gitlabPipelinePath,
} from '../config/gitlab-pipeline.ts';
import type { DependabotSettings } from '../domain/dependabot/judge-dependabot.ts';
import { fileDiff } from '../render/update/diff.ts';
import { UsageError } from './failure.ts';
import { judgeRepository } from './run-dependabot.ts';
import { instantOf, policyFor } from './run-options.ts';
import { version } from './version.ts';
import type { NewFile } from './write-new-files.ts';

export type CiOptions = {
  readonly github?: boolean;
  readonly gitlab?: boolean;
  readonly package?: string;
  readonly now?: string;
};

/** What forges run in this repository, by its policy file. @throws UsageError */
export async function ciFiles(
  root: string,
  { github, gitlab, now, ...options }: CiOptions,
): Promise<readonly NewFile[]> {
  const { policy } = await policyFor(root, undefined, instantOf(now));
  const { schedule, baseBranch, owner } = policy.update;
  const isLeftToDependabot = owner === 'dependabot';
  const settings = {
    package: packageOf(options.package),
    schedule,
    isLeftToDependabot,
    ...(baseBranch === undefined ? {} : { baseBranch }),
  };
  // Nobody else opens pull requests where Basekeeper does: its entries are there, and switched off.
  const entries = isLeftToDependabot
    ? policy.update
    : { ...policy.update, owner: 'basekeeper' as const, addsSwitchedOff: true };
  return [
    ...(github === true ? githubFiles(settings) : []),
    ...(github === true ? await dependabotFile(root, now, entries) : []),
    ...(gitlab === true ? gitlabFiles(settings) : []),
  ];
}

/** `--package`, checked: it goes into files that a shell reads. */
function packageOf(option: string | undefined): string {
  if (option === undefined) return `basekeeper@${version()}`;
  if (!/^[\w@][\w@./:+~^#-]{0,199}$/.test(option))
    throw new UsageError(`--package ${JSON.stringify(option)} is nothing that npm installs: write basekeeper@1.2.3`);
  return option;
}

function githubFiles(settings: CiSettings): readonly NewFile[] {
  return [{ path: githubWorkflowPath, text: githubWorkflow(settings) }];
}

/** None where there is no image that Dependabot can see. @see docs/dependabot.md */
async function dependabotFile(
  root: string,
  now: string | undefined,
  settings: DependabotSettings,
): Promise<readonly NewFile[]> {
  const { path, isThere, change } = await judgeRepository(root, now === undefined ? {} : { now }, settings);
  if (!isThere && change === undefined) return [];
  const lacking = change === undefined ? undefined : fileDiff({ path, ...change }, { color: false, harmless: true });
  return [{ path, text: change?.after ?? '', addByHand: () => lacking }];
}

function gitlabFiles(settings: CiSettings): readonly NewFile[] {
  const hasJobs = (present: string) => present.includes(gitlabJobsPath);
  return [
    { path: gitlabJobsPath, text: gitlabJobs(settings) },
    {
      path: gitlabPipelinePath,
      text: gitlabPipeline,
      addByHand: (present) => (hasJobs(present) ? undefined : gitlabInclude),
    },
  ];
}
