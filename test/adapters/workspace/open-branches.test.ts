import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { type BranchesRequest, openBranches } from '../../../src/adapters/workspace/open-branches.ts';
import type { BranchChange } from '../../../src/ports/branches.ts';
import { RepositoryError, type RepositoryErrorCode } from '../../../src/ports/repositories.ts';
import { bareEnvironment, git, startGitServer } from '../../fakes/git-server.ts';

const server = await startGitServer();
const folder = mkdtempSync(join(tmpdir(), 'branches-'));
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  server.behaviour = { kind: 'serve' };
});
let count = 0;

/** A repository with an executable file, a link and others, and what changes its Dockerfile. */
function project(changes: Partial<BranchesRequest> = {}) {
  count += 1;
  const work = mkdtempSync(join(folder, 'work-'));
  const bare = join(server.root, `${count}.git`);
  git(server.root, 'init', '-q', '--bare', bare);
  for (const setting of ['uploadpack.allowFilter', 'http.receivepack']) git(bare, 'config', setting, 'true');
  git(work, 'init', '-q');
  for (const name of ['Dockerfile', 'other', 'run.sh']) writeFileSync(join(work, name), `FROM ${name}:1\n`);
  chmodSync(join(work, 'run.sh'), 0o755);
  symlinkSync('Dockerfile', join(work, 'Dockerfile.link'));
  const commit = () => {
    git(work, 'add', '-A');
    git(work, 'commit', '-q', '-m', 'x');
    git(work, 'push', '-q', bare, 'HEAD:main');
    return git(work, 'rev-parse', 'HEAD');
  };
  const base = commit();
  const request: BranchesRequest = {
    url: `${server.origin}/${count}.git`,
    cacheFolder: mkdtempSync(join(folder, 'cache-')),
    environment: bareEnvironment(),
    isPrivateAllowed: () => true,
    protocols: ['http'],
    ...changes,
  };
  const change = (more: Partial<BranchChange> = {}): BranchChange => ({
    branch: 'basekeeper/node',
    base,
    expected: undefined,
    files: [{ path: 'Dockerfile', text: 'FROM node:2\n' }],
    message: 'Update node',
    author: { name: 'Keeper', email: 'keeper@example.com' },
    ...more,
  });
  return { work, bare, base, commit, request, change, branches: openBranches(request) };
}

const head = (bare: string) => git(bare, 'rev-parse', 'refs/heads/basekeeper/node');
const failsAs = (code: RepositoryErrorCode) => (error: unknown) =>
  error instanceof RepositoryError && error.code === code;

test('a new branch has the change, and all else of its base', async () => {
  const { bare, base, branches, change } = project();
  const { revision } = await branches.write(change());
  assert.equal(head(bare), revision);
  assert.equal(git(bare, 'show', `${revision}:Dockerfile`), 'FROM node:2');
  assert.equal(git(bare, 'diff', '--name-only', base, revision), 'Dockerfile');
  assert.equal(git(bare, 'show', '-s', '--format=%P %an <%ae>', revision), `${base} Keeper <keeper@example.com>`);
});

test('the content of other files is not fetched to push', async () => {
  const { base, branches, change, work, commit } = project();
  await branches.open();
  writeFileSync(join(work, 'other'), 'moved on\n');
  commit();
  const before = server.questions.length;
  await branches.write(change({ base }));
  const asked = server.questions.slice(before);
  assert.ok(asked.includes('push'));
  assert.ok(asked.filter((question) => question === 'fetch').length <= 1, asked.join(' '));
});

test('the same change twice is the same commit', async () => {
  const { request, branches, change } = project();
  const first = await branches.write(change());
  const again = openBranches({ ...request, cacheFolder: mkdtempSync(join(folder, 'cache-')) });
  assert.deepEqual(await again.write(change({ expected: first.revision })), first);
  assert.deepEqual(await again.write(change()), first);
});

test('a branch is moved from where it was expected to be', async () => {
  const { bare, branches, change } = project();
  const { revision } = await branches.write(change());
  const next = change({ expected: revision, files: [{ path: 'Dockerfile', text: 'FROM node:3\n' }] });
  assert.equal((await branches.write(next)).revision, head(bare));
  assert.equal(git(bare, 'show', `${head(bare)}:Dockerfile`), 'FROM node:3');
});

test("a person's commit is never overwritten nor removed", async () => {
  const { work, bare, branches, change } = project();
  const { revision } = await branches.write(change());
  git(work, 'fetch', '-q', bare, 'basekeeper/node');
  git(work, 'checkout', '-q', 'FETCH_HEAD');
  git(work, 'commit', '-q', '--allow-empty', '-m', 'mine');
  git(work, 'push', '-q', bare, 'HEAD:basekeeper/node');
  const mine = head(bare);
  const files = [{ path: 'Dockerfile', text: 'FROM node:3\n' }];
  for (const expected of [revision, undefined])
    await assert.rejects(branches.write(change({ expected, files })), failsAs('moved'));
  await assert.rejects(branches.remove('basekeeper/node', revision), failsAs('moved'));
  assert.equal(head(bare), mine);
  const facts = (await branches.readCommits([mine])).get(mine);
  assert.deepEqual(facts, {
    revision: mine,
    parents: [revision],
    authorEmail: 't@example.com',
    committerEmail: 't@example.com',
    message: 'mine\n',
  });
});

test('of two writers at once one is told that the branch moved', async () => {
  const { bare, branches, change } = project();
  const ends = await Promise.allSettled(
    ['a', 'b'].map((tag) => branches.write(change({ files: [{ path: 'Dockerfile', text: `FROM node:${tag}\n` }] }))),
  );
  const [made] = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.revision] : []));
  const [refused] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  assert.equal(made, head(bare));
  assert.ok(failsAs('moved')(refused), String(refused));
});

test('mode, byte order mark and line ends stay', async () => {
  const { bare, branches, change } = project();
  const text = '\ufeffFROM a\r\nRUN b\n\r\n';
  const { revision } = await branches.write(change({ files: [{ path: 'run.sh', text }] }));
  assert.match(git(bare, 'ls-tree', revision, 'run.sh'), /^100755 /);
  assert.equal(git(bare, 'cat-file', '-s', `${revision}:run.sh`), String(Buffer.byteLength(text)));
  git(folder, 'clone', '-q', '-b', 'basekeeper/node', bare, 'clone');
});

test('a file of an odd name is written where it is there', async () => {
  const { bare, branches, change, commit, work } = project();
  const names = ['a .', 'a\\b', 'a\nb', 'b ', '-x', '"q"', ':(top)x', 'x\u202ey'];
  for (const name of names) writeFileSync(join(work, name), 'FROM node:1\n');
  const base = commit();
  const files = names.map((path) => ({ path, text: 'FROM node:2\n' }));
  const { revision } = await branches.write(change({ base, files }));
  const changed = git(bare, 'diff', '-z', '--name-only', base, revision).split('\0').filter(Boolean);
  assert.deepEqual(changed.toSorted(), names.toSorted());
});

for (const path of [
  '../x',
  './Dockerfile',
  'a/.GIT/config',
  '.git./config',
  '.git/config',
  '/etc/passwd',
  'Dockerfile.',
  'a\\b',
  '',
  'missing',
  'Dockerfile.link',
  ':/',
])
  test(`does not write to ${JSON.stringify(path)}`, async () => {
    const { branches, change } = project();
    await assert.rejects(branches.write(change({ files: [{ path, text: 'x' }] })), failsAs('refused'));
    assert.deepEqual(await branches.list('basekeeper/'), new Map());
  });

for (const branch of ['-x', 'a:b', 'a b', '../x', 'a*'])
  test(`takes no branch ${JSON.stringify(branch)}`, async () => {
    const { branches, change } = project();
    await assert.rejects(branches.write(change({ branch })), failsAs('unknown-branch'));
  });

test('lists by prefix, and removes what is there', async () => {
  const { branches, change } = project();
  const { revision } = await branches.write(change());
  assert.deepEqual(await branches.list('basekeeper/'), new Map([['basekeeper/node', revision]]));
  await branches.remove('basekeeper/node', revision);
  await branches.remove('basekeeper/node', revision);
  assert.deepEqual(await branches.list('basekeeper/'), new Map());
});

test('a hook that refuses is told, and nothing moves', async () => {
  const { bare, branches, change } = project();
  writeFileSync(join(bare, 'hooks', 'pre-receive'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  await assert.rejects(branches.write(change()), failsAs('refused'));
  assert.deepEqual(await branches.list('basekeeper/'), new Map());
});

test('a token goes to the server, and into no message', async () => {
  const { request, change } = project();
  const authorization = `Basic ${Buffer.from('x-access-token:s3cret').toString('base64')}`;
  server.behaviour = { kind: 'guarded', authorization };
  await openBranches({ ...request, token: 's3cret' }).write(change());
  const wrong = openBranches({ ...request, token: 'wr0ng', cacheFolder: mkdtempSync(join(folder, 'cache-')) });
  const secret = Buffer.from('x-access-token:wr0ng').toString('base64');
  await assert.rejects(wrong.list('basekeeper/'), (error) => {
    assert.ok(failsAs('unauthorized')(error), String(error));
    return !String(error).includes('wr0ng') && !String(error).includes(secret);
  });
});
