import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readWorldEnvironment } from '../../src/config/environment.ts';
import { openForge } from '../../src/wiring/forges.ts';
import { botToken, draft, withGitlab } from '../adapters/forge/gitlab/with-gitlab.ts';
import { commitTo, makeRepository } from '../fakes/bare-repository.ts';
import { git } from '../fakes/git-server.ts';
import { basekeeper } from './command.ts';

const root = mkdtempSync(join(tmpdir(), 'pulls-'));
after(() => rmSync(root, { recursive: true, force: true }));

const openedAt = Date.parse('2026-11-20T12:00:00Z');
const now = '2026-11-23T12:00:00Z';
const cache = { BASEKEEPER_CACHE: join(root, 'cache') };

/** A bare repository with these proposals, and the program asking it. */
async function repository(name: string, branches: readonly string[], body = 'Newer.\n\n| old | new |\n') {
  const folder = makeRepository(root, name);
  commitTo(folder, 'main', { Dockerfile: 'FROM node:22\n' });
  const { forge, repository } = await openForge(pathToFileURL(folder), () => openedAt, readWorldEnvironment(cache));
  for (const branch of branches) {
    commitTo(folder, branch, { [branch]: 'FROM node:24\n' }, git(folder, 'rev-parse', 'main'));
    const title = 'node 22 \u001b[2J→ 24';
    const more = { labels: [], assignees: [], reviewers: [], isDraft: false };
    await forge.openPullRequest(repository, { branch, baseBranch: 'main', title, body, ...more });
  }
  const pulls = (...args: readonly string[]) => basekeeper(['pulls', ...args, '--now', now], { env: cache });
  return { folder, pulls };
}

test('lists what is open and what was closed lately, aligned', async () => {
  const { folder, pulls } = await repository('list', ['basekeeper/node-minor-3f2a9c1d', 'basekeeper/go']);
  assert.equal((await pulls('close', 'go', folder)).stdout, 'closed go\n');
  const { code, stdout } = await pulls(folder);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `node-minor-3f2a9c1d  open    node 22 \\x1b[2J→ 24  basekeeper/node-minor-3f2a9c1d → main  3 days
go                   closed  node 22 \\x1b[2J→ 24  basekeeper/go → main                   3 days

1 open in ${folder}, 1 closed or merged in the last 30 days
`,
  );
  const again = await pulls('close', 'go', folder);
  assert.deepEqual([again.code, again.stdout], [0, 'go is closed already: nothing was changed\n']);
  const { pullRequests } = JSON.parse((await pulls(folder, '--json')).stdout);
  assert.deepEqual(
    pullRequests.map(({ id, closedAt }: { id: string; closedAt: unknown }) => [id, closedAt !== null]),
    [
      ['node-minor-3f2a9c1d', false],
      ['go', true],
    ],
  );
});

test('shows the text without what it hides and without what a terminal obeys', async () => {
  const { folder, pulls } = await repository(
    'show',
    ['basekeeper/node'],
    '<!-- basekeeper:key\n-->Newer \u001b]0;x\u0007.\r\n\n| old | new |\n<!-- open',
  );
  const { code, stdout } = await pulls('show', 'node', folder);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `node 22 \\x1b[2J→ 24
node: open
basekeeper/node → main
opened 2026-11-20T12:00:00Z by basekeeper, 3 days ago
${folder}#node

Newer \\x1b]0;x\\x07.

| old | new |
<!-- open
`,
  );
  assert.equal(JSON.parse((await pulls('show', 'node', folder, '--json')).stdout).id, 'node');
});

test('shows the comments that git alone keeps', async () => {
  const { folder, pulls } = await repository('comments', ['basekeeper/node']);
  const { forge, repository: name } = await openForge(
    pathToFileURL(folder),
    () => openedAt,
    readWorldEnvironment(cache),
  );
  await forge.writeComment(name, 'node', 'snoozed', 'This is left alone until 2026-12-20\u001b[2J.');
  const { stdout } = await pulls('show', 'node', folder);
  assert.match(stdout, /\n\nComment of 2026-11-20T12:00:00Z\nThis is left alone until 2026-12-20\\x1b\[2J\.\n$/);
  const { comments } = JSON.parse((await pulls('show', 'node', folder, '--json')).stdout);
  assert.equal(comments[0].writtenAt, '2026-11-20T12:00:00Z');
  assert.equal(JSON.parse((await pulls(folder, '--json')).stdout).pullRequests[0].comments, undefined);
});

test('finds the repository of a work tree by its origin, and tells what people merged', async () => {
  const { folder, pulls } = await repository('origin', ['basekeeper/node']);
  const work = join(root, 'work');
  git(root, 'clone', '-q', folder, work);
  git(work, 'merge', '-q', '--no-ff', '-m', 'merge', 'origin/basekeeper/node');
  git(work, 'push', '-q', 'origin', 'main');
  git(work, 'push', '-q', 'origin', ':basekeeper/node');
  assert.match((await pulls(work)).stdout, /^node {2}merged {2}/);
  git(work, 'remote', 'set-url', 'origin', '../origin.git');
  assert.match((await pulls(work)).stdout, /^node {2}merged {2}/);
});

test('an empty list says so', async () => {
  const { folder, pulls } = await repository('empty', []);
  const { code, stdout } = await pulls(folder);
  assert.deepEqual(
    [code, stdout],
    [0, `no pull request is open in ${folder}, and none was closed in the last 30 days\n`],
  );
});

test('a key, a folder or an address that leads nowhere is wrong usage', async () => {
  const { folder, pulls } = await repository('usage', []);
  for (const [args, said] of [
    [['show', 'nothing', folder], /there is no pull request "nothing"/],
    [['close', '../x', folder], /there is no pull request "\.\.\/x"/],
    [[join(root, 'missing')], /there is no folder/],
    [[root], /is in no git repository/],
    [['file:///etc'], /there is no folder file:/],
    [['https://me:s3cret@git.example/a/b'], /the address holds a credential/],
    [['ext::sh -c x'], /git helper/],
  ] as const) {
    const { code, stderr } = await pulls(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /s3cret/);
  }
});

test('a repository that does not answer ends with 3', async () => {
  const { code, stderr } = await basekeeper(['pulls', 'https://127.0.0.1:1/acme/shop.git'], { env: cache });
  assert.equal(code, 3);
  assert.match(stderr, /^basekeeper: cannot list the proposals of acme\/shop: /);
});

test('a credential in the address of an origin is neither used nor told', async () => {
  const work = join(root, 'credential');
  git(root, 'init', '-q', work);
  for (const credential of ['me:s3cret', 'me:at@s3cret']) {
    git(work, 'config', 'remote.origin.url', `https://${credential}@127.0.0.1:1/acme/shop.git`);
    const { code, stderr } = await basekeeper(['pulls', work], { env: cache });
    assert.equal(code, 3);
    assert.match(stderr, /cannot read https:\/\/127\.0\.0\.1:1\/acme\/shop\.git: /);
    assert.doesNotMatch(stderr, /s3cret/);
  }
});

test("GitLab's merge requests are listed, shown and closed by the same command", () =>
  withGitlab(async ({ gitlab, forge }) => {
    const { pullRequest } = await forge.openPullRequest('acme/shop', draft);
    const env = { CI_SERVER_URL: gitlab.origin, GITLAB_TOKEN: botToken };
    const address = `${gitlab.origin.replace('http:', 'https:')}/acme/shop.git`;
    const pulls = (...args: readonly string[]) => basekeeper(['pulls', ...args], { env });
    assert.match((await pulls(address)).stdout, /^1 {2}open {2}node 22 → 24 {2}basekeeper\/node → main {2}/);
    assert.match((await pulls('show', pullRequest.id, address)).stdout, /\nNewer\.\n$/);
    assert.equal((await pulls('close', pullRequest.id, address)).stdout, 'closed 1\n');
    assert.equal(gitlab.mergeRequest('acme/shop', 1).state, 'closed');
  }));
