import { readFileSync } from 'node:fs';
import type { GithubJob } from '../config/github-job.ts';

/**
 * Whether the job runs for a pull request whose commits come from another repository: a stranger wrote what it would build. A job of a
 * pull request that does not say where they come from counts as one.
 */
export function isOfFork({ ref, eventFile }: Pick<GithubJob, 'ref' | 'eventFile'>): boolean {
  const request = member(readEvent(eventFile), 'pull_request');
  if (request === undefined) return ref?.startsWith('refs/pull/') === true;
  const [head, base] = ['head', 'base'].map((side) => member(member(member(request, side), 'repo'), 'full_name'));
  return typeof head !== 'string' || head !== base;
}

function readEvent(path: string | undefined): unknown {
  try {
    return path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
