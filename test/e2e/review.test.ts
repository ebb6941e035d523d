import assert from 'node:assert/strict';
import { test } from 'node:test';
import { botToken, draft, withGitlab } from '../adapters/forge/gitlab/with-gitlab.ts';
import { basekeeper, today } from './command.ts';

test('on GitLab, which tells of no app, nothing is taken for a bot, and nothing is left on a merge request', () =>
  withGitlab(async ({ gitlab, forge }) => {
    const { pullRequest } = await forge.openPullRequest('acme/shop', draft);
    const env = { GITLAB_HOST: gitlab.origin, GITLAB_TOKEN: botToken };
    const address = `${gitlab.origin}/acme/shop/-/merge_requests/${pullRequest.id}`;
    const { code, stdout, stderr } = await basekeeper(['review', address, '--write', '--now', today], { env });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^Not judged: it was opened by group_7_bot_c0ffee, which is no app of Dependabot or Renovate\.\n$/,
    );
    assert.deepEqual(gitlab.mergeRequest('acme/shop', 1).notes, []);
    const missing = await basekeeper(['review', `${gitlab.origin}/acme/shop/-/merge_requests/99`, '--json'], { env });
    assert.equal(missing.code, 3);
    assert.match(missing.stderr, /no open pull request of that number/);
  }));

test('what is no pull request, and what is no forge, is wrong usage', async () => {
  for (const [address, message] of [
    ['acme/shop#1', /is no pull request: write https/],
    ['https://git.example/acme/shop/pull/1', /git\.example is no forge/],
  ] as const) {
    const { code, stderr } = await basekeeper(['review', address]);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});
