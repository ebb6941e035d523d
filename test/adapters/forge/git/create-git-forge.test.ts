import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PullRequestDraft } from '../../../../src/ports/forge.ts';
import { git } from '../../../fakes/git-server.ts';
import { type GitStage, withGitForge } from './with-git-forge.ts';

const repository = 'acme/shop';
const branch = 'basekeeper/node-minor-3f2a9c1d';
const key = 'node-minor-3f2a9c1d';
const ref = `refs/basekeeper/pulls/${key}`;
const draft: PullRequestDraft = {
  branch,
  baseBranch: 'main',
  title: 'node 22 → 24',
  body: 'Newer.',
  isDraft: false,
  labels: [],
  assignees: ['ada'],
  reviewers: ['team:devops'],
};

/** A commit on the branch and a proposal of it. */
async function opened(stage: GitStage) {
  const head = stage.commit(branch, { Dockerfile: 'FROM node:24\n' });
  await stage.forge.openPullRequest(repository, draft);
  return head;
}

const listed = async ({ forge }: GitStage) =>
  (await forge.listPullRequests(repository, { closedSince: 0 })).map(({ id, state }) => [id, state]);

test('a proposal is one JSON file under its key, with all that was asked for', () =>
  withGitForge(async (stage) => {
    const head = await opened(stage);
    await stage.forge.writeComment(repository, key, 'gate', 'holds');
    assert.deepEqual(stage.stored(ref), {
      version: 1,
      ...draft,
      head,
      state: 'open',
      createdAt: '2026-11-25T00:00:00.000Z',
      labels: [],
      comments: [{ marker: 'gate', body: 'holds', writtenAt: '2026-11-25T00:00:00.000Z' }],
    });
    assert.equal(git(stage.folder, 'ls-tree', '--name-only', ref), 'proposal.json');
  }));

test('a squashed one is merged, however the base moves on', () =>
  withGitForge(async (stage) => {
    await opened(stage);
    stage.commit('main', { other: 'meanwhile\n' });
    assert.deepEqual(await listed(stage), [[key, 'open']]);
    stage.commit('main', { Dockerfile: 'FROM node:24\n' });
    assert.deepEqual(await listed(stage), [[key, 'merged']]);
    stage.commit('basekeeper/go', { other: 'newer\n' });
    await stage.forge.openPullRequest(repository, { ...draft, branch: 'basekeeper/go' });
    stage.commit('main', { Dockerfile: 'FROM node:26\n' });
    assert.deepEqual(await listed(stage), [
      [key, 'merged'],
      ['go', 'open'],
    ]);
  }));

test('one that was merged stays so without its branch; one that was not is closed with it', () =>
  withGitForge(async (stage) => {
    await opened(stage);
    stage.commit('basekeeper/go', { other: 'newer\n' });
    await stage.forge.openPullRequest(repository, { ...draft, branch: 'basekeeper/go' });
    stage.merge(branch);
    for (const gone of [branch, 'basekeeper/go']) git(stage.folder, 'update-ref', '-d', `refs/heads/${gone}`);
    assert.deepEqual(await listed(stage), [
      [key, 'merged'],
      ['go', 'closed'],
    ]);
  }));

test('one that was squashed is merged even though its branch is gone', () =>
  withGitForge(async (stage) => {
    await opened(stage);
    stage.squash(branch);
    git(stage.folder, 'update-ref', '-d', `refs/heads/${branch}`);
    assert.deepEqual(await listed(stage), [[key, 'merged']]);
  }));

test('far back in the history of its base, too, what became of it is told', () =>
  withGitForge(async (stage) => {
    await opened(stage);
    stage.commit('basekeeper/go', { other: 'newer\n' });
    await stage.forge.openPullRequest(repository, { ...draft, branch: 'basekeeper/go' });
    stage.merge(branch);
    for (let number = 0; number < 40; number++) stage.commit('main', { Dockerfile: `FROM node:${number}\n` });
    assert.deepEqual(await listed(stage), [
      [key, 'merged'],
      ['go', 'open'],
    ]);
  }));

test('a branch that is not there has no proposal', () =>
  withGitForge(async ({ forge }) => {
    await assert.rejects(forge.openPullRequest(repository, draft), { code: 'invalid', message: /no branch/ });
  }));

for (const [what, text] of [
  ['no JSON', 'x'],
  ['of another version', '{"version":2}'],
  ['without its fields', '{"version":1,"title":"t"}'],
  ['too long', ' '.repeat(2_000_000)],
] as const)
  test(`a reference with a file that is ${what} hides no other, and is not written over`, () =>
    withGitForge(async (stage) => {
      stage.store(ref, 'proposal.json', text);
      const before = git(stage.folder, 'rev-parse', ref);
      const head = stage.commit(branch, { Dockerfile: 'FROM node:24\n' });
      await assert.rejects(stage.forge.closePullRequest(repository, key), { code: 'malformed' });
      const { pullRequest } = await stage.forge.openPullRequest(repository, draft);
      assert.deepEqual([pullRequest.id, pullRequest.headRevision], [`${key}-2`, head]);
      assert.deepEqual(await listed(stage), [[`${key}-2`, 'open']]);
      assert.equal(git(stage.folder, 'rev-parse', ref), before);
    }));

test('of writers at once none is lost', () =>
  withGitForge(async (stage) => {
    await opened(stage);
    await Promise.all(
      ['gate', 'snooze'].map((marker) => stage.forge.writeComment(repository, key, marker, `about ${marker}`)),
    );
    const { comments } = stage.stored(ref) as { readonly comments: readonly { readonly marker: string }[] };
    assert.deepEqual(comments.map(({ marker }) => marker).sort(), ['gate', 'snooze']);
  }));

test('a text longer than is read again is not written', () =>
  withGitForge(async (stage) => {
    await opened(stage);
    const before = stage.stored(ref);
    const body = 'x'.repeat(300_000);
    await assert.rejects(stage.forge.updatePullRequest(repository, key, { body }), {
      code: 'invalid',
      message: /shorten/,
    });
    assert.deepEqual(stage.stored(ref), before);
  }));

test('a server of the older protocol takes and shows proposals too', () =>
  withGitForge(async (stage) => {
    stage.server.behaviour = { kind: 'serve-version-0' };
    await opened(stage);
    assert.deepEqual(await listed(stage), [[key, 'open']]);
    await stage.forge.closePullRequest(repository, key);
    assert.deepEqual(await listed(stage), [[key, 'closed']]);
  }));

test('without proposals one request lists them', () =>
  withGitForge(async ({ forge }) => {
    assert.deepEqual(await forge.listPullRequests(repository, {}), []);
    assert.equal(forge.requests(), 1);
  }));

test('a credential that is refused is told as such', () =>
  withGitForge(async ({ forge, server }) => {
    server.behaviour = { kind: 'guarded', authorization: 'Basic none' };
    await assert.rejects(forge.listPullRequests(repository, {}), { name: 'ForgeError', code: 'unauthorized' });
  }));
