import {
  Commits,
  Groups,
  IssueNotes,
  MergeRequestNotes,
  MergeRequests,
  ProjectLabels,
  Projects,
  RepositoryFiles,
  Users,
} from '@gitbeaker/core';
import { textMember } from '../../../domain/image/json-value.ts';
import {
  type CommitStatus,
  type Forge,
  ForgeError,
  type ForgeRepository,
  type PullRequest,
} from '../../../ports/forge.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { createKeepIssues } from '../keep-issues.ts';
import { createIssueApi } from './create-issue-api.ts';
import { createIsMember } from './is-member.ts';
import { createListMergeRequests } from './list-merge-requests.ts';
import { createMergeMergeRequest } from './merge-merge-request.ts';
import { numberOf } from './number-of.ts';
import { createOpenMergeRequest } from './open-merge-request.ts';
import { createOwnId } from './own-id.ts';
import { createReadApprovals } from './read-approvals.ts';
import { createReadChanges } from './read-changes.ts';
import { createReadChecks } from './read-checks.ts';
import { draftTitle, readMergeRequest, readProject } from './read-merge-request.ts';
import { type Asking, createSession, type GitlabAccess } from './session.ts';
import { createStartPipeline } from './start-pipeline.ts';
import { createWriteComment } from './write-comment.ts';

/** GitLab knows no error of its own kind; a status that cannot be made out has failed. */
const states = { pending: 'pending', success: 'success', failure: 'failed', error: 'failed' } as const;

/** GitLab wants one of each label; as blue as its own. */
const labelColor = '#1068bf';

/** One GitLab, gitlab.com or another's. Pull requests are its merge requests, numbered per project. */
export function createGitlabForge(http: HttpClient, access: GitlabAccess, asking: Asking): Forge {
  const session = createSession(http, access, asking);
  const { ask, askMaybe, list } = session;
  const [projects, groups, users] = [
    new Projects(session.options),
    new Groups(session.options),
    new Users(session.options),
  ];
  const [mergeRequests, files] = [new MergeRequests(session.options), new RepositoryFiles(session.options)];
  const merging = createMergeMergeRequest(session);
  const ownId = createOwnId(session);
  const [requestNotes, issueNotes] = [new MergeRequestNotes(session.options), new IssueNotes(session.options)];
  const [labels, commits] = [new ProjectLabels(session.options), new Commits(session.options)];

  async function read(repository: string, id: string, doing: string): Promise<PullRequest> {
    const number = numberOf(id, doing);
    return readMergeRequest(await ask(doing, () => mergeRequests.show(repository, number)), doing);
  }

  async function change(repository: string, id: string, doing: string, edit: Parameters<MergeRequests['edit']>[2]) {
    await ask(doing, () => mergeRequests.edit(repository, numberOf(id, doing), edit));
  }

  async function listLabels(repository: string): Promise<readonly string[]> {
    const found = await list(`list the labels of ${repository}`, (page) => labels.all(repository, page));
    return found.flatMap((label) => textMember(label, 'name') ?? []);
  }

  return {
    kind: 'gitlab',
    requests: session.requests,

    async readRepository(repository) {
      const doing = `read the project ${repository}`;
      return readProject(await ask(doing, () => projects.show(repository)), doing);
    },

    async listRepositories(owner) {
      const doing = `list the projects of ${owner}`;
      const of = (found: readonly unknown[]): readonly ForgeRepository[] =>
        found.map((project) => readProject(project, doing)).sort((a, b) => (a.path < b.path ? -1 : 1));
      try {
        return of(
          await list(doing, (page) =>
            groups.allProjects(owner, {
              ...page,
              includeSubgroups: true,
              withShared: false,
              orderBy: 'id',
              sort: 'asc',
            }),
          ),
        );
      } catch (error) {
        if (!(error instanceof ForgeError) || error.code !== 'not-found' || owner.includes('/')) throw error;
        return of(await list(doing, (page) => users.allProjects(owner, { ...page, orderBy: 'id', sort: 'asc' })));
      }
    },

    async readFile(repository, path, revision) {
      const doing = `read ${path} of ${repository}`;
      const text = await askMaybe(doing, () => files.showRaw(repository, path, revision));
      return typeof text === 'string' ? text : undefined;
    },

    listPullRequests: createListMergeRequests(session),
    openPullRequest: createOpenMergeRequest(session, listLabels),

    async updatePullRequest(repository, id, { title, body, baseBranch }) {
      const doing = `change ${repository}!${id}`;
      const isDraft = title !== undefined && (await read(repository, id, doing)).isDraft;
      await change(repository, id, doing, {
        ...(title === undefined ? {} : { title: draftTitle(title, isDraft) }),
        ...(body === undefined ? {} : { description: body }),
        ...(baseBranch === undefined ? {} : { targetBranch: baseBranch }),
      });
    },

    async closePullRequest(repository, id) {
      const doing = `close ${repository}!${id}`;
      if ((await read(repository, id, doing)).state === 'open')
        await change(repository, id, doing, { stateEvent: 'close' });
    },

    writeComment: withNumber(createWriteComment(session, ownId, { notes: requestNotes, sign: '!' }), 'write a comment'),
    readChanges: withNumber(createReadChanges(session), 'read changes'),
    readApprovals: createReadApprovals(session),
    isMember: createIsMember(session),
    readChecks: createReadChecks(session),
    readMergeRules: merging.readMergeRules,
    mergePullRequest: withNumber(merging.mergePullRequest, 'merge a request'),
    enableAutoMerge: withNumber(merging.enableAutoMerge, 'merge a request'),
    disableAutoMerge: withNumber(merging.disableAutoMerge, 'take back a merge'),
    ...createStartPipeline(session),
    requestReview: withNumber(merging.requestReview, 'ask for reviews'),

    async setStatus(repository, revision, status) {
      const doing = `set a status on ${revision.slice(0, 12)} of ${repository}`;
      try {
        await ask(doing, () => commits.editStatus(repository, revision, states[status.state], statusOf(status)));
      } catch (error) {
        // What is pending cannot be put to pending again.
        const isThere =
          error instanceof ForgeError && error.code === 'invalid' && /Cannot transition status/i.test(error.message);
        if (!isThere || status.state !== 'pending') throw error;
      }
    },

    listLabels,
    async createLabel(repository, name) {
      try {
        await ask(`make the label ${name} in ${repository}`, () => labels.create(repository, name, labelColor));
      } catch (error) {
        // Somebody was faster.
        if (!(error instanceof ForgeError) || error.code !== 'conflict') throw error;
      }
    },

    ...createKeepIssues(createIssueApi(session, ownId)),
    writeIssueComment: withNumber(
      createWriteComment(session, ownId, { notes: issueNotes, sign: '#' }),
      'write a comment',
    ),
  };
}

function statusOf({ context, description, url }: CommitStatus) {
  return { name: context, description, ...(url === undefined ? {} : { targetUrl: url }) };
}

function withNumber<Rest extends readonly unknown[], Result>(
  call: (repository: string, id: number, ...rest: Rest) => Promise<Result>,
  doing: string,
) {
  return async (repository: string, id: string, ...rest: Rest): Promise<Result> =>
    call(repository, numberOf(id, `${doing} of ${repository}`), ...rest);
}
