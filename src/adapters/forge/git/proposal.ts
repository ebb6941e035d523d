import { isBranchName } from '../../../domain/fleet/branch-name.ts';
import {
  asObject,
  type JsonObject,
  listMember,
  member,
  parseJsonObject,
  textMember,
} from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import type { PullRequest } from '../../../ports/forge.ts';
import { isObjectId } from '../../git/object-id.ts';

/** A pull request as its reference keeps it. */
export type Proposal = {
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly baseBranch: string;
  /** What its branch led to when this was written: for when the branch is gone. */
  readonly head: string;
  readonly isDraft: boolean;
  readonly state: PullRequest['state'];
  readonly createdAt: Instant;
  readonly closedAt?: Instant;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly reviewers: readonly string[];
  readonly comments: readonly Comment[];
};

type Comment = { readonly marker: string; readonly body: string; readonly writtenAt: Instant };

const version = 1;
const maxTitle = 1000;
const maxName = 300;
const maxBody = 200_000;
const maxNames = 100;
const maxComments = 500;

/** @returns `undefined` for what Basekeeper would not have written: whoever may push may write anything. */
export function readProposal(text: string): Proposal | undefined {
  const given = parseJsonObject(text);
  if (member(given, 'version') !== version) return undefined;
  const title = bounded(given, 'title', maxTitle);
  const body = bounded(given, 'body', maxBody);
  const [branch, baseBranch, head] = ['branch', 'baseBranch', 'head'].map((name) => bounded(given, name, maxName));
  const [labels, assignees, reviewers] = ['labels', 'assignees', 'reviewers'].map((name) => namesIn(given, name));
  const state = (['open', 'merged', 'closed'] as const).find((one) => one === member(given, 'state'));
  const createdAt = instantMember(given, 'createdAt');
  const closedAt = instantMember(given, 'closedAt');
  const isDraft = member(given, 'isDraft');
  const comments = readComments(listMember(given, 'comments'));
  if (title === undefined || body === undefined || branch === undefined || baseBranch === undefined) return undefined;
  if (!isBranchName(branch) || !isBranchName(baseBranch) || head === undefined || !isObjectId(head)) return undefined;
  if (labels === undefined || assignees === undefined || reviewers === undefined || comments === undefined)
    return undefined;
  if (state === undefined || typeof isDraft !== 'boolean' || createdAt === undefined) return undefined;
  if ((state === 'open') !== (closedAt === undefined)) return undefined;
  return {
    title,
    body,
    branch,
    baseBranch,
    head,
    isDraft,
    state,
    createdAt,
    ...(closedAt === undefined ? {} : { closedAt }),
    labels,
    assignees,
    reviewers,
    comments,
  };
}

export function formatProposal({ createdAt, closedAt, comments, ...rest }: Proposal): string {
  const written = {
    version,
    ...rest,
    createdAt: new Date(createdAt).toISOString(),
    ...(closedAt === undefined ? {} : { closedAt: new Date(closedAt).toISOString() }),
    comments: comments.map(({ writtenAt, ...comment }) => ({
      ...comment,
      writtenAt: new Date(writtenAt).toISOString(),
    })),
  };
  return `${JSON.stringify(written, null, 2)}\n`;
}

function readComments(given: readonly unknown[] | undefined): readonly Comment[] | undefined {
  if (given === undefined || given.length > maxComments) return undefined;
  const comments = given.map(asObject).flatMap((one) => {
    const marker = bounded(one, 'marker', maxName);
    const body = bounded(one, 'body', maxBody);
    const writtenAt = instantMember(one, 'writtenAt');
    return marker === undefined || body === undefined || writtenAt === undefined ? [] : [{ marker, body, writtenAt }];
  });
  return comments.length === given.length ? comments : undefined;
}

export function namesIn(object: JsonObject | undefined, name: string): readonly string[] | undefined {
  const list = listMember(object, name);
  if (list === undefined || list.length > maxNames) return undefined;
  const names = list.filter((one) => typeof one === 'string').filter((one) => one.length <= maxName);
  return names.length === list.length ? names : undefined;
}

export function bounded(object: JsonObject | undefined, name: string, maxLength: number): string | undefined {
  const text = textMember(object, name);
  return text !== undefined && text.length <= maxLength ? text : undefined;
}

function instantMember(object: JsonObject | undefined, name: string): Instant | undefined {
  const text = bounded(object, name, 30);
  if (text === undefined || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
