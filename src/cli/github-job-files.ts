import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { environmentOfPrograms } from '../config/environment.ts';
import { type GithubJob, readGithubJob } from '../config/github-job.ts';
import type { ImageMonitorResult } from '../flows/image-monitor/image-monitor-result.ts';
import { errorAnnotation } from '../render/image-monitor/annotations.ts';
import { imageMonitorOutputs } from '../render/image-monitor/outputs.ts';
import { imageMonitorSummary } from '../render/image-monitor/summary.ts';
import { UsageError, WorldError } from './failure.ts';

export function githubJob(): GithubJob {
  return readGithubJob(environmentOfPrograms());
}

/** Writes the outputs and the summary of the step, where there are such files. */
export function tellJob({ outputFile, summaryFile }: GithubJob, result: ImageMonitorResult): void {
  if (outputFile !== undefined) {
    // Nobody can guess it, so no value can end itself and begin another output.
    const end = `basekeeper_${randomBytes(16).toString('hex')}`;
    const lines = [...imageMonitorOutputs(result)].map(([name, value]) => `${name}<<${end}\n${value}\n${end}\n`);
    appendToJobFile(outputFile, lines.join(''));
  }
  if (summaryFile !== undefined) appendToJobFile(summaryFile, imageMonitorSummary(result));
}

/** So that the run's page says it, too. A bug is told by its stack alone. */
export function tellJobOfFailure(error: unknown): void {
  if (error instanceof UsageError || error instanceof WorldError)
    process.stderr.write(`${errorAnnotation(error.message)}\n`);
}

/** To a file that the job names. @throws WorldError */
export function appendToJobFile(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new WorldError(`cannot write ${path}, which the job names: ${code}`, { cause: error });
  }
}
