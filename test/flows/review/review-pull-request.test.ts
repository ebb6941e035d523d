import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../../src/catalog/load.ts';
import { buildDefaultPolicy } from '../../../src/config/build-policy.ts';
import { allRules } from '../../../src/domain/policy/rules/all-rules.ts';
import { publishReview, reviewPullRequest } from '../../../src/flows/review/review-pull-request.ts';
import { renderReview, renderReviewComment } from '../../../src/render/review.ts';
import { botCommit, forgeOf, type Proposed } from './proposed.ts';

const request = {
  repository: 'acme/shop',
  id: '7',
  now: '2026-11-23T00:00:00.000Z',
  today: '2026-11-23',
  policy: buildDefaultPolicy(allRules),
  rules: allRules,
  catalog: loadCatalog(),
};

/** What a review finds and leaves. */
async function review(proposed: Proposed) {
  const { forge, left } = forgeOf(proposed);
  const found = await reviewPullRequest(forge, request);
  const result = await publishReview(forge, found, renderReviewComment(found));
  return { result, left, text: renderReview(result, { color: false, width: 100 }) };
}

const dockerfile = (tag: string) => `FROM alpine:${tag}\nUSER 1\n`;

test('a bot that changes tags to what is on policy passes, and the life cycle is told', async () => {
  const { result, left, text } = await review({
    base: { Dockerfile: dockerfile('3.23'), 'compose.yaml': 'services: { a: { image: "postgres:17" } }\n' },
    head: { Dockerfile: dockerfile('3.24'), 'compose.yaml': 'services: { a: { image: "postgres:18" } }\n' },
  });
  assert.deepEqual([result.bot, result.objections, result.isWritten], ['Dependabot', [], true]);
  assert.deepEqual(
    result.images.map(({ path, line, before, after, category, verdict }) => [
      path,
      line,
      before,
      after,
      category,
      verdict,
    ]),
    [
      ['Dockerfile', 1, 'alpine:3.23', 'alpine:3.24', 'preferred', 'pass'],
      ['compose.yaml', 1, 'postgres:17', 'postgres:18', 'restricted', null],
    ],
  );
  assert.deepEqual(left.statuses, [
    {
      revision: 'b'.repeat(40),
      context: 'basekeeper/review',
      state: 'success',
      description: 'Dependabot changes 2 images, all on policy',
    },
  ]);
  assert.match(
    left.comments.get('review') ?? '',
    /\| `Dockerfile:1` \| `alpine:3\.23` → `alpine:3\.24` \| preferred \| Alpine.*supported, until/,
  );
  assert.match(
    text,
    /^Dependabot changes 2 images and nothing else, all on policy\.\n\nalpine:3\.23 → alpine:3\.24 {2}Dockerfile:1 {2}preferred\n {2}Alpine/,
  );
});

for (const [what, proposed, objection] of [
  [
    'a line that is past its end',
    { base: { Dockerfile: dockerfile('3.18') }, head: { Dockerfile: dockerfile('3.19') } },
    /^alpine:3\.19: .*end of life/,
  ],
  [
    'a command',
    { base: { Dockerfile: dockerfile('3.23') }, head: { Dockerfile: `${dockerfile('3.24')}RUN x\n` } },
    /^Dockerfile: more than the names/,
  ],
  [
    'a file that names no images',
    { base: { Dockerfile: dockerfile('3.23'), 'a.sh': '' }, head: { Dockerfile: dockerfile('3.24'), 'a.sh': 'x' } },
    /^a\.sh: it is no file/,
  ],
  ['a new file', { base: {}, head: { Dockerfile: dockerfile('3.24') } }, /^Dockerfile: the file is added/],
  [
    'a change that is not read whole',
    { base: { Dockerfile: dockerfile('3.23') }, head: { Dockerfile: dockerfile('3.24') }, isTruncated: true },
    /too large/,
  ],
  ['nothing', { base: {}, head: {} }, /changes no image/],
] as const)
  test(`a bot is stopped that changes ${what}`, async () => {
    const { result, left } = await review(proposed);
    assert.match(result.objections[0] ?? '', objection);
    assert.equal(left.statuses[0]?.state, 'failure');
    assert.ok([...(left.statuses[0]?.description ?? '')].length <= 140);
  });

test("other people's pull requests are left alone, whatever their branch is called", async () => {
  const files = { base: { Dockerfile: dockerfile('3.23') }, head: { Dockerfile: dockerfile('3.24') } };
  const person = { login: 'mallory', isBot: false };
  for (const proposed of [
    { ...files, branch: 'dependabot/docker/alpine-3.24', author: person },
    { ...files, commits: [botCommit, { ...botCommit, author: person }] },
  ]) {
    const { result, left, text } = await review(proposed);
    assert.deepEqual([result.bot, result.images, result.isWritten], [null, [], false]);
    assert.match(text, /^Not judged: /);
    assert.deepEqual([left.comments.size, left.statuses.length], [0, 0]);
  }
});

test('what a repository wrote is no markup in the comment', async () => {
  const path = 'a`<b>@team|/Dockerfile';
  const { left } = await review({
    base: { [path]: dockerfile('3.23') },
    head: { [path]: `${dockerfile('3.24')}# <img>\n` },
  });
  const comment = left.comments.get('review') ?? '';
  assert.doesNotMatch(comment, /<b>|@team|<img>/);
});

test('a pull request that changes while it is read is not judged', async () => {
  const { forge } = forgeOf({ base: {}, head: {}, commits: [{ ...botCommit, revision: 'c'.repeat(40) }] });
  await assert.rejects(reviewPullRequest(forge, request), { name: 'ForgeError', code: 'conflict' });
});

test('a pull request that is not there is not found', async () => {
  const { forge } = forgeOf({ base: {}, head: {} });
  await assert.rejects(reviewPullRequest(forge, { ...request, id: '8' }), { name: 'ForgeError', code: 'not-found' });
});
