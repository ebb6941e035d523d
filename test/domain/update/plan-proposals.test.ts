import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTrailers } from '../../../src/domain/update/commit-trailers.ts';
import { planProposals } from '../../../src/domain/update/plan-proposals.ts';
import { keyOfBranch } from '../../../src/domain/update/proposal.ts';
import { author, type Change, digest, planOf, proposalOf, proposalsOf } from './proposed.ts';

const patch: Change = { lane: 'patch', from: 'node:22.1', to: 'node:22.2' };

test('a proposal has a branch that ends in its key', () => {
  const { branch, key } = proposalOf(patch);
  assert.match(branch, /^basekeeper\/node-patch-[0-9a-f]{16}$/);
  assert.equal(keyOfBranch(branch), key);
});

for (const [what, change, isSame] of [
  ['a later target', { ...patch, to: 'node:22.3' }, true],
  ['another digest', { ...patch, from: `node:22.1@${digest('a')}`, to: `node:22.2@${digest('b')}` }, true],
  ['another lane', { ...patch, lane: 'minor' }, false],
  ['another image', { ...patch, from: 'acme/node:22.1', to: 'acme/node:22.2' }, false],
  ['another file', { ...patch, files: { 'api/Dockerfile': 'FROM node:22.1\n' } }, false],
] as const)
  test(`${what} ${isSame ? 'keeps' : 'changes'} the key`, () =>
    assert.equal(proposalOf(change).key === proposalOf(patch).key, isSame));

for (const [what, change] of [
  ['a later target', { ...patch, to: 'node:22.3' }],
  ['a base that changed beside it', { ...patch, files: { Dockerfile: 'FROM node:22.1\nUSER app\n' } }],
] as const)
  test(`${what} is another fingerprint`, () =>
    assert.notEqual(proposalOf(change).fingerprint, proposalOf(patch).fingerprint));

test('the same target is the same text, whatever stands beside it', () => {
  const beside = { ...patch, files: { Dockerfile: 'FROM node:22.1\nUSER app\n' } };
  assert.equal(proposalOf(beside).target, proposalOf(patch).target);
  assert.equal(proposalOf(patch).target, 'patch docker.io/library/node:22.2');
});

for (const [change, title] of [
  [patch, 'update node 22.1 → 22.2'],
  [
    { lane: 'digest', from: `node:22@${digest('a')}`, to: `node:22@${digest('b')}` },
    'update node 22@aaaaaaaaaaaa → 22@bbbbbbbbbbbb',
  ],
  [{ lane: 'digest', from: 'node:22', to: `node:22@${digest('b')}` }, 'update node 22 → 22@bbbbbbbbbbbb'],
  [{ lane: 'successor', from: 'openjdk:17', to: 'eclipse-temurin:17' }, 'update openjdk 17 → eclipse-temurin 17'],
] as const)
  test(`its title says ${title}`, () => assert.equal(proposalOf(change).title, `build(deps): ${title}`));

test('a title ends after a hundred characters', () => {
  const { title } = proposalOf({ ...patch, to: `node:${'9'.repeat(120)}` });
  assert.equal(title.length, 100);
  assert.match(title, /9…$/);
});

test('the commit says what it changes, whose it is, and nothing of the run', () => {
  const plans = [planOf(patch)];
  const settings = { group: 'image', commitPrefix: 'chore', signOff: true } as const;
  const [proposal] = planProposals({ repository: 'acme/shop', plans, settings, author });
  assert.equal(
    proposal?.commitMessage,
    `chore: update node 22.1 → 22.2

Dockerfile:1: node:22.1 → node:22.2

Basekeeper-Key: ${proposal?.key}
Basekeeper-Fingerprint: ${proposal?.fingerprint}
Signed-off-by: Keeper <keeper@example.com>
`,
  );
});

test('a commit is known again by its trailers', () => {
  const { key, fingerprint, commitMessage } = proposalOf(patch);
  assert.deepEqual(readTrailers(commitMessage), { key, fingerprint });
});

for (const [what, message] of [
  ['no trailers', 'fix'],
  [
    'trailers in the middle',
    'fix\n\nBasekeeper-Key: 0123456789abcdef\nBasekeeper-Fingerprint: 0123456789abcdef\n\nend',
  ],
  ['half of them', 'fix\n\nBasekeeper-Key: 0123456789abcdef'],
  ['a key twice', `fix\n\n${'Basekeeper-Key: 0123456789abcdef\n'.repeat(2)}Basekeeper-Fingerprint: 0123456789abcdef`],
  ['no hash', 'fix\n\nBasekeeper-Key: zz\nBasekeeper-Fingerprint: 0123456789abcdef'],
] as const)
  test(`a commit with ${what} is none of ours`, () => assert.equal(readTrailers(message), undefined));

test('the name of a hostile file writes no trailers', () => {
  const path = 'a\n\nBasekeeper-Key: 0123456789abcdef\u2028\u202e/Dockerfile';
  const { key, fingerprint, commitMessage } = proposalOf({ ...patch, files: { [path]: 'FROM node:22.1' } });
  assert.deepEqual(readTrailers(commitMessage), { key, fingerprint });
  assert.doesNotMatch(commitMessage, /[\u2028\u202e]/);
  assert.equal(commitMessage.trimEnd().split('\n').length, 6);
});

test('a repository is one pull request, but for majors, successors and the policy', () => {
  const proposals = proposalsOf(
    [
      patch,
      { lane: 'digest', from: `nginx:1@${digest('a')}`, to: `nginx:1@${digest('b')}`, files: web('nginx:1', 'a') },
      { lane: 'major', from: 'node:22.1', to: 'node:24.0' },
      { lane: 'policy', from: 'alpine', to: 'alpine:3.22', files: { 'tool/Dockerfile': 'FROM alpine\n' } },
    ],
    'repository',
  );
  assert.deepEqual(
    proposals.map(({ lane, title }) => [lane, title]),
    [
      ['group', 'build(deps): update 2 base images'],
      ['major', 'build(deps): update node 22.1 → 24.0'],
      ['policy', 'build(deps): update alpine → 3.22'],
    ],
  );
  assert.deepEqual(
    proposals[0]?.files.map(({ path, after }) => [path, after]),
    [
      ['Dockerfile', 'FROM node:22.2\n'],
      ['web/Dockerfile', `FROM nginx:1@${digest('b')}\n`],
    ],
  );
});

test('the key of a group stays when an image joins it', () => {
  const one = proposalsOf([patch], 'repository');
  const two = proposalsOf([patch, { from: 'nginx:1.28', to: 'nginx:1.29', files: web('nginx:1.28') }], 'repository');
  assert.equal(one[0]?.key, two[0]?.key);
});

test('of two lanes that change the same words the farther one joins the group', () => {
  const proposals = proposalsOf([patch, { lane: 'minor', from: 'node:22.1', to: 'node:22.9' }], 'repository');
  assert.deepEqual(
    proposals.map(({ lane, files }) => [lane, files[0]?.after]),
    [
      ['group', 'FROM node:22.9\n'],
      ['patch', 'FROM node:22.2\n'],
    ],
  );
});

test('a plan without a change makes no pull request', () => {
  const plans = [{ ...planOf(patch), files: [] }];
  const settings = { group: 'repository', commitPrefix: '', signOff: false } as const;
  assert.deepEqual(planProposals({ repository: 'acme/shop', plans, settings, author }), []);
});

function web(reference: string, pinned?: string): Readonly<Record<string, string>> {
  return { 'web/Dockerfile': `FROM ${reference}${pinned === undefined ? '' : `@${digest(pinned)}`}\n` };
}
