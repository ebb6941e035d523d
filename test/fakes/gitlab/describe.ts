import { execFileSync } from 'node:child_process';
import { headOf, maybe, revisionOf } from '../bare-repository.ts';
import { bareEnvironment, git } from '../git-server.ts';
import type { FakeGitlabState } from './fake-gitlab.ts';
import type { Pipeline } from './merging.ts';
import type { Issue, MergeRequest, Note, Project, Status, User } from './projects.ts';

const iso = (at: number) => new Date(at).toISOString();

/** What GitLab answers about each thing. */
export function createDescriptions(state: FakeGitlabState, origin: () => string, gitOrigin: string) {
  const userOf = (id: number): User => {
    const found = state.users.find((user) => user.id === id);
    if (found === undefined) throw new Error(`no user ${id}`);
    return found;
  };

  function user({ id, username, isBlocked }: User) {
    return {
      id,
      username,
      name: username,
      state: isBlocked ? 'blocked' : 'active',
      web_url: `${origin()}/${username}`,
    };
  }

  function project(one: Project, reader?: User) {
    const level = reader === undefined ? undefined : one.members.get(reader.id);
    const isEmpty = headOf(one.folder, 'main') === undefined;
    return {
      id: one.id,
      path: one.path.slice(one.path.lastIndexOf('/') + 1),
      path_with_namespace: one.path,
      default_branch: isEmpty ? null : 'main',
      archived: one.isArchived,
      visibility: one.isPublic ? 'public' : 'private',
      http_url_to_repo: `${gitOrigin}/${one.path}.git`,
      web_url: `${origin()}/${one.path}`,
      empty_repo: isEmpty,
      ...(one.forkedFromId === undefined ? {} : { forked_from_project: { id: one.forkedFromId } }),
      ...(reader === undefined
        ? {}
        : {
            only_allow_merge_if_pipeline_succeeds: one.isPipelineRequired,
            squash_option: 'default_off',
            permissions: { project_access: level === undefined ? null : { access_level: level }, group_access: null },
          }),
    };
  }

  /** An open one follows its branch. */
  function refresh(of: Project, one: MergeRequest): MergeRequest {
    if (one.state === 'opened') one.sha = headOf(of.folder, one.sourceBranch) ?? one.sha;
    return one;
  }

  function mergeRequest(of: Project, given: MergeRequest) {
    const one = refresh(of, given);
    const isDraft = /^\s*(?:\[draft\]|\(draft\)|draft:)/i.test(one.title);
    return {
      id: of.id * 1000 + one.iid,
      iid: one.iid,
      project_id: of.id,
      source_project_id: one.sourceProjectId,
      target_project_id: of.id,
      title: one.title,
      description: one.description,
      state: one.state,
      created_at: iso(one.createdAt),
      updated_at: iso(one.updatedAt),
      merged_at: one.mergedAt === undefined ? null : iso(one.mergedAt),
      closed_at: one.closedAt === undefined ? null : iso(one.closedAt),
      source_branch: one.sourceBranch,
      target_branch: one.targetBranch,
      author: user(userOf(one.authorId)),
      assignees: one.assigneeIds.map((id) => user(userOf(id))),
      reviewers: one.reviewerIds.map((id) => user(userOf(id))),
      labels: one.labels,
      draft: isDraft,
      work_in_progress: isDraft,
      sha: one.sha === '' ? null : one.sha,
      web_url: `${origin()}/${of.path}/-/merge_requests/${one.iid}`,
      merge_when_pipeline_succeeds: one.isAutoMerging === true,
      merge_user: one.mergedById === undefined ? null : user(userOf(one.mergedById)),
    };
  }

  function baseOf(of: Project, { targetBranch, sha }: MergeRequest): string | undefined {
    const target = headOf(of.folder, targetBranch);
    return target === undefined || sha === '' ? undefined : maybe(() => git(of.folder, 'merge-base', target, sha));
  }

  return {
    user,
    project,
    mergeRequest,
    shownMergeRequest(of: Project, one: MergeRequest) {
      const described = mergeRequest(of, one);
      const diff_refs = {
        base_sha: baseOf(of, one) ?? null,
        head_sha: one.sha,
        start_sha: one.mergedOnto ?? headOf(of.folder, one.targetBranch) ?? null,
      };
      return { ...described, changes_count: String(diffs(of, one).length), diff_refs };
    },
    /** Newest first. */
    commits(of: Project, given: MergeRequest) {
      const one = refresh(of, given);
      const base = baseOf(of, one);
      if (base === undefined) return [];
      const lines = git(of.folder, 'log', '--format=%H%x1f%s%x1f%an%x1f%ae%x1f%aI', `${base}..${one.sha}`).split('\n');
      return lines
        .filter((line) => line !== '')
        .map((line) => line.split('\u001f'))
        .map(([id = '', title = '', author_name = '', author_email = '', created_at = '']) => ({
          id,
          short_id: id.slice(0, 8),
          title,
          author_name,
          author_email,
          created_at,
        }));
    },
    issue: (of: Project, one: Issue) => ({
      id: of.id * 1000 + one.iid,
      iid: one.iid,
      project_id: of.id,
      title: one.title,
      description: one.description,
      state: one.state,
      created_at: iso(one.createdAt),
      updated_at: iso(one.updatedAt),
      closed_at: one.closedAt === undefined ? null : iso(one.closedAt),
      author: user(userOf(one.authorId)),
      labels: [],
      confidential: false,
      web_url: `${origin()}/${of.path}/-/issues/${one.iid}`,
    }),
    diffs,
    approvals: ({ approverIds }: MergeRequest) => ({
      approved: approverIds.length > 0,
      approved_by: approverIds.map((id) => ({ user: user(userOf(id)) })),
    }),
    note: ({ id, authorId, body, createdAt, updatedAt }: Note) => ({
      id,
      body,
      author: user(userOf(authorId)),
      created_at: iso(createdAt),
      updated_at: iso(updatedAt),
      system: false,
    }),
    status: ({ id, sha, name, status, description, targetUrl, allowsFailure, createdAt }: Status) => ({
      id,
      sha,
      name,
      status,
      description,
      target_url: targetUrl,
      allow_failure: allowsFailure,
      created_at: iso(createdAt),
    }),
    pipeline: (of: Project, { id, sha, source, status, createdAt, updatedAt }: Pipeline) => ({
      id,
      project_id: of.id,
      sha,
      source,
      status,
      ref: 'main',
      created_at: iso(createdAt),
      updated_at: iso(updatedAt),
      web_url: `${origin()}/${of.path}/-/pipelines/${id}`,
    }),
    group: (path: string) => ({
      id: 1 + [...state.groups].indexOf(path),
      name: path.slice(path.lastIndexOf('/') + 1),
      path: path.slice(path.lastIndexOf('/') + 1),
      full_path: path,
      visibility: 'private',
      web_url: `${origin()}/groups/${path}`,
    }),
    label: (name: string, index: number) => ({ id: index + 1, name, color: '#1068bf' }),
    file(of: Project, path: string, revision: string): string | undefined {
      const found = revisionOf(of.folder, revision);
      if (found === undefined) return undefined;
      return maybe(() => untrimmed(of.folder, 'cat-file', 'blob', `${found}:${path}`));
    },
  };

  function diffs(of: Project, given: MergeRequest) {
    const one = refresh(of, given);
    const base = baseOf(of, one);
    if (base === undefined) return [];
    const output = git(of.folder, 'diff', '-M', '--raw', '--no-abbrev', '-z', base, one.sha).split('\0');
    const found = [];
    for (let at = 0; at + 1 < output.length; ) {
      const [a_mode = '', b_mode = '', , , kind = ''] = (output[at] ?? '').slice(1).split(' ');
      const old_path = output[at + 1] ?? '';
      const isRenamed = kind.startsWith('R');
      const new_path = isRenamed ? (output[at + 2] ?? '') : old_path;
      at += isRenamed ? 3 : 2;
      const whole = untrimmed(of.folder, 'diff', '-M', base, one.sha, '--', old_path, new_path);
      const start = whole.indexOf('\n@@');
      found.push({
        old_path,
        new_path,
        a_mode,
        b_mode,
        diff: start < 0 ? '' : whole.slice(start + 1),
        collapsed: false,
        too_large: false,
        new_file: kind === 'A',
        renamed_file: isRenamed,
        deleted_file: kind === 'D',
      });
    }
    return found;
  }
}

function untrimmed(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, env: bareEnvironment(), stdio: 'pipe' }).toString();
}
