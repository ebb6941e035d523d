export type User = { readonly id: number; readonly username: string; isBlocked: boolean };

export type Note = {
  readonly id: number;
  readonly authorId: number;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
};

export type MergeRequest = {
  readonly iid: number;
  readonly authorId: number;
  readonly sourceBranch: string;
  /** Another project's, for one out of a fork. */
  readonly sourceProjectId: number;
  targetBranch: string;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged' | 'locked';
  readonly createdAt: number;
  updatedAt: number;
  closedAt?: number;
  mergedAt?: number;
  labels: readonly string[];
  assigneeIds: readonly number[];
  reviewerIds: readonly number[];
  /** The last commit that its branch led to. */
  sha: string;
  /** GitLab merges it by itself. */
  isAutoMerging?: boolean;
  /** Who asked for that, or merged it. */
  mergedById?: number;
  /** What its target led to before it was merged. */
  mergedOnto?: string;
  readonly notes: Note[];
  readonly approverIds: number[];
};

export type Issue = {
  readonly iid: number;
  readonly authorId: number;
  title: string;
  description: string;
  state: 'opened' | 'closed';
  readonly createdAt: number;
  updatedAt: number;
  closedAt?: number;
  readonly notes: Note[];
};

export type Status = {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  status: 'pending' | 'running' | 'success' | 'failed' | 'canceled';
  description: string | null;
  targetUrl: string | null;
  /** Of the project's own pipeline. */
  readonly isJob: boolean;
  readonly allowsFailure: boolean;
  readonly createdAt: number;
};

/** Asked for by the API. */
export type StartedPipeline = {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
};

export type Project = {
  readonly id: number;
  readonly path: string;
  /** The bare repository. */
  readonly folder: string;
  isPublic: boolean;
  isArchived: boolean;
  forkedFromId?: number;
  /** User → access level; 30 is Developer. */
  readonly members: Map<number, number>;
  readonly labels: string[];
  readonly mergeRequests: MergeRequest[];
  /** Numbered apart from merge requests. */
  readonly issues: Issue[];
  hasIssues: boolean;
  readonly statuses: Status[];
  /** Oldest first. */
  readonly startedPipelines: StartedPipeline[];
  /** Inputs that its pipeline declares. */
  readonly pipelineInputs: Set<string>;
  /** Nothing is merged unless its pipeline has passed. */
  isPipelineRequired: boolean;
  /** Commits that GitLab shows as verified. */
  readonly verified: Set<string>;
};
