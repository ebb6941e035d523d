import type { GithubJob } from '../config/github-job.ts';
import { isBranchName } from '../domain/fleet/branch-name.ts';
import { isWorkflowName } from '../domain/forge/started-run.ts';
import { asObject } from '../domain/image/json-value.ts';
import { isCommitPrefix } from '../domain/image-monitor/commit-message.ts';
import type { Dispatch } from '../ports/pipeline.ts';
import { UsageError } from './failure.ts';
import type { RunOptions } from './run-options.ts';

type Flag = string | boolean;

export type ImageMonitorOptions = RunOptions & {
  readonly images?: string;
  readonly configFile?: string;
  readonly discover?: Flag;
  readonly targetWorkflow?: string;
  readonly targetWorkflowRef?: string;
  readonly targetWorkflowInputs?: string;
  readonly commitPrefix?: string;
  readonly commitAndRelease?: Flag;
  readonly failOnUnreachableImage?: Flag;
  readonly maxReleaseAttempts?: string;
  readonly state?: string;
  readonly dryRun?: Flag;
};

/** The inputs of a run, checked. */
export type ImageMonitorInputs = {
  /** At most one of them. */
  readonly images?: string;
  readonly configFile?: string;
  readonly discover: boolean;
  readonly dispatch?: Dispatch;
  readonly commitPrefix: string;
  readonly commitAndRelease: boolean;
  readonly failOnUnreachableImage: boolean;
  readonly maxReleaseAttempts: number;
  readonly state: 'variables' | 'branch';
  readonly dryRun: boolean;
};

/** What the options say, else the environment, else what always held. @throws UsageError */
export function imageMonitorInputs(options: ImageMonitorOptions, { input }: GithubJob): ImageMonitorInputs {
  const textOf = (name: string, option: string | undefined) =>
    (option?.trim() === '' ? undefined : option) ?? input(name);
  const flag = (name: string, option: Flag | undefined, otherwise: boolean) =>
    flagOf(name, option === undefined ? input(name) : String(option), otherwise);
  const images = textOf('images', options.images);
  const configFile = textOf('config-file', options.configFile);
  const discover = flag('discover', options.discover, false);
  if (images !== undefined && configFile !== undefined)
    throw new UsageError('images and config-file exclude each other: leave one of them out');
  if (images === undefined && configFile === undefined && !discover)
    throw new UsageError(
      'no image is named: write images, a JSON list, or config-file, the path of one, or discover true',
    );
  const dispatch = dispatchOf(
    textOf('target-workflow', options.targetWorkflow),
    textOf('target-workflow-ref', options.targetWorkflowRef) ?? 'main',
    textOf('target-workflow-inputs', options.targetWorkflowInputs),
  );
  return {
    ...(images === undefined ? {} : { images }),
    ...(configFile === undefined ? {} : { configFile }),
    discover,
    ...(dispatch === undefined ? {} : { dispatch }),
    commitPrefix: prefixOf(textOf('commit-prefix', options.commitPrefix) ?? 'chore(deps)'),
    commitAndRelease: flag('commit-and-release', options.commitAndRelease, true),
    failOnUnreachableImage: flag('fail-on-unreachable-image', options.failOnUnreachableImage, true),
    maxReleaseAttempts: attemptsOf(textOf('max-release-attempts', options.maxReleaseAttempts) ?? '3'),
    state: stateOf(textOf('state', options.state) ?? 'variables'),
    dryRun: flag('dry-run', options.dryRun, false),
  };
}

function flagOf(name: string, text: string | undefined, otherwise: boolean): boolean {
  if (text === undefined) return otherwise;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UsageError(`${name} ${JSON.stringify(text)} is neither true nor false`);
}

function dispatchOf(workflow: string | undefined, ref: string, inputs: string | undefined): Dispatch | undefined {
  if (workflow === undefined) return undefined;
  if (!isWorkflowName(workflow))
    throw new UsageError(
      `target-workflow ${JSON.stringify(workflow)} is no workflow: write its file's name, release.yml`,
    );
  if (!isBranchName(ref))
    throw new UsageError(`target-workflow-ref ${JSON.stringify(ref)} is no branch or tag: write main`);
  return { workflow, ref, inputs: inputs === undefined ? {} : workflowInputs(inputs) };
}

/** GitHub takes texts alone. */
function workflowInputs(text: string): Dispatch['inputs'] {
  const refused = 'target-workflow-inputs is no JSON object of texts, numbers and flags: write {"force": "true"}';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(refused);
  }
  const entries = Object.entries(asObject(parsed) ?? {}).map(([name, value]): [string, string] => {
    if (!['string', 'number', 'boolean'].includes(typeof value)) throw new UsageError(refused);
    return [name, String(value)];
  });
  if (asObject(parsed) === undefined) throw new UsageError(refused);
  return Object.fromEntries(entries);
}

function prefixOf(text: string): string {
  if (isCommitPrefix(text)) return text;
  throw new UsageError(`commit-prefix ${JSON.stringify(text)} is no commit type: write chore(deps)`);
}

function attemptsOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError(`max-release-attempts ${JSON.stringify(text)} is no whole number from 0 to 9999`);
}

function stateOf(text: string): 'variables' | 'branch' {
  if (text === 'variables' || text === 'branch') return text;
  throw new UsageError(`state ${JSON.stringify(text)} is none: write variables or branch`);
}
