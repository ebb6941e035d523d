import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdToSchema, routeOf } from '../fakes/github/schemas.ts';
import { withGithubPeer } from './github-peer.ts';

const shop = '/repos/acme/shop';
const pull = { title: 'update node', head: 'basekeeper/node', base: 'main', body: 'Newer.' };
const ownerLacks = /head\/repo\/owner must have required property 'followers_url'/;

/** Answers that GitHub's description does not allow, by what it says of them; all others it allows. */
const strange: Readonly<Record<string, RegExp>> = {
  'GET /repos/{owner}/{repo} 200': /required property 'network_count'/,
  'GET /repos/{owner}/{repo}/pulls 200': ownerLacks,
  'GET /repos/{owner}/{repo}/pulls/{pull_number} 200': ownerLacks,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits 200': /commit\/tree must have required property 'url'/,
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number} 200': ownerLacks,
  'POST /repos/{owner}/{repo}/pulls 201': ownerLacks,
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers 200': /nothing says what GitHub answers/,
};

test("the answers of emulate's GitHub are GitHub's, but for the ones named here", () =>
  withGithubPeer(async ({ ask, commit }) => {
    const revision = await commit(pull.head, { Dockerfile: 'FROM node:24\n' });
    const found: [string, string][] = [];
    for (const [method, path, body] of [
      ['GET', '/user'],
      ['GET', '/rate_limit'],
      ['GET', '/user/repos'],
      ['GET', shop],
      ['GET', '/repos/acme/nothing'],
      ['POST', `${shop}/labels`, { name: 'docker' }],
      ['POST', `${shop}/labels`, { name: 'docker' }],
      ['GET', `${shop}/labels`],
      ['POST', `${shop}/pulls`, pull],
      ['POST', `${shop}/pulls`, {}],
      ['GET', `${shop}/pulls`],
      ['GET', `${shop}/pulls/1`],
      ['GET', `${shop}/pulls/4711`],
      ['PATCH', `${shop}/pulls/1`, { title: 'update it' }],
      ['GET', `${shop}/pulls/1/commits`],
      ['POST', `${shop}/pulls/1/requested_reviewers`, { reviewers: ['ada'] }],
      ['POST', `${shop}/issues`, { title: 'What is due', body: 'Late.' }],
      ['GET', `${shop}/issues`],
      ['GET', `${shop}/issues/2`],
      ['PATCH', `${shop}/issues/2`, { body: 'Later.' }],
      ['POST', `${shop}/issues/1/labels`, { labels: ['docker'] }],
      ['POST', `${shop}/issues/1/comments`, { body: 'Holds.' }],
      ['GET', `${shop}/issues/1/comments`],
      ['GET', `${shop}/contents/Dockerfile`],
      ['PUT', `${shop}/contents/new`, { message: 'new', content: 'bmV3', branch: 'main' }],
      ['GET', `${shop}/git/ref/heads/main`],
      ['GET', `${shop}/git/commits/${revision}`],
      ['POST', `${shop}/git/trees`, { tree: [{ path: 'a', mode: '100644', type: 'blob', content: 'a' }] }],
      ['POST', `${shop}/git/refs`, { ref: 'refs/heads/other', sha: revision }],
      ['POST', `${shop}/git/refs`, { ref: 'refs/heads/other', sha: revision }],
    ] as const) {
      const { status, body: given } = await ask(method, path, body);
      const route = routeOf(method, path) ?? '';
      try {
        holdToSchema(route, status, given);
      } catch (error) {
        found.push([`${route} ${status}`, String(error)]);
      }
    }
    assert.deepEqual(found.map(([answer]) => answer).sort(), Object.keys(strange).sort());
    for (const [answer, says] of found) assert.match(says, strange[answer] ?? /^$/);
  }));
