import { withGitForge } from '../adapters/forge/git/with-git-forge.ts';
import { withGithub } from '../adapters/forge/github/with-github.ts';
import { withGitlab } from '../adapters/forge/gitlab/with-gitlab.ts';
import { commitTo, headOf, makeRepository } from '../fakes/bare-repository.ts';
import { git } from '../fakes/git-server.ts';
import { forgeContract } from './forge.contract.ts';

const jobStates = { running: 'running', passed: 'success', failed: 'failed' } as const;
const conclusions = { running: null, passed: 'success', failed: 'failure' } as const;

forgeContract({
  name: 'GitLab',
  withForge: (use) =>
    withGitlab(async ({ gitlab, project, forge }) => {
      const [bot] = gitlab.state.users;
      git(project.folder, 'update-ref', '-d', 'refs/heads/basekeeper/node');
      await use({
        forge,
        commit: (branch, files) =>
          commitTo(project.folder, branch, files, headOf(project.folder, branch) ?? headOf(project.folder, 'main')),
        addRepository: (path) => void gitlab.addProject(path).members.set(bot?.id ?? 0, 30),
        addLabel: (name) => void project.labels.push(name),
        addUser: (name) => void gitlab.addUser(name),
        merge: (id) => gitlab.merge('acme/shop', Number(id)),
        review(id, name, word) {
          const { approverIds } = gitlab.mergeRequest('acme/shop', Number(id));
          const by = gitlab.state.users.find(({ username }) => username === name)?.id ?? 0;
          if (word === 'approve') approverIds.push(by);
          else approverIds.splice(approverIds.indexOf(by), 1);
        },
        addTeam(team, members) {
          gitlab.state.groups.add(team);
          const ids = gitlab.state.users.filter(({ username }) => members.includes(username)).map(({ id }) => id);
          gitlab.state.groupMembers.set(team, new Set(ids));
        },
        comments: (id) => gitlab.mergeRequest('acme/shop', Number(id)).notes.map(({ body }) => body),
        status(revision, context) {
          const found = project.statuses.findLast(({ sha, name }) => sha === revision && name === context);
          return found && { state: found.status, description: found.description ?? '' };
        },
        runCheck: (revision, name, state) => gitlab.runJob('acme/shop', revision, name, jobStates[state]),
        requireCheck: () => void Object.assign(project, { isPipelineRequired: true }),
        allowAutoMerge: () => undefined,
        addPipeline: () => void project.pipelineInputs.add('force'),
        startedRuns: () => project.startedPipelines.map(({ id, ref, inputs }) => ({ id, ref, inputs })),
        reviewers: (id) =>
          gitlab
            .mergeRequest('acme/shop', Number(id))
            .reviewerIds.map((one) => gitlab.state.users.find((user) => user.id === one)?.username ?? ''),
        issues: () =>
          project.issues.map(({ iid, state, title, description, notes }) => ({
            ...{ id: String(iid), isOpen: state === 'opened', title, body: description },
            comments: notes.map(({ body }) => body),
          })),
        openIssue(name, description) {
          const by = gitlab.state.users.find(({ username }) => username === name)?.id ?? 0;
          gitlab.openIssue('acme/shop', by, description);
        },
        now: () => gitlab.state.now,
        passTime: (ms) => {
          gitlab.state.now += ms;
        },
      });
    }),
});

type StoredProposal = { readonly branch: string; readonly comments: readonly { readonly body: string }[] };
type StoredStatus = {
  readonly revision: string;
  readonly context: string;
  readonly state: string;
  description: string;
};

forgeContract({
  name: 'plain git',
  isPlainGit: true,
  withForge: (use) =>
    withGitForge(async ({ forge, server, clock, commit, merge, stored, store }) => {
      // What the forge under test wrote: its shape is a test of its own.
      const proposal = (id: string) => stored(`refs/basekeeper/pulls/${id}`) as StoredProposal;
      const labels: string[] = [];
      await use({
        forge,
        commit,
        addRepository: (path) => void makeRepository(server.root, path),
        addLabel(name) {
          labels.push(name);
          store('refs/basekeeper/labels', 'basekeeper.json', JSON.stringify({ version: 1, labels }));
        },
        addUser: () => undefined,
        merge: (id) => merge(proposal(id).branch),
        review: () => undefined,
        addTeam: () => undefined,
        comments: (id) => proposal(id).comments.map(({ body }) => body),
        status(revision, context) {
          const { statuses } = stored('refs/basekeeper/statuses') as { readonly statuses: readonly StoredStatus[] };
          const found = statuses.find((one) => one.revision === revision && one.context === context);
          return found && { state: found.state, description: found.description };
        },
        runCheck: () => undefined,
        requireCheck: () => undefined,
        allowAutoMerge: () => undefined,
        addPipeline: () => undefined,
        startedRuns: () => [],
        reviewers: () => [],
        issues: () => [],
        openIssue: () => undefined,
        now: () => clock.now,
        passTime: (ms) => {
          clock.now += ms;
        },
      });
    }),
});

forgeContract({
  name: 'GitHub',
  withForge: (use) =>
    withGithub(async ({ github, repository, forge }) => {
      git(repository.folder, 'update-ref', '-d', 'refs/heads/basekeeper/node');
      await use({
        forge,
        commit: (branch, files) =>
          commitTo(
            repository.folder,
            branch,
            files,
            headOf(repository.folder, branch) ?? headOf(repository.folder, 'main'),
          ),
        addRepository: (path) => void github.addRepository(path).collaborators.add('keeper'),
        addLabel: (name) => void repository.labels.push(name),
        addUser(name) {
          github.addUser(name);
          repository.collaborators.add(name);
        },
        merge: (id) => github.merge('acme/shop', Number(id)),
        review(id, login, word) {
          const { branch, reviews } = github.pull('acme/shop', Number(id));
          const state = word === 'approve' ? 'APPROVED' : 'CHANGES_REQUESTED';
          const revision = headOf(repository.folder, branch) ?? '';
          reviews.push({ id: reviews.length + 1, login, state, revision });
        },
        addTeam: (team, members) =>
          void github.state.memberships.set(team, new Map(members.map((login) => [login, 'active']))),
        comments: (id) => github.pull('acme/shop', Number(id)).comments.map(({ body }) => body),
        status(revision, context) {
          const found = repository.statuses.findLast((one) => one.revision === revision && one.context === context);
          return found && { state: found.state, description: found.description ?? '' };
        },
        runCheck: (revision, name, state) => github.runCheck('acme/shop', revision, name, conclusions[state]),
        requireCheck: (context) => void repository.requiredChecks.push({ context, appId: null }),
        allowAutoMerge: () => void Object.assign(repository, { allowsAutoMerge: true }),
        addPipeline: () => void repository.workflows.add('release.yml'),
        startedRuns: () => repository.workflowRuns.map(({ id, ref, inputs }) => ({ id, ref, inputs })),
        reviewers: (id) => github.pull('acme/shop', Number(id)).reviewers,
        issues: () =>
          repository.issues.map(({ number, state, title, body, comments }) => ({
            ...{ id: String(number), isOpen: state === 'open', title, body: body ?? '' },
            comments: comments.map((one) => one.body),
          })),
        openIssue: (name, body) => void github.openIssue('acme/shop', name, body),
        now: () => github.state.now,
        passTime: (ms) => {
          github.state.now += ms;
        },
      });
    }),
});
