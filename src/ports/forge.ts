import type { StartedRun } from '../domain/forge/started-run.ts';
import type { MergeMethod } from '../domain/merge/automerge-settings.ts';
import type { Check, MergeRules } from '../domain/merge/checks.ts';
import type { Instant } from '../domain/source/instant.ts';

/**
 * Where repositories live, one host of it: their pull requests, and what a pull request needs. A repository is named as in
 * its address: `acme/shop`, on GitLab with subgroups. Branches are written by `Branches`, never here.
 *
 * Lists are read whole, within bounds; texts come back as people or hostile repositories wrote them.
 *
 * @throws ForgeError from every call.
 */
export interface Forge {
  readonly kind: 'github' | 'gitlab' | 'git';
  readRepository(repository: string): Promise<ForgeRepository>;
  /** Of an organisation, a group with its subgroups, or a user. Sorted by path. */
  listRepositories(owner: string): Promise<readonly ForgeRepository[]>;
  /** A file of a commit or branch; `undefined` when there is none. */
  readFile(repository: string, path: string, revision: string): Promise<string | undefined>;
  /**
   * Pull requests whose head lies in the repository itself, newest first.
   *
   * @param filter.branchPrefix of the head; absent for all.
   * @param filter.closedSince merged and closed ones too, closed at or after it.
   */
  listPullRequests(repository: string, filter: PullRequestFilter): Promise<readonly PullRequest[]>;
  /**
   * Its branch exists already. Opening it twice gives the one that is open.
   *
   * @returns with `notes`: what was asked for and could not be done (an unknown team, a label nobody made), one clause each.
   */
  openPullRequest(repository: string, draft: PullRequestDraft): Promise<OpenedPullRequest>;
  /** Changes what is named and nothing else. */
  updatePullRequest(repository: string, id: string, change: PullRequestChange): Promise<void>;
  /** Closes it unmerged; closed ones stay as they are. */
  closePullRequest(repository: string, id: string): Promise<void>;
  /** One comment of ours per marker: written first, then changed in place. The marker is a word, hidden in the text. */
  writeComment(repository: string, id: string, marker: string, body: string): Promise<void>;
  /** Who wrote what in a pull request. */
  readChanges(repository: string, id: string): Promise<PullRequestChanges>;
  /** Merged pull requests that brought a commit to a branch, with who approved of them; none where it was pushed as it is. */
  readApprovals(repository: string, revision: string): Promise<readonly ApprovedPullRequest[]>;
  /**
   * Whether somebody is of a team now, those of teams and groups around it included. A forge without teams knows no members.
   *
   * @param team `acme/security`: an organisation's team, or a group with its path.
   * @throws ForgeError also where nobody of that name is such a team, or the credential may not see it
   */
  isMember(team: string, login: string): Promise<boolean>;
  /** One status of ours per context and commit; a later one counts. */
  setStatus(repository: string, revision: string, status: CommitStatus): Promise<void>;
  /** What tells of a commit whether it is good: each check as it stands now, ours too, sorted by name. */
  readChecks(repository: string, revision: string): Promise<readonly Check[]>;
  /** What a branch asks of whatever is merged into it, as far as the credential may read it. */
  readMergeRules(repository: string, branch: string): Promise<MergeRules>;
  /**
   * Merges it, if its head is that commit still. One that is merged already stays as it is.
   *
   * @throws ForgeError `conflict` when the head has changed, or when the forge does not let it be merged now.
   */
  mergePullRequest(repository: string, id: string, merge: BoundMerge): Promise<void>;
  /** Lets the forge merge it once its required checks are green. Asked for twice is asked for once. @throws ForgeError as above */
  enableAutoMerge(repository: string, id: string, merge: BoundMerge): Promise<void>;
  /** Takes that back; where it was not asked for, nothing changes. */
  disableAutoMerge(repository: string, id: string): Promise<void>;
  /** Asks people and teams besides those that were asked. @returns who could not be asked, one clause each. */
  requestReview(repository: string, id: string, reviewers: readonly string[]): Promise<readonly string[]>;
  /** Runs of a pipeline on a ref that were asked for by the API, newest first, at most some twenty. */
  listStartedRuns(
    repository: string,
    pipeline: Pick<PipelineStart, 'workflow' | 'ref'>,
  ): Promise<readonly StartedRun[]>;
  /**
   * Starts a workflow on GitHub, the pipeline of a ref on GitLab. Asked for twice, it runs twice.
   *
   * @returns `undefined` where the forge does not tell which run it is: it is listed a little later.
   * @throws ForgeError `invalid` where there is nothing that could be started.
   */
  startPipeline(repository: string, start: PipelineStart): Promise<StartedRun | undefined>;
  listLabels(repository: string): Promise<readonly string[]>;
  createLabel(repository: string, name: string): Promise<void>;
  /** Requests spent so far, for reports. */
  requests(): number;

  // Issues that are kept up to date: of all with a marker hidden in their body only those that our credential opened are ours, so that
  // whoever writes the marker into his own has no say. Plain git has none: it throws `invalid`.

  /** Ours that is open, of several the first; `undefined` for none. @param marker a word */
  findIssue(repository: string, marker: string): Promise<KeptIssue | undefined>;
  /**
   * Has the one that is open say this, and opens it where none is. No forge can be told to open one once: of several that runs
   * opened at a time the first stays, and the others are closed.
   */
  writeIssue(repository: string, draft: IssueDraft): Promise<KeptIssue>;
  /** Of an issue what `writeComment` is of a pull request: people are told of comments, not of changes to a body. */
  writeIssueComment(repository: string, id: string, marker: string, body: string): Promise<void>;
  /** Closed ones stay as they are. */
  closeIssue(repository: string, id: string): Promise<void>;
}

export type ForgeRepository = {
  readonly path: string;
  readonly defaultBranch: string;
  readonly isArchived: boolean;
  readonly isFork: boolean;
  /** For git: `https://…`. */
  readonly cloneUrl: string;
  /** Whether the credential at hand may push; `undefined` where the forge does not say. */
  readonly canPush: boolean | undefined;
};

export type PullRequestFilter = {
  readonly branchPrefix?: string;
  readonly closedSince?: Instant;
};

export type PullRequest = {
  /** A number, or the key of a plain git proposal: what people call it by. */
  readonly id: string;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly baseBranch: string;
  /** The commit that its branch leads to. */
  readonly headRevision: string;
  readonly isDraft: boolean;
  /** Whoever opened it has asked the forge to merge it once its required checks are green. */
  readonly isAutoMerging: boolean;
  readonly createdAt: Instant;
  /** When it was merged or closed; absent for open ones. */
  readonly closedAt?: Instant;
  readonly author: Author;
  readonly labels: readonly string[];
  /** Oldest first; absent where there is none, and where the forge has pages of its own that show them. */
  readonly comments?: readonly { readonly body: string; readonly writtenAt: Instant }[];
};

/** `appId`: of the app that acts, where the forge tells it: nobody can choose it, as they can a name. */
export type Author = { readonly login: string; readonly isBot: boolean; readonly appId?: number };

export type PullRequestDraft = {
  readonly branch: string;
  readonly baseBranch: string;
  readonly title: string;
  readonly body: string;
  readonly isDraft: boolean;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  /** User names, or `team:NAME`. */
  readonly reviewers: readonly string[];
};

export type OpenedPullRequest = { readonly pullRequest: PullRequest; readonly notes: readonly string[] };

export type PullRequestChange = { readonly title?: string; readonly body?: string; readonly baseBranch?: string };

export type PullRequestChanges = {
  /**
   * Oldest first. Author and committer are whom its addresses belong to, which anybody may write there; `isVerified`: its
   * signature is the committer's, as the forge says.
   */
  readonly commits: readonly {
    readonly revision: string;
    readonly author: Author | undefined;
    readonly committer: Author | undefined;
    readonly isVerified: boolean;
  }[];
  readonly files: readonly {
    readonly path: string;
    readonly kind: 'added' | 'changed' | 'removed' | 'renamed';
    /** Unified, without headers; absent where the forge does not give it (binary, too large). */
    readonly patch?: string;
  }[];
  /** Not all of it was read. */
  readonly isTruncated: boolean;
};

export type ApprovedPullRequest = {
  readonly id: string;
  readonly url: string;
  /** The login of whoever opened it. */
  readonly author: string;
  /** The branch it was merged into, and what that led to when the forge last looked before. */
  readonly baseBranch: string;
  readonly baseRevision: string;
  /** What was merged. */
  readonly headRevision: string;
  /** Logins that commits of it belong to, where the forge tells accounts; the merges that it makes of the base branch are nobody's. Sorted. */
  readonly writers: readonly string[];
  /** Logins of others whose last word, where the forge tells about which commit, approves of the head that was merged. Sorted. */
  readonly approvedBy: readonly string[];
  /** The same, of an earlier head. */
  readonly approvedEarlier: readonly string[];
};

/** `title`: at most 255 characters. `body`: Markdown, at most 65,000 bytes. */
export type IssueDraft = { readonly marker: string; readonly title: string; readonly body: string };

/** `body`: without the marker. */
export type KeptIssue = {
  /** What people call it by. */
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly body: string;
};

export type CommitStatus = {
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** At most 140 characters. */
  readonly description: string;
  readonly url?: string;
};

export type PipelineStart = {
  /** `release.yml`, or the number of a workflow; GitLab knows none. */
  readonly workflow?: string;
  /** A branch or a tag. */
  readonly ref: string;
  /** GitHub takes texts alone: others are written out for it. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
};

/** `expectedHead`: the commit that was judged; another one is not merged. */
export type BoundMerge = { readonly expectedHead: string; readonly method: MergeMethod };

/**
 * `unauthorized`: no credential, a wrong one, or one that may not; the message names the permission. `rate-limited`: the host
 * asks to wait until `retryAt`. `invalid`: it refuses what was asked as it is. `conflict`: the world has changed meanwhile.
 * `unavailable`: no answer, 5xx, time-out. `malformed`: an answer that is none.
 */
export type ForgeErrorCode =
  | 'not-found'
  | 'unauthorized'
  | 'rate-limited'
  | 'invalid'
  | 'conflict'
  | 'unavailable'
  | 'malformed';

export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  readonly code: ForgeErrorCode;
  readonly retryAt: Instant | undefined;
  constructor(
    code: ForgeErrorCode,
    message: string,
    options?: ErrorOptions & { readonly retryAt?: Instant | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.retryAt = options?.retryAt;
  }
}
