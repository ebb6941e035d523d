import { headOf, maybe } from '../bare-repository.ts';
import { git } from '../git-server.ts';
import type { MergeRequest, Project, Status } from './projects.ts';

export type Pipeline = {
  readonly id: number;
  readonly sha: string;
  readonly source: 'push' | 'external' | 'api';
  readonly status: 'running' | 'success' | 'failed';
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What ran of a commit: its own jobs, or what others said of it. */
export function pipelineOf({ statuses }: Project, sha: string): Pipeline | undefined {
  const of = statuses.filter((one) => one.sha === sha);
  const [first] = of;
  if (first === undefined) return undefined;
  const last = [...new Map(of.map((one) => [one.name, one])).values()];
  const isRunning = last.some(({ status }) => status === 'pending' || status === 'running');
  const hasFailed = last.some(({ status, allowsFailure }) => status === 'failed' && !allowsFailure);
  return {
    id: first.id,
    sha,
    source: of.some(({ isJob }) => isJob) ? 'push' : 'external',
    status: isRunning ? 'running' : hasFailed ? 'failed' : 'success',
    createdAt: first.createdAt,
    updatedAt: Math.max(...of.map(({ createdAt }) => createdAt)),
  };
}

export function addStatus(project: Project, status: Status, now: number): void {
  project.statuses.push(status);
  mergeWaiting(project, now);
}

/** Those that GitLab was asked to merge, and may now. */
export function mergeWaiting(project: Project, now: number): void {
  for (const one of project.mergeRequests)
    if (one.isAutoMerging === true && findObstacle(project, one) === undefined) mergeRequest(project, one, now);
}

/** Why GitLab does not merge it now; `undefined` where it would. */
export function findObstacle(project: Project, one: MergeRequest): string | undefined {
  if (one.state !== 'opened' || /^\s*draft:/i.test(one.title)) return '405 Method Not Allowed';
  const head = headOf(project.folder, one.sourceBranch) ?? one.sha;
  const pipeline = pipelineOf(project, head);
  if (project.isPipelineRequired && pipeline?.status !== 'success') return '405 Method Not Allowed';
  if (one.isAutoMerging === true && pipeline?.status !== 'success') return '405 Method Not Allowed';
  const tree = maybe(() => git(project.folder, 'merge-tree', '--write-tree', one.targetBranch, head));
  return tree === undefined ? 'Branch cannot be merged' : undefined;
}

export function mergeRequest({ folder }: Project, one: MergeRequest, now: number): void {
  const [base, head] = [headOf(folder, one.targetBranch) ?? '', headOf(folder, one.sourceBranch) ?? one.sha];
  const tree = git(folder, 'merge-tree', '--write-tree', base, head);
  const merged = git(folder, 'commit-tree', tree, '-p', base, '-p', head, '-m', `Merge !${one.iid}`);
  git(folder, 'update-ref', `refs/heads/${one.targetBranch}`, merged);
  Object.assign(one, {
    sha: head,
    mergedOnto: base,
    state: 'merged',
    mergedAt: now,
    updatedAt: now,
    isAutoMerging: false,
  });
}
