import { formatInstant, type Instant } from '../domain/source/instant.ts';
import type { Forge, PullRequest } from '../ports/forge.ts';

export type PullsResult = {
  readonly version: 1;
  readonly repository: string;
  readonly forge: Forge['kind'];
  /** Closed and merged ones are listed from then on. */
  readonly closedSince: string;
  readonly pullRequests: readonly PullResult[];
};

export type PullResult = {
  readonly id: string;
  readonly state: PullRequest['state'];
  readonly isDraft: boolean;
  readonly title: string;
  readonly branch: string;
  readonly baseBranch: string;
  readonly headRevision: string;
  readonly url: string;
  readonly author: string;
  readonly labels: readonly string[];
  readonly createdAt: string;
  readonly closedAt: string | null;
};

/** `comments`: absent where the forge shows them itself. */
export type ShownPull = PullResult & {
  readonly body: string;
  readonly comments?: readonly { readonly body: string; readonly writtenAt: string }[];
};

export type ClosedPull = {
  readonly pullRequest: PullResult;
  /** `false`: it was closed or merged already, and stays as it was. */
  readonly isClosedNow: boolean;
};

export const recentDays = 30;

/** Open pull requests of a repository, and those that were closed lately, newest first. @throws ForgeError */
export async function listPulls(forge: Forge, repository: string, now: Instant): Promise<PullsResult> {
  const closedSince = now - recentDays * 24 * 3_600_000;
  const found = await forge.listPullRequests(repository, { closedSince });
  return {
    version: 1,
    repository,
    forge: forge.kind,
    closedSince: formatInstant(closedSince),
    pullRequests: found.map(toResult),
  };
}

/** @returns `undefined` when there is none with this id. @throws ForgeError */
export async function showPull(forge: Forge, repository: string, id: string): Promise<ShownPull | undefined> {
  const found = await findPull(forge, repository, id);
  if (found === undefined) return undefined;
  const comments = found.comments?.map(({ body, writtenAt }) => ({ body, writtenAt: formatInstant(writtenAt) }));
  return { ...toResult(found), body: found.body, ...(comments === undefined ? {} : { comments }) };
}

/** Closes it unmerged. @returns `undefined` when there is none with this id. @throws ForgeError */
export async function closePull(forge: Forge, repository: string, id: string): Promise<ClosedPull | undefined> {
  const found = await findPull(forge, repository, id);
  if (found === undefined) return undefined;
  const isClosedNow = found.state === 'open';
  if (isClosedNow) await forge.closePullRequest(repository, id);
  return { pullRequest: toResult(found), isClosedNow };
}

/** Among the open ones first: of all that ever were, a forge has many pages. */
async function findPull(forge: Forge, repository: string, id: string): Promise<PullRequest | undefined> {
  const isIt = (one: PullRequest) => one.id === id;
  const open = (await forge.listPullRequests(repository, {})).find(isIt);
  return open ?? (await forge.listPullRequests(repository, { closedSince: 0 })).find(isIt);
}

function toResult({ body: _, comments: __, author, createdAt, closedAt, ...rest }: PullRequest): PullResult {
  return {
    ...rest,
    author: author.login,
    createdAt: formatInstant(createdAt),
    closedAt: closedAt === undefined ? null : formatInstant(closedAt),
  };
}
