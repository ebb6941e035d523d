import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import type { PullRequestDraft } from '../../../../src/ports/forge.ts';
import { commitTo } from '../../../fakes/bare-repository.ts';
import { git } from '../../../fakes/git-server.ts';
import { withGithub } from './with-github.ts';

const draft: PullRequestDraft = {
  branch: 'basekeeper/node',
  baseBranch: 'main',
  title: 'node 22 → 24',
  body: 'Newer.',
  isDraft: false,
  labels: [],
  assignees: [],
  reviewers: [],
};
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

test('people and teams that are known are asked, each once', () =>
  withGithub(async ({ forge, github, repository }) => {
    for (const name of ['ada', 'bob']) repository.collaborators.add(github.addUser(name).login);
    repository.teams.add('devops');
    const { notes } = await forge.openPullRequest('acme/shop', {
      ...draft,
      assignees: ['Ada', 'nobody'],
      reviewers: ['bob', 'team:devops', 'team:ghosts', 'keeper'],
    });
    const { assignees, reviewers, teams } = github.pull('acme/shop', 1);
    assert.deepEqual([assignees, reviewers, teams], [[], ['bob'], ['devops']]);
    assert.deepEqual(notes, [
      'GitHub did not assign it to Ada',
      'GitHub did not assign it to nobody',
      'team:ghosts was not asked to review: GitHub knows no such team here, or the token may not see it',
      'keeper was not asked to review: GitHub knows nobody of that name who may review here',
    ]);
  }));

test('labels are found whatever their case, and none is made', () =>
  withGithub(async ({ forge, repository }) => {
    repository.labels.push('Docker');
    const { pullRequest, notes } = await forge.openPullRequest('acme/shop', { ...draft, labels: ['docker', 'new'] });
    assert.deepEqual([pullRequest.labels, notes], [['Docker'], ['there is no label new']]);
    assert.deepEqual(repository.labels, ['Docker']);
  }));

test('where there are no drafts it is opened as none, with a note', () =>
  withGithub(async ({ forge, repository }) => {
    repository.hasDrafts = false;
    const { pullRequest, notes } = await forge.openPullRequest('acme/shop', { ...draft, isDraft: true });
    assert.equal(pullRequest.isDraft, false);
    assert.deepEqual(notes, ['it is no draft: GitHub offers none in this repository']);
  }));

test('one that was opened and left alone is completed when it is opened again', () =>
  withGithub(async ({ forge, github, repository }) => {
    repository.labels.push('docker');
    await forge.openPullRequest('acme/shop', draft);
    const { pullRequest } = await forge.openPullRequest('acme/shop', { ...draft, labels: ['docker'] });
    assert.equal(pullRequest.id, '1');
    assert.deepEqual(github.pull('acme/shop', 1).labels, ['docker']);
  }));

test('a branch with nothing new and one that is not there are refused with the reason', () =>
  withGithub(async ({ forge, repository }) => {
    git(repository.folder, 'update-ref', 'refs/heads/basekeeper/same', 'main');
    for (const [branch, says] of [
      ['basekeeper/same', /No commits between main and basekeeper\/same/],
      ['basekeeper/gone', /\(“Validation Failed, head invalid”\)/],
    ] as const)
      await assert.rejects(forge.openPullRequest('acme/shop', { ...draft, branch }), {
        code: 'invalid',
        message: says,
      });
  }));

test('a pull request out of a fork is not listed', () =>
  withGithub(async ({ forge, github }) => {
    await forge.openPullRequest('acme/shop', draft);
    const own = github.pull('acme/shop', 1);
    const fork = github.addRepository('mallory/shop');
    const { pulls } = github.repository('acme/shop');
    pulls.push({ ...own, number: 2, headRepositoryId: fork.id });
    assert.deepEqual(
      (await forge.listPullRequests('acme/shop', { branchPrefix: 'basekeeper/' })).map(({ id }) => id),
      ['1'],
    );
    // Of a fork that was deleted, against GitHub's own description.
    const body = JSON.stringify([{ head: { repo: null }, base: { repo: { id: 1 } } }]);
    github.fault = { times: 1, status: 200, body };
    assert.deepEqual(await forge.listPullRequests('acme/shop', {}), []);
  }));

test('closed ones are read back to the instant and no further', () =>
  withGithub(async ({ forge, github }) => {
    await forge.openPullRequest('acme/shop', draft);
    const one = github.pull('acme/shop', 1);
    const start = github.state.now;
    const { pulls } = github.repository('acme/shop');
    pulls.length = 0;
    for (let number = 1; number <= 450; number += 1) {
      const at = start + number * 1000;
      pulls.push({ ...one, number, state: 'closed', createdAt: at, closedAt: at, updatedAt: at });
    }
    const found = await forge.listPullRequests('acme/shop', { closedSince: start + 401_000 });
    assert.equal(found.length, 50);
    // One for those that are open, one page of the others.
    assert.equal(github.requests.filter((line) => line.startsWith('GET')).length, 2);
  }));

test('a bot is told by the App that acts, not by a name somebody chose', () =>
  withGithub(async ({ forge, github, repository }) => {
    const app = github.addApp('dependabot');
    github.addApp('hidden').isPrivate = true;
    github.addUser('dependabot-bot');
    await forge.openPullRequest('acme/shop', draft);
    const one = github.pull('acme/shop', 1);
    repository.pulls.push(
      { ...one, number: 2, login: 'dependabot[bot]' },
      { ...one, number: 3, login: 'dependabot-bot' },
      { ...one, number: 4, login: 'hidden[bot]' },
      { ...one, number: 5, login: 'dependabot[bot]' },
    );
    const authors = new Map((await forge.listPullRequests('acme/shop', {})).map(({ id, author }) => [id, author]));
    assert.deepEqual(authors.get('2'), { login: 'dependabot[bot]', isBot: true, appId: app.id });
    assert.deepEqual(authors.get('3'), { login: 'dependabot-bot', isBot: false });
    assert.deepEqual(authors.get('4'), { login: 'hidden[bot]', isBot: true });
    assert.equal(github.requests.filter((line) => line.includes('/apps/dependabot')).length, 1);
  }));

test('changes tell whose addresses commits carry, and what is verified', () =>
  withGithub(async ({ forge, github, repository }) => {
    const app = github.addApp('dependabot');
    const { folder } = repository;
    github.state.emails.set('bot@example.com', 'dependabot[bot]');
    const tree = git(folder, 'rev-parse', 'basekeeper/node^{tree}');
    const parent = git(folder, 'rev-parse', 'basekeeper/node');
    const identity = ['-c', 'user.email=bot@example.com'];
    const revision = git(folder, ...identity, 'commit-tree', tree, '-p', parent, '-m', 'bot');
    git(folder, 'update-ref', 'refs/heads/basekeeper/node', revision);
    repository.verified.add(revision);
    const { pullRequest } = await forge.openPullRequest('acme/shop', draft);
    const { commits } = await forge.readChanges('acme/shop', pullRequest.id);
    const bot = { login: 'dependabot[bot]', isBot: true, appId: app.id };
    assert.deepEqual(commits, [
      { revision: parent, author: undefined, committer: undefined, isVerified: false },
      { revision, author: bot, committer: bot, isVerified: true },
    ]);
  }));

test('a file that moved is a renamed one, and a binary one has no patch', () =>
  withGithub(async ({ forge, repository }) => {
    commitTo(repository.folder, 'main', { 'a.txt': 'same\nlines\nhere\n' });
    commitTo(
      repository.folder,
      'basekeeper/two',
      { 'a.txt': undefined, 'b.txt': 'same\nlines\nhere\n', 'c.bin': 'x\0y' },
      'main',
    );
    await forge.openPullRequest('acme/shop', { ...draft, branch: 'basekeeper/two' });
    const { files } = await forge.readChanges('acme/shop', '1');
    assert.deepEqual(files, [
      { path: 'b.txt', kind: 'renamed' },
      { path: 'c.bin', kind: 'added' },
    ]);
  }));

test('more files than are read are told', () =>
  withGithub(async ({ forge, repository }) => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`f${index}`, '']));
    commitTo(repository.folder, 'basekeeper/many', many, 'main');
    await forge.openPullRequest('acme/shop', { ...draft, branch: 'basekeeper/many' });
    const { files, isTruncated } = await forge.readChanges('acme/shop', '1');
    assert.deepEqual([files.length, isTruncated], [1000, true]);
  }));

test("a comment with the marker that somebody else wrote stays, and one that repeats ours later in its text isn't ours", () =>
  withGithub(async ({ forge, github, repository }) => {
    await forge.openPullRequest('acme/shop', draft);
    github.addUser('mallory');
    const { comments } = github.pull('acme/shop', 1);
    const of = (login: string, body: string) => ({
      id: github.state.nextId++,
      login,
      body,
      createdAt: 0,
      updatedAt: 0,
    });
    comments.push(of('mallory', '<!-- basekeeper:gate -->\nmine'), of('keeper', 'quoting <!-- basekeeper:gate -->'));
    for (const body of ['holds', 'holds', 'passes']) await forge.writeComment('acme/shop', '1', 'gate', body);
    assert.deepEqual(
      comments.map(({ body }) => body),
      ['<!-- basekeeper:gate -->\nmine', 'quoting <!-- basekeeper:gate -->', '<!-- basekeeper:gate -->\npasses'],
    );
    assert.equal(github.requests.filter((line) => line.startsWith('PATCH')).length, 1);
    assert.deepEqual(repository.labels, []);
  }));

for (const [who, isOfJob] of [
  ["a job's token", true],
  ['a token that GitHub does not tell whose it is', false],
] as const)
  test(`${who} changes its own comment in place`, () =>
    withGithub(async ({ forge, forgeWith, github }) => {
      github.addUser('github-actions[bot]', 'Bot');
      const permissions = { issues: 'write', pull_requests: 'write' };
      github.state.tokens.set('ghs_x', { login: 'github-actions[bot]', installedFor: 'acme', permissions });
      await forge.openPullRequest('acme/shop', draft);
      const own = forgeWith({ kind: 'token', token: 'ghs_x', isOfJob });
      for (const body of ['holds', 'passes']) await own.writeComment('acme/shop', '1', 'gate', body);
      const bodies = github.pull('acme/shop', 1).comments.map(({ body }) => body);
      assert.deepEqual(bodies, ['<!-- basekeeper:gate -->\npasses']);
    }));

test('an App lists what it was installed for, and comments as itself', () =>
  withGithub(async ({ forge, forgeWith, github }) => {
    const app = github.addApp('keeper-app');
    const permissions = { issues: 'write', pull_requests: 'write', contents: 'read' };
    app.installations.set('acme', { id: 77, permissions });
    github.addRepository('acme/api');
    github.addRepository('other/api').isPrivate = false;
    const own = forgeWith({ kind: 'app', appId: String(app.id), privateKey });
    assert.deepEqual(
      (await own.listRepositories('acme')).map(({ path }) => path),
      ['acme/api', 'acme/shop'],
    );
    await forge.openPullRequest('acme/shop', draft);
    for (const body of ['holds', 'passes']) await own.writeComment('acme/shop', '1', 'gate', body);
    const comments = github.pull('acme/shop', 1).comments.map(({ login, body }) => [login, body]);
    assert.deepEqual(comments, [['keeper-app[bot]', '<!-- basekeeper:gate -->\npasses']]);
  }));

test("a user's own private repositories are listed to that user, others' public ones to everybody", () =>
  withGithub(async ({ forge, github }) => {
    github.addUser('ada');
    github.addRepository('keeper/notes').collaborators.add('keeper');
    github.addRepository('ada/secret');
    github.addRepository('ada/open').isPrivate = false;
    const pathsOf = async (owner: string) => (await forge.listRepositories(owner)).map(({ path }) => path);
    assert.deepEqual(await pathsOf('Keeper'), ['keeper/notes']);
    assert.deepEqual(await pathsOf('ada'), ['ada/open']);
  }));

test('a folder is no file, and a file too large for an answer is told', () =>
  withGithub(async ({ forge, github, repository }) => {
    commitTo(repository.folder, 'main', { 'a/b.txt': 'x' });
    assert.equal(await forge.readFile('acme/shop', 'a', 'main'), undefined);
    const body = JSON.stringify({ type: 'file', encoding: 'none', content: '', size: 2_000_000 });
    github.fault = { times: 1, status: 200, body };
    await assert.rejects(forge.readFile('acme/shop', 'big', 'main'), {
      code: 'malformed',
      message: /larger than a megabyte/,
    });
  }));

test('an organisation of more repositories than are read is refused, not listed in part', () =>
  withGithub(async ({ forge, github }) => {
    const page = Array.from({ length: 100 }, (_, at) => ({
      full_name: `acme/app-${at}`,
      clone_url: `https://github.com/acme/app-${at}.git`,
      default_branch: 'main',
    }));
    github.fault = { times: 1000, status: 200, headers: { link: '<x>; rel="next"' }, body: JSON.stringify(page) };
    await assert.rejects(forge.listRepositories('acme'), {
      code: 'invalid',
      message: 'cannot list the repositories of acme: there are more than 20000; list them in the file',
    });
    assert.equal(github.requests.length, 200);
  }));
