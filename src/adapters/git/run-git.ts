import { type GroupEnd, type GroupRequest, runInGroup } from '../process/run-in-group.ts';

export type GitRequest = Omit<GroupRequest, 'program' | 'folder' | 'keptErrors'>;

export type GitEnd = GroupEnd;

/** Git starts programs of its own (the HTTP client, `index-pack`, `ssh`): all of them end with it. The first error tells what went wrong. */
export function runGit(request: GitRequest): Promise<GitEnd> {
  return runInGroup({ program: 'git', keptErrors: 'first', ...request });
}
