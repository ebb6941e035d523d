import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * What GitLab's pages on its REST API (https://docs.gitlab.com/api/) say of the answers that are read, field by field, written
 * down by hand: no package carries GitLab's own description of them. Every answer of the fake is held to these.
 */
const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const flag = { type: 'boolean' } as const;
const at = { type: 'string', format: 'date-time' } as const;
const orNull = <Schema extends object>(schema: Schema) => ({ anyOf: [schema, { type: 'null' }] });
const revision = { type: 'string', pattern: '^[0-9a-f]{40}$' } as const;
const all = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

// https://docs.gitlab.com/api/users/
const user = all({ id: whole, username: text, name: text, state: { enum: ['active', 'blocked'] }, web_url: text });

// https://docs.gitlab.com/api/projects/#get-a-single-project
const project = {
  ...all({
    id: whole,
    path: text,
    path_with_namespace: text,
    default_branch: orNull(text),
    archived: flag,
    visibility: { enum: ['public', 'internal', 'private'] },
    http_url_to_repo: text,
    web_url: text,
    empty_repo: flag,
  }),
};
// Only to members: https://docs.gitlab.com/api/projects/#get-a-single-project
const merging = { only_allow_merge_if_pipeline_succeeds: flag, squash_option: text };
const access = orNull(all({ access_level: whole }));
const shownProject = {
  allOf: [
    project,
    { type: 'object', properties: { ...merging, permissions: all({ project_access: access, group_access: access }) } },
  ],
};

// https://docs.gitlab.com/api/merge_requests/
const mergeRequest = all({
  id: whole,
  iid: whole,
  project_id: whole,
  source_project_id: whole,
  target_project_id: whole,
  title: text,
  description: orNull(text),
  state: { enum: ['opened', 'closed', 'locked', 'merged'] },
  created_at: at,
  updated_at: at,
  merged_at: orNull(at),
  closed_at: orNull(at),
  source_branch: text,
  target_branch: text,
  author: user,
  assignees: { type: 'array', items: user },
  reviewers: { type: 'array', items: user },
  labels: { type: 'array', items: text },
  draft: flag,
  work_in_progress: flag,
  sha: orNull(revision),
  web_url: text,
  merge_when_pipeline_succeeds: flag,
  merge_user: orNull(user),
});
const diffRefs = all({ base_sha: orNull(revision), head_sha: orNull(revision), start_sha: orNull(revision) });
const shownMergeRequest = { allOf: [mergeRequest, all({ changes_count: orNull(text), diff_refs: diffRefs })] };
// https://docs.gitlab.com/api/issues/
const issue = all({
  id: whole,
  iid: whole,
  project_id: whole,
  title: text,
  description: orNull(text),
  state: { enum: ['opened', 'closed'] },
  created_at: at,
  updated_at: at,
  closed_at: orNull(at),
  author: user,
  labels: { type: 'array', items: text },
  confidential: flag,
  web_url: text,
});

const schemas = {
  user,
  users: { type: 'array', items: user },
  project: shownProject,
  projects: { type: 'array', items: project },
  mergeRequest: shownMergeRequest,
  mergeRequests: { type: 'array', items: mergeRequest },
  issue,
  issues: { type: 'array', items: issue },
  // https://docs.gitlab.com/api/merge_requests/#get-single-merge-request-commits
  commits: {
    type: 'array',
    items: all({ id: revision, short_id: text, title: text, author_name: text, author_email: text, created_at: at }),
  },
  // https://docs.gitlab.com/api/merge_request_approvals/
  approvals: all({ approved: flag, approved_by: { type: 'array', items: all({ user }) } }),
  // https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs
  diffs: {
    type: 'array',
    items: all({
      old_path: text,
      new_path: text,
      a_mode: text,
      b_mode: text,
      diff: text,
      collapsed: flag,
      too_large: flag,
      new_file: flag,
      renamed_file: flag,
      deleted_file: flag,
    }),
  },
  // https://docs.gitlab.com/api/commits/#get-signature-of-a-commit
  signature: all({ signature_type: { enum: ['PGP', 'SSH', 'X509'] }, verification_status: text }),
  // https://docs.gitlab.com/api/notes/#merge-requests
  note: all({ id: whole, body: text, author: user, created_at: at, updated_at: at, system: flag }),
  // https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
  status: all({
    id: whole,
    sha: revision,
    name: text,
    status: { enum: ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] },
    description: orNull(text),
    target_url: orNull(text),
    allow_failure: flag,
    created_at: at,
  }),
  // https://docs.gitlab.com/api/pipelines/#list-project-pipelines
  pipeline: all({
    id: whole,
    project_id: whole,
    sha: revision,
    source: { enum: ['push', 'external', 'merge_request_event', 'api'] },
    status: { enum: ['running', 'pending', 'success', 'failed', 'canceled', 'skipped', 'manual', 'created'] },
    ref: text,
    created_at: at,
    updated_at: at,
    web_url: text,
  }),
  // https://docs.gitlab.com/api/groups/#retrieve-a-group
  group: all({ id: whole, name: text, path: text, full_path: text, visibility: text, web_url: text }),
  // https://docs.gitlab.com/api/group_members/#retrieve-a-member-of-a-group-including-inherited-and-invited-members
  member: {
    allOf: [user, all({ access_level: { enum: [5, 10, 15, 20, 30, 40, 50] }, expires_at: orNull(text) })],
  },
  // https://docs.gitlab.com/api/labels/
  label: all({ id: whole, name: text, color: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' } }),
} as const;

export type AnswerKind = keyof typeof schemas | 'notes' | 'statuses' | 'pipelines' | 'labels' | 'file';

const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
addFormats.default(ajv);
const validators = new Map<AnswerKind, ValidateFunction>(
  Object.entries({
    ...schemas,
    notes: { type: 'array', items: schemas.note },
    statuses: { type: 'array', items: schemas.status },
    pipelines: { type: 'array', items: schemas.pipeline },
    labels: { type: 'array', items: schemas.label },
    file: text,
  }).map(([kind, schema]) => [kind as AnswerKind, ajv.compile(schema)]),
);

/** @throws when the answer is none that GitLab would give. */
export function holdToSchema(kind: AnswerKind, answer: unknown): void {
  const validate = validators.get(kind);
  if (validate?.(answer) === true) return;
  throw new Error(`the fake's ${kind} is none of GitLab's: ${ajv.errorsText(validate?.errors)}`);
}
