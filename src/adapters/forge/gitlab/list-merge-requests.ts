import { MergeRequests } from '@gitbeaker/core';
import type { PullRequest, PullRequestFilter } from '../../../ports/forge.ts';
import { isOfProject, readMergeRequest } from './read-merge-request.ts';
import type { Session } from './session.ts';

/** GitLab finds no branches by their beginning: all that are open are read. */
export function createListMergeRequests(session: Session) {
  const mergeRequests = new MergeRequests(session.options);
  const { list } = session;

  return async (repository: string, filter: PullRequestFilter): Promise<readonly PullRequest[]> => {
    const doing = `list the merge requests of ${repository}`;
    const asked = { projectId: repository, scope: 'all', orderBy: 'created_at', sort: 'desc' } as const;
    const open = await list(doing, (page) => mergeRequests.all({ ...asked, state: 'opened', ...page }));
    const { closedSince } = filter;
    // What was closed then was changed then.
    const updatedAfter = closedSince === undefined ? '' : new Date(closedSince).toISOString();
    const others =
      closedSince === undefined
        ? []
        : await list(doing, (page) => mergeRequests.all({ ...asked, updatedAfter, ...page }));
    return chosen(
      [...open, ...others].filter(isOfProject).map((one) => readMergeRequest(one, doing)),
      filter,
    );
  };
}

/** Newest first, each once. */
function chosen(found: readonly PullRequest[], { branchPrefix = '', closedSince }: PullRequestFilter) {
  const byId = new Map(found.map((one) => [one.id, one]));
  return [...byId.values()]
    .filter(({ branch }) => branch.startsWith(branchPrefix))
    .filter(({ state, closedAt }) => state === 'open' || (closedSince !== undefined && (closedAt ?? 0) >= closedSince))
    .sort((a, b) => b.createdAt - a.createdAt || Number(b.id) - Number(a.id));
}
