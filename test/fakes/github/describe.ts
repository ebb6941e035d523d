import { headOf } from '../bare-repository.ts';
import { git } from '../git-server.ts';
import { nodeOf } from './merging.ts';
import { describeAs } from './schemas.ts';
import {
  type App,
  type CheckRun,
  type Comment,
  type FakeGithubState,
  type Issue,
  isoOf,
  type Pull,
  type Repository,
  type Review,
  type Status,
  type User,
} from './state.ts';

export type Descriptions = ReturnType<typeof createDescriptions>;

/** How GitHub shows what the fake holds. */
export function createDescriptions(state: FakeGithubState, origin: string, gitOrigin: string) {
  const userOf = (login: string): User =>
    state.users.find((one) => one.login === login) ?? { id: 10137, login: 'ghost', type: 'User' };
  const user = (login: string) => {
    const { id, type } = userOf(login);
    return describeAs('simple-user', { id, login, type, name: null, email: null, gravatar_id: '' });
  };
  const pathOf = ({ owner, name }: Repository) => `${owner}/${name}`;

  function repository(
    definition: 'full-repository' | 'minimal-repository' | 'repository',
    one: Repository,
    login?: string,
  ) {
    const mayPush = login !== undefined && one.collaborators.has(login);
    return describeAs(definition, {
      id: one.id,
      name: one.name,
      full_name: pathOf(one),
      owner: user(one.owner),
      private: one.isPrivate,
      archived: one.isArchived,
      fork: one.isFork,
      allow_auto_merge: one.allowsAutoMerge,
      allow_merge_commit: one.mergeMethods.has('merge'),
      allow_squash_merge: one.mergeMethods.has('squash'),
      allow_rebase_merge: one.mergeMethods.has('rebase'),
      default_branch: 'main',
      html_url: `${origin}/${pathOf(one)}`,
      clone_url: `${gitOrigin}/${pathOf(one)}.git`,
      ...(login === undefined
        ? {}
        : { permissions: { admin: false, maintain: false, push: mayPush, triage: mayPush, pull: true } }),
    });
  }

  const label = (name: string, index: number) =>
    describeAs('label', { id: index + 1, name, description: '', color: 'ededed', default: false });

  function pull(definition: 'pull-request' | 'pull-request-simple', one: Pull, of: Repository) {
    look(one, of, state.now);
    const headRepository = state.repositories.find(({ id }) => id === one.headRepositoryId);
    const side = (ref: string, sha: string, at: Repository | undefined) => ({
      label: `${at?.owner ?? 'unknown'}:${ref}`,
      ref,
      sha,
      user: at === undefined ? null : user(at.owner),
      repo: at === undefined ? null : repository('repository', at),
    });
    return describeAs(definition, {
      id: one.id,
      number: one.number,
      html_url: `${origin}/${pathOf(of)}/pull/${one.number}`,
      state: one.state,
      title: one.title,
      body: one.body,
      user: user(one.login),
      labels: one.labels.map(label),
      assignees: one.assignees.map(user),
      requested_reviewers: one.reviewers.map(user),
      requested_teams: one.teams.map(team),
      draft: one.isDraft,
      node_id: nodeOf(one),
      auto_merge:
        one.autoMerge === null
          ? null
          : {
              enabled_by: user(one.autoMerge.login),
              merge_method: one.autoMerge.method,
              commit_title: 'Merge',
              commit_message: '',
            },
      created_at: isoOf(one.createdAt),
      updated_at: isoOf(one.updatedAt),
      closed_at: one.closedAt === null ? null : isoOf(one.closedAt),
      merged_at: one.mergedAt === null ? null : isoOf(one.mergedAt),
      head: side(one.branch, one.headRevision, headRepository),
      base: side(one.baseBranch, one.baseRevision, of),
      author_association: 'CONTRIBUTOR',
      ...(definition === 'pull-request'
        ? {
            merged: one.mergedAt !== null,
            commits: revisionsOf(one, of).length,
            changed_files: changesOf(one, of).length,
          }
        : {}),
    });
  }

  const team = (slug: string, index: number) => describeAs('team', { id: index + 1, slug, name: slug, parent: null });

  function commits(one: Pull, of: Repository) {
    look(one, of, state.now);
    return revisionsOf(one, of).map((revision) => {
      const [authorEmail = '', committerEmail = '', parents = '', message = ''] = git(
        of.folder,
        'show',
        '-s',
        '--format=%ae%n%ce%n%P%n%s',
        revision,
      ).split('\n');
      const account = (email: string) => {
        const login = state.emails.get(email);
        return login === undefined ? null : user(login);
      };
      const isVerified = of.verified.has(revision);
      const verification = describeAs('verification', {
        verified: isVerified,
        reason: isVerified ? 'valid' : 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      });
      const person = (email: string) => ({ name: 'someone', email, date: isoOf(one.createdAt) });
      return describeAs('commit', {
        sha: revision,
        author: account(authorEmail),
        committer: account(committerEmail),
        parents: parents.split(' ').map((sha) => ({ sha, url: `${origin}/c`, html_url: `${origin}/c` })),
        commit: {
          url: `${origin}/c`,
          message,
          comment_count: 0,
          author: person(authorEmail),
          committer: person(committerEmail),
          tree: { sha: revision, url: `${origin}/t` },
          verification,
        },
      });
    });
  }

  function files(one: Pull, of: Repository) {
    look(one, of, state.now);
    const range = `${mergeBaseOf(one, of)}..${one.headRevision}`;
    // In the order of the names.
    const texts = git(of.folder, 'diff', '-M', range)
      .split(/^diff --git /m)
      .slice(1);
    return changesOf(one, of).map(({ letter, path, before }, index) => {
      const text = texts[index] ?? '';
      const at = text.indexOf('@@ ');
      return describeAs('diff-entry', {
        sha: '0'.repeat(40),
        filename: path,
        status: statuses[letter] ?? 'changed',
        ...(before === undefined ? {} : { previous_filename: before }),
        ...(at < 0 ? {} : { patch: text.slice(at) }),
      });
    });
  }

  const appAs = (id: number, slug: string) =>
    describeAs('integration', {
      id,
      slug,
      node_id: 'n',
      owner: user(state.users[0]?.login ?? ''),
      name: slug,
      description: null,
      external_url: `${origin}/a`,
      html_url: `${origin}/apps/${slug}`,
      created_at: isoOf(state.now),
      updated_at: isoOf(state.now),
      permissions: {},
      events: [],
    });

  return {
    user,
    repository,
    label,
    pull,
    commits,
    files,
    viewer: (login: string) => describeAs('public-user', { ...user(login), user_view_type: 'public' }),
    app: ({ id, slug }: App) => appAs(id, slug),
    comment: (one: Comment) =>
      describeAs('issue-comment', {
        id: one.id,
        body: one.body,
        user: user(one.login),
        created_at: isoOf(one.createdAt),
        updated_at: isoOf(one.updatedAt),
        author_association: 'NONE',
      }),
    review: (one: Review) =>
      describeAs('pull-request-review', {
        id: one.id,
        user: user(one.login),
        state: one.state,
        commit_id: one.revision,
        author_association: 'MEMBER',
      }),
    issue: (one: Issue | Pull, of: Repository) =>
      describeAs('issue', {
        id: one.id,
        number: one.number,
        title: one.title,
        body: one.body,
        state: one.state,
        user: user(one.login),
        labels: one.labels.map(label),
        assignees: 'assignees' in one ? one.assignees.map(user) : [],
        html_url: `${origin}/${pathOf(of)}/${'branch' in one ? 'pull' : 'issues'}/${one.number}`,
        ...('branch' in one
          ? { pull_request: { url: `${origin}/p`, html_url: `${origin}/p`, diff_url: null, patch_url: null } }
          : {}),
        created_at: isoOf(one.createdAt),
        updated_at: isoOf(one.updatedAt),
        closed_at: one.closedAt === null ? null : isoOf(one.closedAt),
        author_association: 'NONE',
      }),
    status: (one: Status, login: string) =>
      describeAs('status', {
        id: one.id,
        state: one.state,
        context: one.context,
        description: one.description,
        target_url: one.targetUrl,
        creator: user(login),
        created_at: isoOf(one.createdAt),
        updated_at: isoOf(one.createdAt),
      }),
    checkRun: (run: CheckRun) =>
      describeAs('check-run', {
        id: run.id,
        head_sha: run.revision,
        name: run.name,
        html_url: `${origin}/runs/${run.id}`,
        details_url: `${origin}/runs/${run.id}`,
        status: run.status,
        conclusion: run.conclusion,
        started_at: isoOf(run.startedAt),
        completed_at: run.conclusion === null ? null : isoOf(run.startedAt),
        check_suite: { id: run.suite },
        app: appAs(run.appId, 'app'),
      }),
    branch: (of: Repository, name: string, revision: string) =>
      describeAs('branch-with-protection', {
        name,
        commit: describeAs('commit', { sha: revision, author: null, committer: null, parents: [] }),
        protected: of.requiredChecks.length > 0,
        protection: {
          enabled: of.requiredChecks.length > 0,
          required_status_checks: {
            enforcement_level: of.requiredChecks.length > 0 ? 'everyone' : 'off',
            contexts: of.requiredChecks.map(({ context }) => context),
            checks: of.requiredChecks.map(({ context, appId }) => ({ context, app_id: appId })),
          },
        },
      }),
    rules: ({ requiredByRule }: Repository) =>
      requiredByRule.length === 0
        ? []
        : [
            {
              type: 'required_status_checks',
              ruleset_id: 1,
              ruleset_source: 'acme',
              ruleset_source_type: 'Organization',
              parameters: {
                strict_required_status_checks_policy: false,
                required_status_checks: requiredByRule.map(({ context, appId }) => ({
                  context,
                  ...(appId === undefined ? {} : { integration_id: appId }),
                })),
              },
            },
          ],
    file: (of: Repository, path: string, text: string, sha: string) =>
      describeAs('content-file', {
        type: 'file',
        encoding: 'base64',
        // As GitHub breaks it.
        content: Buffer.from(text).toString('base64').replace(/.{60}/g, '$&\n'),
        name: path.split('/').at(-1),
        path,
        sha,
        size: Buffer.byteLength(text),
        url: `${origin}/repos/${pathOf(of)}/contents/x`,
        git_url: null,
        html_url: null,
        download_url: null,
        _links: { git: null, html: null, self: `${origin}/self` },
      }),
  };
}

const statuses: Readonly<Record<string, string>> = { A: 'added', D: 'removed', M: 'modified', R: 'renamed' };

/** An open one leads where its branches lead now, and is closed once its own is gone; others stay as they were. */
function look(one: Pull, of: Repository, now: number): void {
  if (one.state !== 'open') return;
  const head = headOf(of.folder, one.branch);
  if (head === undefined && one.headRepositoryId === of.id) Object.assign(one, { state: 'closed', closedAt: now });
  one.headRevision = head ?? one.headRevision;
  one.baseRevision = headOf(of.folder, one.baseBranch) ?? one.baseRevision;
}

function mergeBaseOf(one: Pull, { folder }: Repository): string {
  return git(folder, 'merge-base', one.baseRevision, one.headRevision);
}

function revisionsOf(one: Pull, of: Repository): readonly string[] {
  const range = `${mergeBaseOf(one, of)}..${one.headRevision}`;
  return lines(git(of.folder, 'rev-list', '--reverse', '--topo-order', range));
}

function changesOf(one: Pull, of: Repository) {
  const range = `${mergeBaseOf(one, of)}..${one.headRevision}`;
  return lines(git(of.folder, 'diff', '-M', '--name-status', range)).map((line) => {
    const [letters = '', first = '', second] = line.split('\t');
    return { letter: letters.charAt(0), path: second ?? first, before: second === undefined ? undefined : first };
  });
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
