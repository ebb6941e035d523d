import { headOf, maybe } from '../bare-repository.ts';
import { git } from '../git-server.ts';
import type { Pull, Repository } from './state.ts';

/** Why GitHub does not merge it now; `undefined` where it would. */
export function findObstacle(repository: Repository, pull: Pull): string | undefined {
  if (pull.state !== 'open') return 'Pull Request is not mergeable';
  if (pull.isDraft) return 'Pull Request is still a draft';
  const open = requiredOf(repository).find((context) => !isGreen(repository, pull.headRevision, context));
  if (open !== undefined) return `Required status check "${open}" is expected.`;
  return findTree(repository, pull) === undefined ? 'Pull Request is not mergeable' : undefined;
}

export function mergePull(repository: Repository, pull: Pull, now: number): string {
  const { folder } = repository;
  const base = headOf(folder, pull.baseBranch) ?? '';
  const head = headOf(folder, pull.branch) ?? '';
  const tree = git(folder, 'merge-tree', '--write-tree', base, head);
  const merged = git(folder, 'commit-tree', tree, '-p', base, '-p', head, '-m', `Merge #${pull.number}`);
  Object.assign(pull, { headRevision: head, baseRevision: base, autoMerge: null });
  git(folder, 'update-ref', `refs/heads/${pull.baseBranch}`, merged);
  Object.assign(pull, { state: 'closed', mergedAt: now, closedAt: now, updatedAt: now });
  return merged;
}

/** Those that GitHub was asked to merge, and may now. */
export function mergeWaiting(repository: Repository, now: number): void {
  for (const pull of repository.pulls) {
    pull.headRevision =
      (pull.state === 'open' ? headOf(repository.folder, pull.branch) : undefined) ?? pull.headRevision;
    if (pull.autoMerge !== null && findObstacle(repository, pull) === undefined) mergePull(repository, pull, now);
  }
}

function requiredOf({ requiredChecks, requiredByRule }: Repository): readonly string[] {
  return [...requiredChecks, ...requiredByRule].map(({ context }) => context);
}

function isGreen({ statuses, checkRuns }: Repository, revision: string, context: string): boolean {
  const status = statuses.findLast((one) => one.revision === revision && one.context === context);
  const run = checkRuns.findLast((one) => one.revision === revision && one.name === context);
  return status?.state === 'success' || ['success', 'neutral', 'skipped'].includes(run?.conclusion ?? '');
}

function findTree({ folder }: Repository, { baseBranch, branch }: Pull): string | undefined {
  return maybe(() => git(folder, 'merge-tree', '--write-tree', baseBranch, branch));
}

/** What GraphQL calls it by. */
export function nodeOf({ id }: Pull): string {
  return `PR_${id}`;
}
