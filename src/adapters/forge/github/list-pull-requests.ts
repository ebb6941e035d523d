import type { JsonObject } from '../../../domain/image/json-value.ts';
import type { PullRequest, PullRequestFilter } from '../../../ports/forge.ts';
import type { FindAuthor } from './find-author.ts';
import type { GithubClient } from './github-client.ts';
import { instantMember, isOfRepository, readPullRequest } from './read-pull-request.ts';
import { nameOf } from './route-names.ts';

/** GitHub finds no branches by their beginning: all that are open are read, and of the others those changed lately. */
export function createListPullRequests(client: GithubClient, findAuthor: FindAuthor) {
  return async (repository: string, filter: PullRequestFilter): Promise<readonly PullRequest[]> => {
    const doing = `list the pull requests of ${repository}`;
    const route = 'GET /repos/{owner}/{repo}/pulls';
    const name = nameOf(repository);
    const { branchPrefix = '', closedSince } = filter;
    const open = await client.list(doing, route, { ...name, state: 'open', sort: 'created', direction: 'desc' });
    const found = [...open.items];
    if (closedSince !== undefined) {
      // What was closed then was changed then.
      const isEnough = (page: readonly JsonObject[]) =>
        (instantMember(page.at(-1), 'updated_at') ?? closedSince) < closedSince;
      const asked = { ...name, state: 'closed', sort: 'updated', direction: 'desc' } as const;
      found.push(...(await client.list(doing, route, asked, { isEnough })).items);
    }
    const read = new Map<string, PullRequest>();
    for (const one of found.filter(isOfRepository)) {
      const pullRequest = await readPullRequest(one, doing, repository, findAuthor);
      // Of one that was closed in between, the later answer counts.
      read.set(pullRequest.id, pullRequest);
    }
    return [...read.values()]
      .filter(({ branch }) => branch.startsWith(branchPrefix))
      .filter(
        ({ state, closedAt }) => state === 'open' || (closedSince !== undefined && (closedAt ?? 0) >= closedSince),
      )
      .sort((a, b) => b.createdAt - a.createdAt || Number(b.id) - Number(a.id));
  };
}
