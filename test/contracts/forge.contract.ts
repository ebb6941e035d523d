import assert from 'node:assert/strict';
import type { Forge, PullRequestDraft } from '../../src/ports/forge.ts';
import { type Gap, holdFacts } from './hold-facts.ts';

/** A forge with the repository `acme/shop`, empty but for a Dockerfile on `main`; the forge's credential may push to it. */
export type ForgeStage = {
  readonly forge: Forge;
  /** A commit upon a branch; a new branch begins at `main`. @param files `undefined` removes one. */
  commit(branch: string, files: Readonly<Record<string, string | undefined>>): Promise<string> | string;
  /** A repository beside `acme/shop` that the credential may read. */
  addRepository(path: string): Promise<void> | void;
  addLabel(name: string): Promise<void> | void;
  addUser(name: string): void;
  /** What a person does. */
  merge(id: string): Promise<void> | void;
  /** What somebody says of it as it stands: that it is good, or that it is not, which takes back what was said before. */
  review(id: string, name: string, word: 'approve' | 'reject'): Promise<void> | void;
  /** `acme/security`, and who is of it. */
  addTeam(team: string, members: readonly string[]): void;
  /** Bodies as they stand, oldest first. */
  comments(id: string): Promise<readonly string[]> | readonly string[];
  /** Of a commit and context, the one that counts. */
  status(revision: string, context: string): { readonly state: string; readonly description: string } | undefined;
  /** What the repository's own workflow says of a commit; said again, it is another attempt. */
  runCheck(revision: string, name: string, state: 'running' | 'passed' | 'failed'): Promise<void> | void;
  /** What its branches ask of whatever is merged into them: that very check, or on GitLab all that runs. */
  requireCheck(name: string): Promise<void> | void;
  /** Whether the forge may be asked to merge later. */
  allowAutoMerge(): Promise<void> | void;
  /** A pipeline that takes the input `force`, and may be started by the API: of GitHub `release.yml`. */
  addPipeline(): Promise<void> | void;
  /** What was started, oldest first. */
  startedRuns(): readonly { readonly id: number; readonly ref: string; readonly inputs: object }[];
  /** Whom it was asked to be reviewed by. */
  reviewers(id: string): Promise<readonly string[]> | readonly string[];
  /** All of the repository, by number. */
  issues(): Promise<readonly IssueShown[]> | readonly IssueShown[];
  /** What somebody opens who is not us; plain git has none. */
  openIssue(name: string, body: string): Promise<void> | void;
  /** The forge's clock. */
  now(): number;
  passTime(ms: number): void;
};

export type IssueShown = {
  readonly id: string;
  readonly isOpen: boolean;
  readonly title: string;
  readonly body: string;
  /** Oldest first. */
  readonly comments: readonly string[];
};

type Subject = {
  readonly name: string;
  readonly gaps?: readonly Gap[];
  /** Git alone: it knows no people and no list of repositories. */
  readonly isPlainGit?: boolean;
  withForge(use: (stage: ForgeStage) => Promise<void>): Promise<void>;
};

const repository = 'acme/shop';
const hour = 3_600_000;
const draftOf = (branch: string, more: Partial<PullRequestDraft> = {}): PullRequestDraft => ({
  branch,
  baseBranch: 'main',
  title: `update ${branch}`,
  body: 'Newer.\n\nAnd safer.',
  isDraft: false,
  labels: [],
  assignees: [],
  reviewers: [],
  ...more,
});

/** What every forge has to do, whatever it calls a pull request. */
export function forgeContract({ name, isPlainGit = false, gaps = [], withForge }: Subject): void {
  const { holds, end } = holdFacts({ name, gaps, withStage: withForge });

  /** One commit on the branch, and a pull request of it. */
  async function opened(stage: ForgeStage, branch: string, more: Partial<PullRequestDraft> = {}) {
    const revision = await stage.commit(branch, { Dockerfile: `FROM node:${branch.length}\n` });
    const { pullRequest, notes } = await stage.forge.openPullRequest(repository, draftOf(branch, more));
    return { revision, pullRequest, notes, id: pullRequest.id };
  }

  const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

  holds('a repository tells its branch, address and who may push', async ({ forge }) => {
    const { cloneUrl, ...read } = await forge.readRepository(repository);
    assert.deepEqual(read, {
      path: repository,
      defaultBranch: 'main',
      isArchived: false,
      isFork: false,
      canPush: isPlainGit ? undefined : true,
    });
    assert.match(cloneUrl, /^https?:\/\/.*acme\/shop(?:\.git)?$/);
  });

  holds('a repository that is not there is not found', async ({ forge }) => {
    for (const ask of [
      () => forge.readRepository('acme/nothing'),
      () => forge.listPullRequests('acme/nothing', {}),
      () => forge.openPullRequest('acme/nothing', draftOf('basekeeper/a')),
    ])
      await assert.rejects(ask(), { name: 'ForgeError', code: 'not-found' });
  });

  holds("an owner's repositories come sorted by path", async ({ forge, addRepository }) => {
    for (const path of ['acme/zoo', 'acme/api', 'other/api']) await addRepository(path);
    if (isPlainGit)
      return assert.rejects(forge.listRepositories('acme'), {
        code: 'invalid',
        message: /name each repository in the/,
      });
    const found = await forge.listRepositories('acme');
    assert.deepEqual(
      found.map(({ path }) => path),
      ['acme/api', 'acme/shop', 'acme/zoo'],
    );
    await assert.rejects(forge.listRepositories('nobody'), { name: 'ForgeError', code: 'not-found' });
  });

  holds('a commit tells who approved of what brought it, and whose last word it was', async (stage) => {
    const { forge, addUser, review, merge } = stage;
    for (const name of ['ada', 'bob']) addUser(name);
    const { id, revision } = await opened(stage, 'basekeeper/policy');
    const read = async () => (await forge.readApprovals(repository, revision)).map((one) => [one.id, one.approvedBy]);
    await review(id, 'bob', 'approve');
    await review(id, 'bob', 'reject');
    await review(id, 'ada', 'approve');
    assert.deepEqual(await read(), [], 'it brought nothing yet');
    await merge(id);
    assert.deepEqual(await read(), isPlainGit ? [] : [[id, ['ada']]]);
    const pushed = await stage.commit('main', { Dockerfile: 'FROM node:1\n' });
    assert.deepEqual(await forge.readApprovals(repository, pushed), [], 'nobody looked at what was pushed');
  });

  holds('what is told of an approval is of the branches and the head that were merged', async (stage) => {
    const { forge, addUser, review, merge, commit } = stage;
    for (const name of ['ada', 'bob']) addUser(name);
    const before = await commit('main', { Dockerfile: 'FROM node:1\n' });
    const { id, revision } = await opened(stage, 'basekeeper/policy');
    await review(id, 'bob', 'approve');
    const head = await commit('basekeeper/policy', { Dockerfile: 'FROM node:3\n' });
    await review(id, 'ada', 'approve');
    await merge(id);
    if (isPlainGit) return;
    const told = await forge.readApprovals(repository, revision);
    // GitLab does not tell about which commit somebody approved.
    const isEarlierTold = forge.kind === 'github';
    assert.deepEqual(
      told.map(({ baseBranch, baseRevision, headRevision, approvedBy, approvedEarlier }) => [
        ...[baseBranch, baseRevision, headRevision, approvedBy, approvedEarlier],
      ]),
      [['main', before, head, isEarlierTold ? ['ada'] : ['ada', 'bob'], isEarlierTold ? ['bob'] : []]],
    );
  });

  holds('a team tells who is of it, and one that is not there is refused', async ({ forge, addUser, addTeam }) => {
    for (const name of ['ada', 'bob']) addUser(name);
    addTeam('acme/security', ['ada']);
    assert.equal(await forge.isMember('acme/security', 'ada'), !isPlainGit);
    assert.equal(await forge.isMember('acme/security', 'Ada'), !isPlainGit);
    assert.equal(await forge.isMember('acme/security', 'bob'), false);
    if (isPlainGit) return;
    await assert.rejects(forge.isMember('acme/nobody', 'ada'), { name: 'ForgeError', code: 'not-found' });
  });

  holds('a file reads at a branch and at a commit, byte for byte', async ({ forge, commit }) => {
    const text = 'version: 1\r\n# ü\n\n';
    const first = await commit('main', { 'a b/c#d?.yaml': text });
    await commit('main', { 'a b/c#d?.yaml': 'changed\n' });
    assert.equal(await forge.readFile(repository, 'a b/c#d?.yaml', first), text);
    assert.equal(await forge.readFile(repository, 'a b/c#d?.yaml', 'main'), 'changed\n');
  });

  holds('a file, branch or commit that is not there is no file', async ({ forge }) => {
    for (const [path, revision] of [
      ['nothing.yaml', 'main'],
      ['Dockerfile/deeper', 'main'],
      ['Dockerfile', 'nothing'],
      ['Dockerfile', '0123456789abcdef0123456789abcdef01234567'],
    ] as const)
      assert.equal(await forge.readFile(repository, path, revision), undefined);
  });

  holds('a pull request that was opened is listed as it was asked for', async (stage) => {
    await stage.addLabel('docker');
    const { revision, pullRequest, notes } = await opened(stage, 'basekeeper/node', { labels: ['docker'] });
    assert.deepEqual(notes, []);
    const { id, url, author, ...rest } = pullRequest;
    assert.deepEqual(rest, {
      state: 'open',
      title: 'update basekeeper/node',
      body: 'Newer.\n\nAnd safer.',
      branch: 'basekeeper/node',
      baseBranch: 'main',
      headRevision: revision,
      isDraft: false,
      isAutoMerging: false,
      createdAt: stage.now(),
      labels: ['docker'],
    });
    assert.match(url, /^https?:\/\//);
    assert.notEqual(author.login, '');
    assert.deepEqual(await stage.forge.listPullRequests(repository, {}), [pullRequest]);
    assert.match(id, /^[\w-]+$/);
  });

  holds('opening it twice gives the one that is open', async (stage) => {
    const { id } = await opened(stage, 'basekeeper/node');
    const again = await stage.forge.openPullRequest(repository, draftOf('basekeeper/node', { title: 'other' }));
    assert.equal(again.pullRequest.id, id);
    assert.equal((await stage.forge.listPullRequests(repository, {})).length, 1);
  });

  holds('one whose branch has moved leads to the new commit', async (stage) => {
    await opened(stage, 'basekeeper/node');
    const moved = await stage.commit('basekeeper/node', { Dockerfile: 'FROM node:25\n' });
    const [found] = await stage.forge.listPullRequests(repository, {});
    assert.equal(found?.headRevision, moved);
  });

  holds('after it was closed, another can be opened of the same branch', async (stage) => {
    const first = await opened(stage, 'basekeeper/node');
    await stage.forge.closePullRequest(repository, first.id);
    const { pullRequest } = await stage.forge.openPullRequest(repository, draftOf('basekeeper/node'));
    assert.notEqual(pullRequest.id, first.id);
    assert.deepEqual(idsOf(await stage.forge.listPullRequests(repository, {})), [pullRequest.id]);
  });

  holds('pull requests are listed newest first, by the beginning of their branch', async (stage) => {
    const ids: string[] = [];
    for (const branch of ['basekeeper/a', 'basekeeper/b', 'people/c']) {
      ids.push((await opened(stage, branch)).id);
      stage.passTime(hour);
    }
    const [a, b, c] = ids;
    assert.deepEqual(idsOf(await stage.forge.listPullRequests(repository, {})), [c, b, a]);
    assert.deepEqual(idsOf(await stage.forge.listPullRequests(repository, { branchPrefix: 'basekeeper/' })), [b, a]);
  });

  holds('closed and merged ones are listed from an instant on', async (stage) => {
    const closed = await opened(stage, 'basekeeper/a');
    await stage.forge.closePullRequest(repository, closed.id);
    const closedAt = stage.now();
    stage.passTime(hour);
    const merged = await opened(stage, 'basekeeper/b');
    await stage.merge(merged.id);
    stage.passTime(hour);
    const open = await opened(stage, 'basekeeper/c');
    const listed = async (closedSince?: number) =>
      (await stage.forge.listPullRequests(repository, closedSince === undefined ? {} : { closedSince })).map(
        (one) => [one.id, one.state, one.closedAt] as const,
      );
    const openRow = [open.id, 'open', undefined] as const;
    const mergedRow = [merged.id, 'merged', closedAt + hour] as const;
    assert.deepEqual(await listed(), [openRow]);
    assert.deepEqual(await listed(closedAt + 1), [openRow, mergedRow]);
    assert.deepEqual(await listed(closedAt), [openRow, mergedRow, [closed.id, 'closed', closedAt]]);
  });

  holds('a change changes what it names and nothing else', async (stage) => {
    await stage.commit('release', { Dockerfile: 'FROM node:20\n' });
    const { id, pullRequest } = await opened(stage, 'basekeeper/node');
    const read = async () => (await stage.forge.listPullRequests(repository, {}))[0];
    await stage.forge.updatePullRequest(repository, id, { title: 'second' });
    assert.deepEqual(await read(), { ...pullRequest, title: 'second' });
    await stage.forge.updatePullRequest(repository, id, { body: 'third', baseBranch: 'release' });
    assert.deepEqual(await read(), { ...pullRequest, title: 'second', body: 'third', baseBranch: 'release' });
  });

  holds('a draft stays one when its title changes', async (stage) => {
    const { id, pullRequest } = await opened(stage, 'basekeeper/node', { isDraft: true });
    assert.deepEqual([pullRequest.title, pullRequest.isDraft], ['update basekeeper/node', true]);
    await stage.forge.updatePullRequest(repository, id, { title: 'second' });
    const [found] = await stage.forge.listPullRequests(repository, {});
    assert.deepEqual([found?.title, found?.isDraft], ['second', true]);
  });

  holds('closing what is closed or merged changes nothing', async (stage) => {
    const closed = await opened(stage, 'basekeeper/a');
    const merged = await opened(stage, 'basekeeper/b');
    await stage.forge.closePullRequest(repository, closed.id);
    await stage.merge(merged.id);
    const before = await stage.forge.listPullRequests(repository, { closedSince: 0 });
    stage.passTime(hour);
    for (const { id } of [closed, merged]) await stage.forge.closePullRequest(repository, id);
    assert.deepEqual(await stage.forge.listPullRequests(repository, { closedSince: 0 }), before);
  });

  holds('labels nobody made, unknown people and teams are notes, and it is opened', async (stage) => {
    stage.addUser('ada');
    const { pullRequest, notes } = await opened(stage, 'basekeeper/node', {
      labels: ['nobody-made'],
      assignees: ['ada', 'who-is-this'],
      reviewers: ['ada', 'team:devops'],
    });
    assert.equal(pullRequest.state, 'open');
    assert.deepEqual(pullRequest.labels, []);
    const told = isPlainGit ? ['nobody-made', 'ada, who-is-this'] : ['nobody-made', 'who-is-this', 'devops'];
    for (const [at, words] of told.entries()) assert.match(notes[at] ?? '', new RegExp(words));
    assert.equal(notes.length, told.length);
    assert.deepEqual(await stage.forge.listLabels(repository), []);
  });

  holds('a comment is written once per marker, and changed in place', async (stage) => {
    const { id } = await opened(stage, 'basekeeper/node');
    await stage.forge.writeComment(repository, id, 'gate', 'holds');
    await stage.forge.writeComment(repository, id, 'snooze', 'until May');
    await stage.forge.writeComment(repository, id, 'gate', 'passes');
    const shown = (await stage.comments(id)).map((body) => body.replace(/<!--.*?-->/g, '').trim());
    assert.deepEqual(shown, ['passes', 'until May']);
  });

  holds('changes tell commits oldest first, and what became of each file', async (stage) => {
    await stage.commit('main', { 'gone.txt': 'old\n', 'kept.txt': 'one\n' });
    const first = await stage.commit('basekeeper/node', { Dockerfile: 'FROM node:24\n' });
    const second = await stage.commit('basekeeper/node', { 'gone.txt': undefined, 'new.txt': 'new\n' });
    const { pullRequest } = await stage.forge.openPullRequest(repository, draftOf('basekeeper/node'));
    const { commits, files, isTruncated } = await stage.forge.readChanges(repository, pullRequest.id);
    assert.deepEqual(
      commits.map(({ revision }) => revision),
      [first, second],
    );
    assert.deepEqual(
      files.map(({ path, kind }) => [path, kind]),
      [
        ['Dockerfile', 'changed'],
        ['gone.txt', 'removed'],
        ['new.txt', 'added'],
      ],
    );
    assert.match(files[0]?.patch ?? '', /^@@ .*\n-FROM .*\n\+FROM node:24/);
    assert.equal(isTruncated, false);
  });

  holds('of the statuses of a context the latest counts', async (stage) => {
    const revision = await stage.commit('main', { Dockerfile: 'FROM node:24\n' });
    const url = 'https://basekeeper.example/gate';
    for (const [state, description] of [
      ['pending', 'waits'],
      ['success', 'passes'],
    ] as const)
      await stage.forge.setStatus(repository, revision, { context: 'basekeeper/gate', state, description, url });
    assert.deepEqual(stage.status(revision, 'basekeeper/gate'), { state: 'success', description: 'passes' });
    assert.equal(stage.status(revision, 'other'), undefined);
  });

  holds('a status of a commit that is not there is refused', async ({ forge }) => {
    const status = { context: 'c', state: 'success', description: '' } as const;
    await assert.rejects(forge.setStatus(repository, '0123456789abcdef0123456789abcdef01234567', status), {
      name: 'ForgeError',
    });
  });

  const checksOf = async ({ forge }: ForgeStage, revision: string) =>
    (await forge.readChecks(repository, revision)).map(({ name, state, hasFailedBefore }) => [
      name,
      state,
      ...(hasFailedBefore ? ['has failed before'] : []),
    ]);

  holds('our own statuses are among the checks of a commit', async (stage) => {
    const revision = await stage.commit('main', { Dockerfile: 'FROM node:24\n' });
    assert.deepEqual(await checksOf(stage, revision), []);
    for (const state of ['failure', 'success'] as const)
      await stage.forge.setStatus(repository, revision, { context: 'basekeeper/verify', state, description: state });
    const [check, ...others] = await stage.forge.readChecks(repository, revision);
    assert.deepEqual([check?.name, check?.state, check?.description], ['basekeeper/verify', 'success', 'success']);
    assert.deepEqual(others, []);
  });

  holds('a check is pending, fails, and passes when it is tried again', async (stage) => {
    if (isPlainGit) return;
    const revision = await stage.commit('main', { Dockerfile: 'FROM node:24\n' });
    const told: unknown[] = [];
    for (const state of ['running', 'failed', 'passed'] as const) {
      await stage.runCheck(revision, 'test', state);
      const found = await checksOf(stage, revision);
      told.push(found.find(([name]) => name === 'test'));
    }
    assert.deepEqual(told, [
      ['test', 'pending'],
      ['test', 'failure'],
      ['test', 'success', 'has failed before'],
    ]);
    const other = await stage.commit('main', { Dockerfile: 'FROM node:25\n' });
    assert.deepEqual(await checksOf(stage, other), []);
  });

  holds('a branch without rules requires nothing; plain git does not know', async ({ forge }) => {
    const { requiredChecks, methods } = await forge.readMergeRules(repository, 'main');
    assert.deepEqual([requiredChecks, methods[0]], isPlainGit ? [undefined, undefined] : [[], 'merge']);
  });

  holds('what a branch requires is told by the names that checks have', async (stage) => {
    if (isPlainGit) return;
    const { revision, pullRequest } = await opened(stage, 'basekeeper/node');
    await stage.requireCheck('test');
    await stage.runCheck(revision, 'test', 'passed');
    const { requiredChecks = [] } = await stage.forge.readMergeRules(repository, pullRequest.baseBranch);
    assert.equal(requiredChecks.length, 1);
    const checks = await stage.forge.readChecks(repository, revision);
    assert.equal(checks.find(({ name }) => name === requiredChecks[0]?.name)?.state, 'success');
  });

  const bound = (expectedHead: string) => ({ expectedHead, method: 'merge' }) as const;

  holds('it is merged at the head that was judged, once; plain git merges nothing', async (stage) => {
    const { revision, id } = await opened(stage, 'basekeeper/node');
    if (isPlainGit) {
      const refusal = { name: 'ForgeError', code: 'invalid', message: /merge it by git/ };
      return assert.rejects(stage.forge.mergePullRequest(repository, id, bound(revision)), refusal);
    }
    for (let times = 0; times < 2; times += 1) await stage.forge.mergePullRequest(repository, id, bound(revision));
    const [found] = await stage.forge.listPullRequests(repository, { closedSince: 0 });
    assert.deepEqual([found?.state, found?.headRevision], ['merged', revision]);
    assert.equal(await stage.forge.readFile(repository, 'Dockerfile', 'main'), 'FROM node:15\n');
  });

  holds('one whose head has changed is not merged', async (stage) => {
    if (isPlainGit) return;
    const { revision, id } = await opened(stage, 'basekeeper/node');
    await stage.commit('basekeeper/node', { Dockerfile: 'FROM evil:1\n' });
    for (const merge of [stage.forge.mergePullRequest, stage.forge.enableAutoMerge])
      await assert.rejects(merge(repository, id, bound(revision)), { name: 'ForgeError', code: 'conflict' });
    assert.equal((await stage.forge.listPullRequests(repository, {}))[0]?.state, 'open');
  });

  holds('one that lacks a required check is not merged', async (stage) => {
    if (isPlainGit) return;
    const { revision, id } = await opened(stage, 'basekeeper/node');
    await stage.requireCheck('test');
    await stage.runCheck(revision, 'test', 'running');
    await assert.rejects(stage.forge.mergePullRequest(repository, id, bound(revision)), { code: 'conflict' });
  });

  holds('the forge merges by itself once the check is green, and not after it was taken back', async (stage) => {
    if (isPlainGit) return;
    await stage.requireCheck('test');
    await stage.allowAutoMerge();
    const first = await opened(stage, 'basekeeper/first');
    const second = await opened(stage, 'basekeeper/second');
    const isAutoMerging = async () =>
      new Map((await stage.forge.listPullRequests(repository, {})).map((one) => [one.id, one.isAutoMerging]));
    for (const { revision, id } of [first, second]) {
      await stage.runCheck(revision, 'test', 'running');
      for (let times = 0; times < 2; times += 1) await stage.forge.enableAutoMerge(repository, id, bound(revision));
    }
    for (let times = 0; times < 2; times += 1) await stage.forge.disableAutoMerge(repository, second.id);
    const expected = [
      [first.id, true],
      [second.id, false],
    ] as const;
    assert.deepEqual(new Map(await isAutoMerging()), new Map(expected));
    for (const { revision } of [first, second]) await stage.runCheck(revision, 'test', 'passed');
    assert.deepEqual([...(await isAutoMerging()).keys()], [second.id]);
  });

  holds('who is asked to review besides others is asked; who is unknown is a note', async (stage) => {
    stage.addUser('ada');
    stage.addUser('bob');
    const { id } = await opened(stage, 'basekeeper/node', isPlainGit ? {} : { reviewers: ['ada'] });
    const notes = await stage.forge.requestReview(repository, id, ['bob', 'who-is-this']);
    assert.match(notes.join(), /who-is-this/);
    assert.deepEqual(await stage.forge.requestReview(repository, id, []), []);
    assert.deepEqual(await stage.reviewers(id), isPlainGit ? [] : ['ada', 'bob']);
  });

  const release = { workflow: 'release.yml', ref: 'main', inputs: { force: 'true' } };

  holds(
    'a pipeline is started with its inputs, and its run is told and listed; plain git starts none',
    async (stage) => {
      const { forge, addPipeline, startedRuns } = stage;
      if (isPlainGit) {
        const refusal = { name: 'ForgeError', code: 'invalid', message: /start the release yourself/ };
        await assert.rejects(forge.listStartedRuns(repository, release), refusal);
        return assert.rejects(forge.startPipeline(repository, release), refusal);
      }
      await addPipeline();
      assert.deepEqual(await forge.listStartedRuns(repository, release), []);
      const first = await forge.startPipeline(repository, release);
      const second = await forge.startPipeline(repository, release);
      assert.deepEqual(
        startedRuns(),
        [first, second].map((run) => ({ id: run?.id, ref: 'main', inputs: { force: 'true' } })),
      );
      assert.deepEqual(await forge.listStartedRuns(repository, release), [second, first]);
      assert.match(first?.url ?? '', new RegExp(`^https?://.*acme/shop/.*${first?.id}$`));
    },
  );

  holds('a pipeline of a ref that is not there is refused', async ({ forge, addPipeline, startedRuns }) => {
    if (isPlainGit) return;
    await addPipeline();
    await assert.rejects(forge.startPipeline(repository, { ...release, ref: 'no' }), { code: 'invalid' });
    await assert.rejects(forge.startPipeline('acme/nothing', release), { name: 'ForgeError', code: 'not-found' });
    assert.deepEqual(startedRuns(), []);
  });

  holds('a label that was made is listed, once', async ({ forge }) => {
    await forge.createLabel(repository, 'docker');
    await forge.createLabel(repository, 'docker');
    await forge.createLabel(repository, 'needs review: ü');
    assert.deepEqual([...(await forge.listLabels(repository))].sort(), ['docker', 'needs review: ü']);
  });

  holds('a pull request that is not there is not found', async ({ forge }) => {
    for (const id of ['4711', 'x/../y'])
      await assert.rejects(forge.closePullRequest(repository, id), { name: 'ForgeError', code: 'not-found' });
  });

  const issueOf = (body: string, marker = 'notices-web') => ({ marker, title: 'What is due', body });
  const shownOf = async (stage: ForgeStage) =>
    (await stage.issues()).map(({ id, isOpen, title, body, comments }) => [
      id,
      isOpen ? 'open' : 'closed',
      title,
      ...[body, ...comments].map((text) => text.replace(/<!--.*?-->\n/, '')),
    ]);

  holds('an issue is opened once and changed in place, each marker its own; plain git has none', async (stage) => {
    const { forge } = stage;
    if (isPlainGit) {
      const refusal = { name: 'ForgeError', code: 'invalid', message: /no issues; name a repository on GitHub/ };
      await assert.rejects(forge.findIssue(repository, 'notices-web'), refusal);
      return assert.rejects(forge.writeIssue(repository, issueOf('One.')), refusal);
    }
    assert.equal(await forge.findIssue(repository, 'notices-web'), undefined);
    const { id, url } = await forge.writeIssue(repository, issueOf('One.'));
    const other = await forge.writeIssue(repository, issueOf('Other.', 'notices-web2'));
    const again = await forge.writeIssue(repository, issueOf('Two.\n\n- late\n'));
    assert.deepEqual([again.id, again.url], [id, url]);
    assert.match(url, /^https?:\/\//);
    assert.deepEqual(await shownOf(stage), [
      [id, 'open', 'What is due', 'Two.\n\n- late'],
      [other.id, 'open', 'What is due', 'Other.'],
    ]);
    const found = await forge.findIssue(repository, 'notices-web');
    assert.deepEqual(found, { id, url, title: 'What is due', body: 'Two.\n\n- late' });
  });

  holds('after it was closed, another issue is opened; what is closed stays so', async (stage) => {
    if (isPlainGit) return;
    const { forge } = stage;
    const { id } = await forge.writeIssue(repository, issueOf('One.'));
    for (let times = 0; times < 2; times += 1) await forge.closeIssue(repository, id);
    assert.equal(await forge.findIssue(repository, 'notices-web'), undefined);
    const second = await forge.writeIssue(repository, issueOf('Two.'));
    assert.deepEqual(await shownOf(stage), [
      [id, 'closed', 'What is due', 'One.'],
      [second.id, 'open', 'What is due', 'Two.'],
    ]);
  });

  holds('an issue of a stranger who writes the marker is not ours', async (stage) => {
    if (isPlainGit) return;
    stage.addUser('ada');
    await stage.openIssue('ada', '<!-- basekeeper:notices-web -->\nClick here.');
    assert.equal(await stage.forge.findIssue(repository, 'notices-web'), undefined);
    const { id } = await stage.forge.writeIssue(repository, issueOf('One.'));
    const states = (await shownOf(stage)).map(([at, state, , body]) => [at === id, state, body]);
    assert.deepEqual(states, [
      [false, 'open', 'Click here.'],
      [true, 'open', 'One.'],
    ]);
  });

  holds('of issues that were opened at a time one stays open', async (stage) => {
    if (isPlainGit) return;
    const both = ['One.', 'Two.'].map((body) => stage.forge.writeIssue(repository, issueOf(body)));
    await Promise.all(both);
    const open = (await stage.issues()).filter(({ isOpen }) => isOpen);
    assert.equal(open.length, 1);
    assert.equal((await stage.forge.findIssue(repository, 'notices-web'))?.id, open[0]?.id);
  });

  holds('a comment on an issue is written once per marker', async (stage) => {
    if (isPlainGit) return;
    const { id } = await stage.forge.writeIssue(repository, issueOf('One.'));
    for (const [marker, body] of [
      ['a', 'late'],
      ['b', 'later'],
      ['a', 'late'],
    ] as const)
      await stage.forge.writeIssueComment(repository, id, marker, body);
    assert.deepEqual(await shownOf(stage), [[id, 'open', 'What is due', 'One.', 'late', 'later']]);
  });

  holds('requests are counted', async ({ forge }) => {
    const before = forge.requests();
    await forge.readRepository(repository);
    assert.ok(forge.requests() > before);
  });

  end();
}
