import {
  asObject,
  type JsonObject,
  listMember,
  member,
  objectMember,
  textMember,
} from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import { type Author, ForgeError, type ForgeRepository, type PullRequest } from '../../../ports/forge.ts';

/** The role that may push to branches that are not protected. https://docs.gitlab.com/api/access_requests/#valid-access-levels */
const developer = 30;

/** @param doing completes "cannot …". */
export function readProject(answer: unknown, doing: string): ForgeRepository {
  const project = asObject(answer);
  const path = textMember(project, 'path_with_namespace');
  const cloneUrl = textMember(project, 'http_url_to_repo');
  if (path === undefined || cloneUrl === undefined) throw malformed(doing, 'a project without path or address');
  return {
    path,
    // An empty repository has none yet.
    defaultBranch: textMember(project, 'default_branch') ?? 'main',
    isArchived: member(project, 'archived') === true,
    isFork: objectMember(project, 'forked_from_project') !== undefined,
    cloneUrl,
    canPush: canPush(project),
  };
}

function canPush(project: JsonObject | undefined): boolean | undefined {
  const permissions = objectMember(project, 'permissions');
  if (permissions === undefined) return undefined;
  const levels = ['project_access', 'group_access'].map((name) =>
    Number(member(objectMember(permissions, name), 'access_level') ?? 0),
  );
  return levels.some((level) => level >= developer);
}

/** @param doing completes "cannot …". */
export function readMergeRequest(answer: unknown, doing: string): PullRequest {
  const given = asObject(answer);
  const id = member(given, 'iid');
  const [url, title, branch, baseBranch] = ['web_url', 'title', 'source_branch', 'target_branch'].map((name) =>
    textMember(given, name),
  );
  const createdAt = instantMember(given, 'created_at');
  if (
    typeof id !== 'number' ||
    url === undefined ||
    title === undefined ||
    branch === undefined ||
    baseBranch === undefined ||
    createdAt === undefined
  )
    throw malformed(doing, 'a merge request without number, address, title, branches or date');
  const isDraft = (member(given, 'draft') ?? member(given, 'work_in_progress')) === true;
  const state = stateOf(textMember(given, 'state'));
  const closedAt = state === 'open' ? undefined : instantMember(given, state === 'merged' ? 'merged_at' : 'closed_at');
  return {
    id: String(id),
    url,
    state,
    title: isDraft ? withoutDraft(title) : title,
    body: textMember(given, 'description') ?? '',
    branch,
    baseBranch,
    headRevision: textMember(given, 'sha') ?? '',
    isDraft,
    isAutoMerging: isAutoMergedByAuthor(given),
    createdAt,
    ...(closedAt === undefined ? {} : { closedAt }),
    author: readAuthor(objectMember(given, 'author')),
    labels: (listMember(given, 'labels') ?? []).filter((label) => typeof label === 'string'),
  };
}

/** What people asked for is theirs. */
function isAutoMergedByAuthor(given: JsonObject | undefined): boolean {
  const by = member(objectMember(given, 'merge_user'), 'id');
  const isAsked = member(given, 'merge_when_pipeline_succeeds') === true;
  return isAsked && by !== undefined && by === member(objectMember(given, 'author'), 'id');
}

/** Its head lies in the project itself. */
export function isOfProject(mergeRequest: JsonObject): boolean {
  return member(mergeRequest, 'source_project_id') === member(mergeRequest, 'target_project_id');
}

/** GitLab keeps a draft by its title alone. */
export function draftTitle(title: string, isDraft: boolean): string {
  return isDraft ? `Draft: ${withoutDraft(title)}` : title;
}

function withoutDraft(title: string): string {
  return title.replace(/^\s*(?:\[draft\]|\(draft\)|draft:)\s*/i, '');
}

/** `locked`: being merged at this moment. */
function stateOf(state: string | undefined): PullRequest['state'] {
  return state === 'merged' || state === 'closed' ? state : 'open';
}

/** Access tokens act as users that GitLab names so; a person could take such a name, too. */
function readAuthor(author: JsonObject | undefined): Author {
  const login = textMember(author, 'username') ?? '';
  return { login, isBot: member(author, 'bot') === true || /^(?:project|group)_\d+_bot(?:_\w+)?$/.test(login) };
}

export function instantMember(object: JsonObject | undefined, name: string): Instant | undefined {
  const at = Date.parse(textMember(object, name) ?? '');
  return Number.isNaN(at) ? undefined : at;
}

export function malformed(doing: string, what: string): ForgeError {
  return new ForgeError('malformed', `cannot ${doing}: GitLab's answer has ${what}`);
}
