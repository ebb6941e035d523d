import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../cli/failure.ts';
import { appendToJobFile } from '../cli/github-job-files.ts';
import type { GithubJob } from '../config/github-job.ts';
import { ForgeError } from '../ports/forge.ts';
import { errorAnnotation } from '../render/image-monitor/annotations.ts';
import { currentTime } from '../wiring/clock.ts';
import { sendAnalysis } from '../wiring/github.ts';
import { isOfFork } from './is-of-fork.ts';
import { type ActionInputs, readInputs } from './read-inputs.ts';
import { runQuoted } from './run-quoted.ts';
import { startProgram } from './start-program.ts';

type Reports = { readonly json: string; readonly sarif: string; readonly markdown: string };

/** Runs the command that the inputs ask for, and tells the job: outputs, annotations, the summary of the step, code scanning. */
export async function runAction(job: GithubJob): Promise<number> {
  const inputs = readInputs(job.input);
  if (typeof inputs === 'string') return refuse(job, inputs);
  if (inputs.command === 'verify' && isOfFork(job))
    return refuse(job, 'verify builds and runs what the pull request says, and never does so for one of a fork');
  const { command, jobToken } = inputs;
  const reports = reportsIn(job.temporaryFolder ?? tmpdir());
  // Of a run before in the same job.
  for (const path of Object.values(reports)) rmSync(path, { force: true });
  const [args, variables] = [commandLine(inputs, reports), variablesFor(inputs, job)];
  const code =
    command === 'check' ? await startProgram(args, variables, 'inherit') : await runQuoted(args, job, variables);
  const hasReports = existsSync(reports.json);
  tellOutputs(job, {
    'exit-code': code,
    ...(hasReports ? { 'json-file': reports.json, 'sarif-file': reports.sarif } : {}),
  });
  if (hasReports && job.summaryFile !== undefined)
    appendToJobFile(job.summaryFile, readFileSync(reports.markdown, 'utf8'));
  if (code >= exitCodes.usage) tellError(`${command} ended with exit code ${code}; its log says why`);
  if (!hasReports || !inputs.isUploading) return code;
  const isSent = await upload(readFileSync(reports.sarif, 'utf8'), job, jobToken ?? job.token);
  return isSent ? code : Math.max(code, exitCodes.world);
}

function refuse(job: GithubJob, message: string): number {
  tellError(message);
  tellOutputs(job, { 'exit-code': exitCodes.usage });
  return exitCodes.usage;
}

function reportsIn(folder: string): Reports {
  const [json, sarif, markdown] = ['json', 'sarif', 'md'].map((ending) => join(folder, `basekeeper.${ending}`));
  return { json, sarif, markdown } as Reports;
}

function commandLine(inputs: ActionInputs, { json, sarif, markdown }: Reports): readonly string[] {
  const { command, isProposing, isScanning, policy, arguments: more, paths } = inputs;
  const outputs = [`json=${json}`, `sarif=${sarif}`, `markdown=${markdown}`].flatMap((output) => ['--output', output]);
  return [
    command,
    ...(isProposing ? ['--propose'] : []),
    ...(isScanning ? ['--scan'] : []),
    ...(policy === undefined ? [] : ['--policy', policy]),
    ...(command === 'check' ? ['--format', 'github', ...outputs] : []),
    ...more,
    '--',
    ...paths,
  ];
}

function variablesFor({ token, jobToken }: ActionInputs, job: GithubJob) {
  const given = token === undefined ? {} : { GH_TOKEN: token, GH_ENTERPRISE_TOKEN: token };
  return { GITHUB_TOKEN: job.token ?? jobToken, ...given };
}

/** @returns whether code scanning took it. */
async function upload(sarif: string, job: GithubJob, token: string | undefined): Promise<boolean> {
  const { repository, revision, ref, apiUrl } = job;
  if (repository === undefined || revision === undefined || ref === undefined || token === undefined) {
    tellError(
      'cannot send findings to code scanning: GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF or the token is missing',
    );
    return false;
  }
  try {
    await sendAnalysis({ repository, revision, ref, sarif }, { apiUrl, token }, currentTime);
    return true;
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    tellError(error.message);
    return false;
  }
}

function tellOutputs({ outputFile }: GithubJob, values: Readonly<Record<string, string | number>>): void {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  if (outputFile !== undefined) appendToJobFile(outputFile, lines.join(''));
}

function tellError(message: string): void {
  process.stdout.write(`${errorAnnotation(message)}\n`);
}
