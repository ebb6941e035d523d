import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Account, type BotCommit, recogniseBot } from '../../../src/domain/bots/recognise-bot.ts';

const dependabot: Account = { login: 'dependabot[bot]', isBot: true, appId: 29110 };
const renovate: Account = { login: 'renovate[bot]', isBot: true, appId: 2740 };
const github: Account = { login: 'web-flow', isBot: false };
const mallory: Account = { login: 'mallory', isBot: false };
const commit = (
  author: Account | undefined,
  committer: Account | undefined = github,
  isVerified = true,
): BotCommit => ({
  revision: 'c0ffee'.repeat(6),
  author,
  committer,
  isVerified,
});

for (const [author, commits, name] of [
  [dependabot, [commit(dependabot), commit(dependabot)], 'Dependabot'],
  [renovate, [commit(renovate, renovate)], 'Renovate'],
] as const)
  test(`${name} is known by its app and by every commit`, () =>
    assert.deepEqual(recogniseBot(author, commits), { kind: 'bot', name }));

for (const [what, author, commits, reason] of [
  [
    'a person with the name of a bot',
    { ...dependabot, appId: undefined },
    [commit(dependabot)],
    /no app of Dependabot/,
  ],
  ['a person with its number', { ...dependabot, isBot: false }, [commit(dependabot)], /no app of Dependabot/],
  ['another app of that name', { ...dependabot, appId: 7 }, [commit(dependabot)], /no app of Dependabot/],
  ["a person's commit on top", dependabot, [commit(dependabot), commit(mallory)], /c0ffeec0ffee is not Dependabot's/],
  ["the other bot's commit", dependabot, [commit(renovate)], /not Dependabot's/],
  ['a commit of nobody the forge knows', dependabot, [commit(undefined)], /not Dependabot's/],
  ['a commit that a person put there', dependabot, [commit(dependabot, mallory)], /put there by mallory/],
  [
    'a committer with the name of GitHub that is a bot',
    dependabot,
    [commit(dependabot, { ...github, isBot: true })],
    /put there by web-flow/,
  ],
  [
    'an unsigned commit, which anybody can write in its name',
    dependabot,
    [commit(dependabot, github, false)],
    /no signature/,
  ],
  ['no commits', dependabot, [], /no commits/],
] as const)
  test(`no bot's work: ${what}`, () => {
    const { appId, ...account } = author;
    const found = recogniseBot(appId === undefined ? account : { ...account, appId }, commits);
    assert.equal(found.kind, 'unknown');
    assert.match(found.kind === 'unknown' ? found.reason : '', reason);
  });
