import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgeContract } from './forge.contract.ts';
import { type PeerStage, withForgePeer } from './forge-peer-stage.ts';
import type { Gap } from './hold-facts.ts';

const name = 'GitHub of emulate';

const gaps: readonly Gap[] = [
  {
    fact: "an owner's repositories come sorted by path",
    reason: 'it lists no repositories of an organisation',
    fails: { name: 'ForgeError', code: 'not-found' },
  },
  {
    fact: 'opening it twice gives the one that is open',
    reason: 'it opens a second pull request of the same branches, where GitHub answers 422',
    fails: { name: 'AssertionError', actual: '2', expected: '1' },
  },
  {
    fact: 'one whose branch has moved leads to the new commit',
    reason: 'its pull requests stay where their branch was when they were opened',
    fails: { name: 'AssertionError', message: /[0-9a-f]{40}/ },
  },
  {
    fact: 'labels nobody made, unknown people and teams are notes, and it is opened',
    reason: 'it assigns nobody to a pull request, only to an issue',
    fails: { name: 'AssertionError', message: /did not assign it to ada/ },
  },
  {
    fact: 'changes tell commits oldest first, and what became of each file',
    reason: 'it counts the commit that a pull request begins at among its own, and lists no files',
    fails: { name: 'AssertionError', message: /deep-equal/ },
  },
  {
    fact: 'a commit tells who approved of what brought it, and whose last word it was',
    reason: 'it does not tell which pull requests brought a commit',
    fails: { name: 'ForgeError', code: 'not-found' },
  },
  {
    fact: 'what is told of an approval is of the branches and the head that were merged',
    reason: 'it does not tell which pull requests brought a commit',
    fails: { name: 'ForgeError', code: 'not-found' },
  },
  {
    fact: 'a team tells who is of it, and one that is not there is refused',
    reason: 'nobody can be put into a team of its',
    fails: { name: 'ForgeError', code: 'not-found' },
  },
  {
    fact: 'of the statuses of a context the latest counts',
    reason: 'it has no statuses of commits',
    fails: { name: 'ForgeError', code: 'not-found' },
  },
  ...[
    'our own statuses are among the checks of a commit',
    'a check is pending, fails, and passes when it is tried again',
    'what a branch requires is told by the names that checks have',
  ].map((fact) => ({
    fact,
    reason: 'it has no statuses of commits',
    fails: { name: 'ForgeError', code: 'not-found' },
  })),
  {
    fact: 'one whose head has changed is not merged',
    reason: 'its pull requests stay where their branch was when they were opened',
    fails: { name: 'AssertionError', message: /Missing expected rejection/ },
  },
  {
    fact: 'the forge merges by itself once the check is green, and not after it was taken back',
    reason: 'it has no GraphQL',
    fails: { name: 'ForgeError', code: 'not-found' },
  },
  ...[
    'a pipeline is started with its inputs, and its run is told and listed; plain git starts none',
    'a pipeline of a ref that is not there is refused',
  ].map((fact) => ({ fact, reason: 'it knows no workflows', fails: { code: /./ } })),
];

forgeContract({ name, gaps, withForge: withForgePeer });

const shop = '/repos/acme/shop';
const pull = { title: 'update node', head: 'basekeeper/node', base: 'main', body: 'Newer.' };

/** What the contract does not ask a forge of, and our fake has. */
const lacks: readonly (readonly [string, (stage: PeerStage) => Promise<void>])[] = [
  [
    'an ETag, and so an answer that has not changed',
    async ({ ask }) => {
      const { headers } = await ask('GET', shop);
      assert.equal(headers.get('etag'), null);
    },
  ],
  [
    'the files of a pull request',
    async ({ ask, commit, forge }) => {
      await commit(pull.head, { Dockerfile: 'FROM node:24\n' });
      await ask('POST', `${shop}/pulls`, pull);
      const { files } = await forge.readChanges('acme/shop', '1');
      assert.deepEqual(files, []);
    },
  ],
  ['GraphQL', isNotFound('POST', '/graphql', { query: '{ viewer { login } }' })],
  ['variables', isNotFound('GET', `${shop}/actions/variables`)],
  ['git itself over HTTP', isNotFound('GET', '/acme/shop.git/info/refs?service=git-upload-pack')],
  [
    'workflows out of the files that are pushed to it',
    isNotFound('POST', `${shop}/actions/workflows/release.yml/dispatches`, { ref: 'main' }),
  ],
];

function isNotFound(method: string, path: string, body?: object): (stage: PeerStage) => Promise<void> {
  return async ({ ask }) => assert.equal((await ask(method, path, body)).status, 404);
}

for (const [what, isLacking] of lacks) test(`${name}: still lacks ${what}`, () => withForgePeer(isLacking));
