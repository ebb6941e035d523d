import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMutate } from '../../../../src/adapters/forge/github/mutate.ts';
import { commitTo } from '../../../fakes/bare-repository.ts';
import { withGithub } from './with-github.ts';

const shop = 'acme/shop';

test('jobs of two workflows that have one name are two checks', () =>
  withGithub(async ({ github, repository, forge }) => {
    const revision = commitTo(repository.folder, 'main', { Dockerfile: 'FROM node:24\n' });
    github.runCheck(shop, revision, 'test', 'failure', { suite: 1 });
    github.runCheck(shop, revision, 'test', 'success', { suite: 2 });
    const checks = await forge.readChecks(shop, revision);
    assert.deepEqual(checks.map(({ name, state }) => [name, state]).sort(), [
      ['test', 'failure'],
      ['test', 'success'],
    ]);
  }));

for (const [conclusion, state] of [
  ['success', 'success'],
  ['neutral', 'neutral'],
  ['skipped', 'neutral'],
  ['failure', 'failure'],
  ['cancelled', 'failure'],
  ['timed_out', 'failure'],
  ['action_required', 'failure'],
  [null, 'pending'],
] as const)
  test(`a run that is ${conclusion ?? 'not done'} is ${state}`, () =>
    withGithub(async ({ github, repository, forge }) => {
      const revision = commitTo(repository.folder, 'main', { Dockerfile: 'FROM node:24\n' });
      github.runCheck(shop, revision, 'test', conclusion, { appId: 7 });
      const [check] = await forge.readChecks(shop, revision);
      assert.deepEqual([check?.state, check?.appId], [state, 7]);
    }));

test('required checks are those of branch protection and of rulesets, with the app that has to say so', () =>
  withGithub(async ({ repository, forge }) => {
    repository.requiredChecks.push({ context: 'a', appId: 7 }, { context: 'b', appId: null });
    repository.requiredByRule.push({ context: 'c', appId: 8 }, { context: 'd' });
    repository.mergeMethods.delete('merge');
    repository.allowsAutoMerge = true;
    assert.deepEqual(await forge.readMergeRules(shop, 'main'), {
      requiredChecks: [{ name: 'a', appId: 7 }, { name: 'b' }, { name: 'c', appId: 8 }, { name: 'd' }],
      coversAll: false,
      allowsAutoMerge: true,
      methods: ['squash', 'rebase'],
    });
  }));

for (const [type, code] of [
  ['FORBIDDEN', 'unauthorized'],
  ['INSUFFICIENT_SCOPES', 'unauthorized'],
  ['NOT_FOUND', 'not-found'],
  ['UNPROCESSABLE', 'conflict'],
] as const)
  test(`GraphQL that refuses with ${type} is ${code}, in its own words`, async () => {
    const data = { data: null, errors: [{ type, message: 'Because\nof it' }] };
    const mutate = createMutate(async () => ({ status: 200, headers: {}, data }), 'https://api.github.com');
    await assert.rejects(mutate('merge it', 'mutation', {}, undefined), {
      name: 'ForgeError',
      code,
      message: 'cannot merge it: GitHub refuses it (“Because of it”)',
    });
  });

for (const [apiUrl, expected] of [
  ['https://api.github.com', 'POST https://api.github.com/graphql'],
  ['https://github.corp.example/api/v3', 'POST https://github.corp.example/api/graphql'],
] as const)
  test(`GraphQL of ${apiUrl} lies beside it`, async () => {
    const asked: string[] = [];
    const mutate = createMutate(async (_doing, route) => {
      asked.push(route);
      return { status: 200, headers: {}, data: { data: {} } };
    }, apiUrl);
    await mutate('merge it', 'mutation', {}, undefined);
    assert.deepEqual(asked, [expected]);
  });

test('a merge that people asked GitHub for is theirs', () =>
  withGithub(async ({ github, repository, forge }) => {
    commitTo(repository.folder, 'basekeeper/a', { Dockerfile: 'FROM node:24\n' }, 'main');
    const draft = { branch: 'basekeeper/a', baseBranch: 'main', title: 'a', body: '' };
    const lists = { isDraft: false, labels: [], assignees: [], reviewers: [] };
    await forge.openPullRequest(shop, { ...draft, ...lists });
    github.addUser('ada');
    github.pull(shop, 1).autoMerge = { login: 'ada', method: 'merge' };
    assert.equal((await forge.listPullRequests(shop, {}))[0]?.isAutoMerging, false);
  }));
