import {
  asObject,
  type JsonObject,
  listMember,
  member,
  objectMember,
  textMember,
} from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import type { ForgeRepository, PullRequest } from '../../../ports/forge.ts';
import type { FindAuthor } from './find-author.ts';
import { malformed } from './github-answer.ts';

/** @param doing completes "cannot …". */
export function readRepository(repository: JsonObject, doing: string): ForgeRepository {
  const path = textMember(repository, 'full_name');
  const cloneUrl = textMember(repository, 'clone_url');
  if (path === undefined || cloneUrl === undefined) throw malformed(doing, 'a repository without name or address');
  const push = member(objectMember(repository, 'permissions'), 'push');
  return {
    path,
    defaultBranch: textMember(repository, 'default_branch') ?? 'main',
    isArchived: member(repository, 'archived') === true,
    isFork: member(repository, 'fork') === true,
    cloneUrl,
    canPush: typeof push === 'boolean' ? push : undefined,
  };
}

/** @param doing completes "cannot …". */
export async function readPullRequest(
  given: JsonObject,
  doing: string,
  repository: string,
  findAuthor: FindAuthor,
): Promise<PullRequest> {
  const id = member(given, 'number');
  const [url, title] = [textMember(given, 'html_url'), textMember(given, 'title')];
  const [head, base] = [objectMember(given, 'head'), objectMember(given, 'base')];
  const [branch, baseBranch] = [textMember(head, 'ref'), textMember(base, 'ref')];
  const headRevision = textMember(head, 'sha');
  const createdAt = instantMember(given, 'created_at');
  if (
    typeof id !== 'number' ||
    url === undefined ||
    title === undefined ||
    branch === undefined ||
    baseBranch === undefined ||
    headRevision === undefined ||
    createdAt === undefined
  )
    throw malformed(doing, 'a pull request without number, address, title, branches or date');
  const mergedAt = instantMember(given, 'merged_at');
  const closedAt = mergedAt ?? instantMember(given, 'closed_at');
  const isOpen = textMember(given, 'state') === 'open';
  return {
    id: String(id),
    url,
    state: isOpen ? 'open' : mergedAt === undefined ? 'closed' : 'merged',
    title,
    body: textMember(given, 'body') ?? '',
    branch,
    baseBranch,
    headRevision,
    isDraft: member(given, 'draft') === true,
    isAutoMerging: isAutoMergedByAuthor(given),
    createdAt,
    ...(isOpen || closedAt === undefined ? {} : { closedAt }),
    // An account that was deleted is none.
    author: (await findAuthor(member(given, 'user'), repository)) ?? { login: 'ghost', isBot: false },
    labels: (listMember(given, 'labels') ?? []).flatMap((label) => textMember(asObject(label), 'name') ?? []),
  };
}

/** What people asked for is theirs. */
function isAutoMergedByAuthor(given: JsonObject): boolean {
  const by = textMember(objectMember(objectMember(given, 'auto_merge'), 'enabled_by'), 'login');
  return by !== undefined && by === textMember(objectMember(given, 'user'), 'login');
}

/** Its head lies in the repository itself. */
export function isOfRepository(pullRequest: JsonObject): boolean {
  const [head, base] = ['head', 'base'].map((name) =>
    member(objectMember(objectMember(pullRequest, name), 'repo'), 'id'),
  );
  return head !== undefined && head === base;
}

export function instantMember(object: JsonObject | undefined, name: string): Instant | undefined {
  const at = Date.parse(textMember(object, name) ?? '');
  return Number.isNaN(at) ? undefined : at;
}
