import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGitlabForge } from '../../../../src/adapters/forge/gitlab/create-gitlab-forge.ts';
import { createRateLimits } from '../../../../src/adapters/forge/rate-limits.ts';
import { createHttpClient } from '../../../../src/adapters/http/http-client.ts';
import type { Forge, ForgeErrorCode } from '../../../../src/ports/forge.ts';
import { commitTo, headOf } from '../../../fakes/bare-repository.ts';
import { git } from '../../../fakes/git-server.ts';
import { botToken, draft, withGitlab } from './with-gitlab.ts';

const refuses = (asked: Promise<unknown>, code: ForgeErrorCode, says: RegExp) =>
  assert.rejects(asked, (error: Error & { readonly code?: string }) => {
    assert.equal(error.code, code);
    assert.match(error.message, says);
    return true;
  });

test('a draft is kept by the title, which reads without it and may change', () =>
  withGitlab(async ({ forge, gitlab }) => {
    const { pullRequest } = await forge.openPullRequest('acme/shop', { ...draft, isDraft: true });
    assert.deepEqual([pullRequest.title, pullRequest.isDraft], ['node 22 → 24', true]);
    assert.equal(gitlab.mergeRequest('acme/shop', 1).title, 'Draft: node 22 → 24');
    await forge.updatePullRequest('acme/shop', '1', { title: 'node 22 → 24.1' });
    assert.equal(gitlab.mergeRequest('acme/shop', 1).title, 'Draft: node 22 → 24.1');
    const [read] = await forge.listPullRequests('acme/shop', {});
    assert.deepEqual([read?.title, read?.isDraft], ['node 22 → 24.1', true]);
  }));

test('the projects of a group are those of its subgroups, too', () =>
  withGitlab(async ({ forge, gitlab }) => {
    const [bot] = gitlab.state.users;
    for (const path of ['acme/web/front/app', 'acme/api', 'other/thing'])
      gitlab.addProject(path).members.set(bot?.id ?? 0, 30);
    assert.deepEqual(
      (await forge.listRepositories('acme')).map(({ path }) => path),
      ['acme/api', 'acme/shop', 'acme/web/front/app'],
    );
    assert.deepEqual(
      (await forge.listRepositories('acme/web')).map(({ path }) => path),
      ['acme/web/front/app'],
    );
    assert.equal((await forge.readRepository('acme/web/front/app')).path, 'acme/web/front/app');
  }));

test('a name without a group may be a user', () =>
  withGitlab(async ({ forge, gitlab }) => {
    gitlab.addUser('ada');
    gitlab.addProject('ada/notes', { isPublic: true });
    assert.deepEqual(
      (await forge.listRepositories('ada')).map(({ path }) => path),
      ['ada/notes'],
    );
    await refuses(forge.listRepositories('nobody'), 'not-found', /there is none, or the token may not see it/);
  }));

test('what is longer than a page is read whole', () =>
  withGitlab(async ({ forge, project, gitlab }) => {
    project.labels.push(...Array.from({ length: 250 }, (_, index) => `l${index}`));
    assert.equal((await forge.listLabels('acme/shop')).length, 250);
    assert.equal(gitlab.requests.length, 3);
    assert.equal(forge.requests(), 3);
  }));

test('people are found by name; unknown ones, teams and unknown labels are notes', () =>
  withGitlab(async ({ forge, gitlab, project }) => {
    gitlab.addUser('ada');
    gitlab.addUser('gone').isBlocked = true;
    project.labels.push('docker');
    const { pullRequest, notes } = await forge.openPullRequest('acme/shop', {
      ...draft,
      labels: ['docker', 'security'],
      assignees: ['Ada', 'nobody'],
      reviewers: ['ada', 'team:devops', 'gone'],
    });
    assert.deepEqual(pullRequest.labels, ['docker']);
    assert.deepEqual(project.labels, ['docker']);
    assert.deepEqual(notes, [
      'there is no label security',
      'there is no user nobody',
      'team:devops was not asked to review: GitLab asks people, not groups',
      'there is no user gone',
    ]);
  }));

test('without a licence for more, whom GitLab left out is told', () =>
  withGitlab(async ({ forge, gitlab }) => {
    gitlab.state.isFree = true;
    for (const name of ['ada', 'bob']) gitlab.addUser(name);
    const { notes } = await forge.openPullRequest('acme/shop', {
      ...draft,
      assignees: ['ada', 'bob'],
      reviewers: ['bob', 'ada'],
    });
    assert.deepEqual(notes, ['GitLab did not assign it to bob', 'GitLab did not ask ada to review']);
  }));

test('an open merge request into another branch is given back, and told', () =>
  withGitlab(async ({ forge, project }) => {
    commitTo(project.folder, 'release', { Dockerfile: 'FROM node:20\n' }, 'main');
    await forge.openPullRequest('acme/shop', { ...draft, baseBranch: 'release' });
    const again = await forge.openPullRequest('acme/shop', draft);
    assert.equal(again.pullRequest.id, '1');
    assert.deepEqual(again.notes, ['it is open already, into release']);
  }));

test('merge requests out of forks are none of ours', () =>
  withGitlab(async ({ forge, gitlab }) => {
    await forge.openPullRequest('acme/shop', draft);
    Object.assign(gitlab.mergeRequest('acme/shop', 1), { sourceProjectId: 999 });
    assert.deepEqual(await forge.listPullRequests('acme/shop', {}), []);
  }));

test('a pending status may be set twice', () =>
  withGitlab(async ({ forge, project }) => {
    const head = headOf(project.folder, 'main') ?? '';
    const status = { context: 'basekeeper', description: 'waits', state: 'pending' } as const;
    await forge.setStatus('acme/shop', head, status);
    await forge.setStatus('acme/shop', head, status);
    await forge.setStatus('acme/shop', head, { ...status, state: 'error', description: 'no answer' });
    assert.deepEqual(
      project.statuses.map((one) => [one.name, one.status, one.description]),
      [['basekeeper', 'failed', 'no answer']],
    );
  }));

test('a note with our marker that somebody else wrote stays theirs', () =>
  withGitlab(async ({ forge, gitlab }) => {
    await forge.openPullRequest('acme/shop', draft);
    const mallory = gitlab.addUser('mallory');
    const { notes } = gitlab.mergeRequest('acme/shop', 1);
    notes.push({ id: 900, authorId: mallory.id, body: '<!-- basekeeper:gate -->', createdAt: 0, updatedAt: 0 });
    await forge.writeComment('acme/shop', '1', 'gate', 'passes');
    await forge.writeComment('acme/shop', '1', 'gate', 'fails');
    assert.deepEqual(
      notes.map(({ body }) => body.replace(/<!--.*-->\n?/, '')),
      ['', 'fails'],
    );
  }));

test('changes are told with what GitLab verified, commits oldest first', () =>
  withGitlab(async ({ forge, project }) => {
    const first = headOf(project.folder, 'basekeeper/node') ?? '';
    const second = commitTo(project.folder, 'basekeeper/node', { 'a b.txt': 'new\n', Dockerfile: undefined });
    project.verified.add(first);
    await forge.openPullRequest('acme/shop', draft);
    const { commits, files, isTruncated } = await forge.readChanges('acme/shop', '1');
    assert.deepEqual(
      commits.map(({ revision, isVerified }) => [revision, isVerified]),
      [
        [first, true],
        [second, false],
      ],
    );
    assert.deepEqual(
      files.map(({ path, kind }) => [path, kind]),
      [
        ['Dockerfile', 'removed'],
        ['a b.txt', 'added'],
      ],
    );
    assert.match(files[1]?.patch ?? '', /^@@ .*\n\+new\n$/);
    assert.equal(isTruncated, false);
  }));

test('of more commits than are read that is told, and the latest are', () =>
  withGitlab(async ({ forge, project }) => {
    let head = headOf(project.folder, 'basekeeper/node') ?? '';
    for (let count = 0; count < 100; count += 1)
      head = git(project.folder, 'commit-tree', `${head}^{tree}`, '-p', head, '-m', `commit ${count}`);
    git(project.folder, 'update-ref', 'refs/heads/basekeeper/node', head);
    await forge.openPullRequest('acme/shop', draft);
    const { commits, isTruncated } = await forge.readChanges('acme/shop', '1');
    assert.deepEqual([commits.length, commits.at(-1)?.revision, isTruncated], [100, head, true]);
  }));

test('a merge request that GitLab itself read no further is told as such', () =>
  withGitlab(async ({ forge, gitlab }) => {
    await forge.openPullRequest('acme/shop', draft);
    gitlab.fault = { times: 1, status: 200, body: JSON.stringify({ iid: 1, changes_count: '1000+' }) };
    assert.equal((await forge.readChanges('acme/shop', '1')).isTruncated, true);
  }));

const calls: readonly (readonly [string, (forge: Forge) => Promise<unknown>])[] = [
  ['open', (forge) => forge.openPullRequest('acme/shop', draft)],
  [
    'status',
    (forge) => forge.setStatus('acme/shop', '0'.repeat(40), { context: 'c', description: '', state: 'success' }),
  ],
  ['label', (forge) => forge.createLabel('acme/shop', 'docker')],
  ['read', (forge) => forge.readRepository('acme/shop')],
];

for (const [name, call] of calls)
  test(`what a job token cannot do is said, with what can: ${name}`, () =>
    withGitlab(async ({ forgeWith, gitlab }) => {
      const asked = call(forgeWith({ kind: 'job', text: 'glcbt-job' }));
      await refuses(asked, 'unauthorized', /a job token \(CI_JOB_TOKEN\) has hardly any of the API: set GITLAB_TOKEN/);
      assert.equal(gitlab.lastHeaders()['job-token'], 'glcbt-job');
      assert.equal(gitlab.lastHeaders()['private-token'], undefined);
    }));

test('the scope and the role that are missing are named, and no token is', () =>
  withGitlab(async ({ forge, forgeWith, gitlab, project }) => {
    const [bot] = gitlab.state.users;
    gitlab.state.tokens.set('glpat-reader', { userId: bot?.id ?? 0, scope: 'read_api' });
    const reader = forgeWith({ kind: 'private', text: 'glpat-reader' });
    await refuses(
      reader.openPullRequest('acme/shop', draft),
      'unauthorized',
      /it needs the scope api and at least the role Developer/,
    );
    project.members.set(bot?.id ?? 0, 10);
    await refuses(
      forge.createLabel('acme/shop', 'x'),
      'unauthorized',
      /the token may not \(“403 Forbidden”\).*role Developer/,
    );
    const wrong = forgeWith({ kind: 'private', text: 'glpat-wrong' });
    await assert.rejects(wrong.readRepository('acme/shop'), (error: Error) => {
      assert.match(
        error.message,
        /does not accept the token .*set GITLAB_TOKEN to a valid one with the scope api or read_api/,
      );
      assert.doesNotMatch(error.message, /glpat/);
      return true;
    });
  }));

test('without a token public projects are read, and what writes says which token it wants', () =>
  withGitlab(async ({ forgeWith, project }) => {
    project.isPublic = true;
    const anonymous = forgeWith(undefined);
    assert.equal((await anonymous.readRepository('acme/shop')).canPush, undefined);
    assert.equal(await anonymous.readFile('acme/shop', 'Dockerfile', 'main'), 'FROM node:22\n');
    await refuses(
      anonymous.openPullRequest('acme/shop', draft),
      'unauthorized',
      /GitLab wants a token .*; set GITLAB_TOKEN to a token with the scope api$/,
    );
  }));

for (const [name, headers, waitMs] of [
  ['Retry-After', { 'retry-after': '42' }, 42_000],
  ['RateLimit-Reset', { 'ratelimit-reset': String(Date.UTC(2026, 10, 25, 8, 2) / 1000) }, 120_000],
  ['neither', {}, 60_000],
] as const)
  test(`a limit is waited for as long as GitLab says: ${name}`, () =>
    withGitlab(async ({ forge, gitlab }) => {
      gitlab.fault = { times: 1, status: 429, headers, body: 'Retry later' };
      await assert.rejects(forge.readRepository('acme/shop'), {
        code: 'rate-limited',
        retryAt: gitlab.state.now + waitMs,
      });
    }));

for (const [name, fault, code] of [
  ['no JSON', { status: 200, body: '<html>' }, 'malformed'],
  ['another shape', { status: 200, body: '[]' }, 'malformed'],
  ['a broken server', { status: 502, body: '<html>' }, 'unavailable'],
  ['another host', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'invalid'],
] as const)
  test(`an answer that is none is refused: ${name}`, () =>
    withGitlab(async ({ forge, gitlab }) => {
      gitlab.fault = { times: 1, ...fault };
      await assert.rejects(forge.readRepository('acme/shop'), { code });
    }));

test('names made of dots lead nowhere else', () =>
  withGitlab(async ({ forge, gitlab }) => {
    for (const name of ['..', '.', ''])
      await assert.rejects(forge.readRepository(name), { name: 'ForgeError', code: 'malformed' });
    await refuses(forge.closePullRequest('acme/shop', '../1'), 'not-found', /"\.\.\/1" is no number/);
    assert.deepEqual(gitlab.requests, []);
  }));

test('a GitLab may lie under a path', () =>
  withGitlab(async ({ gitlab }) => {
    const http = createHttpClient();
    const clock = () => 0;
    const forge = createGitlabForge(
      http,
      { url: `${gitlab.origin}/code/`, isPrivateAllowed: true, token: { kind: 'private', text: botToken } },
      { clock, limits: createRateLimits('GitLab', { clock, pause: async () => undefined }) },
    );
    await assert.rejects(forge.readRepository('acme/shop'), { code: 'not-found' });
    assert.deepEqual(gitlab.requests, ['GET /code/projects/acme%2Fshop']);
    await http.close();
  }));

test('who pushed and no more is told as a bot', () =>
  withGitlab(async ({ forge }) => {
    const { pullRequest } = await forge.openPullRequest('acme/shop', draft);
    assert.deepEqual(pullRequest.author, { login: 'group_7_bot_c0ffee', isBot: true });
  }));
