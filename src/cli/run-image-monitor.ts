import { resolve } from 'node:path';
import type { GithubJob } from '../config/github-job.ts';
import type { ImageList, LoadedImageList } from '../config/image-list.ts';
import { readBounded } from '../config/read-bounded.ts';
import { isBranchName } from '../domain/fleet/branch-name.ts';
import { discoverImages } from '../domain/image-monitor/discover-images.ts';
import type { MonitoredImage } from '../domain/image-monitor/monitored-image.ts';
import { groupUses } from '../domain/monitor/watched-image.ts';
import { monitorImages } from '../flows/image-monitor/image-monitor.ts';
import type { Discovery, ImageMonitorResult } from '../flows/image-monitor/image-monitor-result.ts';
import { PipelineError } from '../ports/pipeline.ts';
import { openPipeline } from '../wiring/github.ts';
import { openRegistry } from '../wiring/registry.ts';
import { UsageError, WorldError } from './failure.ts';
import { gatherUses } from './gather-uses.ts';
import type { ImageMonitorInputs } from './image-monitor-inputs.ts';
import { clockFrom, displayPath, instantOf, policyFor, type RunOptions } from './run-options.ts';

const maxListBytes = 1024 * 1024;

/** @param path of the tree that is read for images, and above which the policy file lies */
export async function runImageMonitor(
  path: string,
  inputs: ImageMonitorInputs,
  options: RunOptions,
  job: GithubJob,
): Promise<ImageMonitorResult> {
  const { repository, token, apiUrl } = job;
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new UsageError('which repository it is about is not known: set GITHUB_REPOSITORY to owner/name');
  if (!/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? ''))
    throw new UsageError(`GITHUB_API_URL ${JSON.stringify(apiUrl)} is no address: write https://api.github.com`);
  const now = instantOf(options.now);
  const list = await listOf(inputs);
  const found = inputs.discover ? await discover(path, list, options, now) : undefined;
  const images = [...list.images, ...(found?.images ?? [])];
  const { policy } = await policyFor(resolve(path), options.policy, now);
  const branch = inputs.commitAndRelease && !inputs.dryRun ? branchOf(job) : undefined;
  const clock = clockFrom(options.now);
  const registry = await openRegistry(policy.registries, clock);
  const { pipeline, close } = await openPipeline(
    { apiUrl, name: repository, ...(token === undefined ? {} : { token }) },
    inputs.state,
    clock,
  );
  try {
    const result = await monitorImages(
      { registry, pipeline },
      {
        images,
        reactions: {
          ...(branch === undefined ? {} : { commit: { branch, prefix: list.commitPrefix ?? inputs.commitPrefix } }),
          ...(inputs.dispatch === undefined ? {} : { dispatch: inputs.dispatch }),
        },
        maxAttempts: inputs.maxReleaseAttempts,
        isDryRun: inputs.dryRun,
        now,
      },
    );
    return { ...result, ...(found === undefined ? {} : { discovery: found.discovery }) };
  } catch (error) {
    if (error instanceof PipelineError) throw new WorldError(`${error.message}; nothing was done`, { cause: error });
    throw error;
  } finally {
    await close();
    await registry.close();
  }
}

async function listOf({ images, configFile }: ImageMonitorInputs): Promise<ImageList> {
  if (images === undefined && configFile === undefined) return { images: [] };
  // zod and yaml take longer to load than everything else.
  const { readImageList } = await import('../config/image-list.ts');
  if (configFile === undefined) return accepted(readImageList(images ?? '', 'images'));
  const read = await readBounded(resolve(configFile), maxListBytes);
  if (read.kind === 'text') return accepted(readImageList(read.text, displayPath(resolve(configFile))));
  const reason = read.kind === 'missing' ? 'does not exist' : read.reason;
  throw new UsageError(`config-file ${configFile} ${reason}`);
}

function accepted(loaded: LoadedImageList): ImageList {
  if (loaded.kind === 'list') return loaded.list;
  const lines = loaded.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  throw new UsageError(`the list of images was not accepted\n  ${lines.join('\n  ')}`);
}

async function discover(
  path: string,
  { images: listed }: ImageList,
  options: RunOptions,
  now: string,
): Promise<{ readonly images: readonly MonitoredImage[]; readonly discovery: Discovery }> {
  const { uses, files, leftOut, problems } = await gatherUses([path], options, now);
  const images = discoverImages(groupUses(uses, 'linux/amd64'), listed);
  if (images.length + listed.length === 0)
    throw new UsageError(`no image was found in ${path}: is it the root of the checkout?`);
  return { images, discovery: { files, found: images.length, unresolved: leftOut.unresolved, problems } };
}

function branchOf({ branch }: GithubJob): string {
  if (branch !== undefined && isBranchName(branch)) return branch;
  throw new UsageError('the job runs on no branch to commit to: run it on one, or set commit-and-release to false');
}
