import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { openReleases, openReleasesOfFolder } from '../../../src/adapters/workspace/open-releases.ts';
import type { Releases, TraceRequest } from '../../../src/ports/releases.ts';
import { RepositoryError } from '../../../src/ports/repositories.ts';
import { commitTo, makeRepository } from '../../fakes/bare-repository.ts';
import { bareEnvironment, git, startGitServer } from '../../fakes/git-server.ts';

const server = await startGitServer();
const folder = mkdtempSync(join(tmpdir(), 'trace-'));
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  server.behaviour = { kind: 'serve' };
});
let count = 0;

/** Three commits of `main`; `release` leaves it after the second. */
function project() {
  count += 1;
  const bare = makeRepository(server.root, `acme/traced${count}`);
  const [first, second] = [1, 2].map((at) => commitTo(bare, 'main', { Dockerfile: `FROM debian:${at}\n` }));
  assert.ok(first !== undefined && second !== undefined);
  git(bare, 'update-ref', 'refs/heads/release', second);
  const third = commitTo(bare, 'main', { Dockerfile: 'FROM debian:3\n' });
  const release = commitTo(bare, 'release', { Dockerfile: 'FROM debian:4\n' });
  git(bare, 'update-ref', 'refs/tags/v1.0.0', second);
  const shared = { cacheFolder: mkdtempSync(join(folder, 'cache-')), environment: bareEnvironment() };
  const remote = openReleases({
    ...{ ...shared, url: `${server.origin}/acme/traced${count}.git` },
    ...{ isPrivateAllowed: () => true, protocols: ['http'] },
  });
  const dateOf = (id: string) => Number(git(bare, 'show', '-s', '--format=%ct', id)) * 1000;
  return {
    ...{ bare, shared, first, second, third, release, dateOf, remote },
    local: openReleasesOfFolder(bare, shared),
  };
}

async function told(releases: Releases, request: Partial<TraceRequest>) {
  const trace = await releases.trace({ commits: [], tags: [], since: [], ...request });
  return [...trace.commits, ...trace.tags].map(
    ([name, { isOnBranch, follows }]) => `${name} ${isOnBranch ? 'on' : 'off'} ${follows.join(' ')}`,
  );
}

for (const [where, of] of [
  ['elsewhere', ({ remote }: ReturnType<typeof project>): Releases => remote],
  ['on this machine', ({ local }: ReturnType<typeof project>): Releases => local],
] as const) {
  test(`${where}: a commit is on the branch, or follows what was merged, or neither`, async () => {
    const made = project();
    const { first, second, third, release } = made;
    assert.deepEqual(await told(of(made), { commits: [first, third, release], head: third, since: [second] }), [
      `${first} on `,
      `${third} on ${second}`,
      `${release} off ${second}`,
    ]);
    assert.deepEqual(await told(of(made), { commits: [third], head: first, since: [release] }), [`${third} off `]);
  });
  test(`${where}: a tag leads to its commit, with the date of that`, async () => {
    const made = project();
    const { tags, isWhole } = await of(made).trace({ commits: [], tags: ['v1.0.0'], since: [] });
    const { second, dateOf } = made;
    const expected = { revision: second, committedAt: dateOf(second), isOnBranch: true, follows: [] };
    assert.deepEqual([[...tags], isWhole], [[['v1.0.0', expected]], true]);
  });
  test(`${where}: what no commit of the repository is has no answer`, async () => {
    const odd = ['f'.repeat(40), '--upload-pack=x', 'main', 'HEAD'];
    assert.deepEqual(await told(of(project()), { commits: odd, tags: ['a b', '--x'], since: odd }), []);
  });
}

test('a shallow clone tells what it has, and that it is not whole', async () => {
  const { bare, shared, first, third } = project();
  const clone = join(folder, `clone-${count}`);
  git(folder, 'clone', '-q', '--bare', '--depth=1', '--branch=main', `file://${bare}`, clone);
  const releases = openReleasesOfFolder(clone, shared);
  assert.deepEqual(await told(releases, { commits: [first, third] }), [`${third} on `]);
  assert.equal((await releases.trace({ commits: [first], tags: [], since: [] })).isWhole, false);
});

test('a server that is gone is an error, no answer', async () => {
  const { remote } = project();
  server.behaviour = { kind: 'status', status: 404 };
  await assert.rejects(remote.trace({ commits: [], tags: [], since: [] }), RepositoryError);
});
