export type User = { readonly id: number; readonly login: string; readonly type: 'User' | 'Organization' | 'Bot' };

export type App = {
  readonly id: number;
  readonly slug: string;
  /** Hidden from all but its owner. */
  isPrivate: boolean;
  /** Owner → installation. */
  readonly installations: Map<string, Installation>;
};

export type Installation = { readonly id: number; readonly permissions: Readonly<Record<string, string>> };

/** `scopes`: of a classic token. `permissions`: of an installation or a fine-grained one. */
export type Token = {
  readonly login: string;
  readonly scopes?: readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  /** Of an installation: whose repositories it reaches, and that it is nobody's. */
  readonly installedFor?: string;
  readonly expiresAt?: number;
};

export type Comment = {
  readonly id: number;
  readonly login: string;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
};

export type Issue = {
  readonly id: number;
  readonly number: number;
  readonly login: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  labels: string[];
  readonly comments: Comment[];
};

export type Review = {
  readonly id: number;
  readonly login: string;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  /** That was looked at. */
  readonly revision: string;
};

export type Pull = {
  readonly id: number;
  readonly number: number;
  readonly login: string;
  readonly branch: string;
  /** Another repository's, for one out of a fork. */
  readonly headRepositoryId: number;
  baseBranch: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  isDraft: boolean;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  mergedAt: number | null;
  /** Where its branches led when it was last looked at. */
  headRevision: string;
  baseRevision: string;
  labels: string[];
  assignees: string[];
  reviewers: string[];
  teams: string[];
  readonly comments: Comment[];
  /** Oldest first. */
  readonly reviews: Review[];
  /** GitHub merges it by itself; by whom it was asked to. */
  autoMerge: { readonly login: string; readonly method: string } | null;
};

export type Status = {
  readonly id: number;
  readonly revision: string;
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly createdAt: number;
};

export type CheckRun = {
  readonly id: number;
  readonly revision: string;
  readonly name: string;
  readonly appId: number;
  readonly suite: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  readonly startedAt: number;
};

/** `sarif`: as it was before it was packed. */
export type Analysis = { readonly revision: string; readonly ref: string; readonly sarif: string };

export type WorkflowRun = {
  readonly id: number;
  readonly workflow: string;
  readonly ref: string;
  readonly event: 'workflow_dispatch' | 'push';
  readonly inputs: Readonly<Record<string, unknown>>;
};

export type Repository = {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** The bare repository. */
  readonly folder: string;
  isPrivate: boolean;
  isArchived: boolean;
  isFork: boolean;
  /** Private ones of free accounts have no drafts. */
  hasDrafts: boolean;
  /** Who may push, and so be assigned and asked. */
  readonly collaborators: Set<string>;
  /** Slugs of teams that may read it. */
  readonly teams: Set<string>;
  readonly labels: string[];
  readonly pulls: Pull[];
  /** Numbered with the pull requests. */
  readonly issues: Issue[];
  hasIssues: boolean;
  readonly statuses: Status[];
  readonly checkRuns: CheckRun[];
  /** Of branch protection, for every branch; empty for branches without. */
  readonly requiredChecks: { readonly context: string; readonly appId: number | null }[];
  /** Of rulesets. */
  readonly requiredByRule: { readonly context: string; readonly appId?: number }[];
  allowsAutoMerge: boolean;
  readonly mergeMethods: Set<string>;
  /** Of code scanning. */
  readonly analyses: Analysis[];
  /** Commits that GitHub shows as verified. */
  readonly verified: Set<string>;
  /** Files of workflows that may be dispatched. */
  readonly workflows: Set<string>;
  /** Oldest first. */
  readonly workflowRuns: WorkflowRun[];
  /** As GitHub does since February 2026, where it is asked for. */
  tellsRuns: boolean;
};

export type FakeGithubState = {
  readonly users: User[];
  readonly apps: App[];
  readonly repositories: Repository[];
  /** By the text after `Bearer`. */
  readonly tokens: Map<string, Token>;
  /** Addresses of commits → logins. */
  readonly emails: Map<string, string>;
  /** `acme/security` → logins; a pending one was invited and has not come. */
  readonly memberships: Map<string, Map<string, 'active' | 'pending'>>;
  /** Requests that are left in this hour; answers that have not changed cost none. */
  remaining: number;
  now: number;
  nextId: number;
};

/** Of the next pull request or issue. */
export const nextNumber = ({ pulls, issues }: Repository) => pulls.length + issues.length + 1;

export const isoOf = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');
