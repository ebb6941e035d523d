import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { openReleases, openReleasesOfFolder } from '../../../src/adapters/workspace/open-releases.ts';
import type { Releases } from '../../../src/ports/releases.ts';
import { RepositoryError } from '../../../src/ports/repositories.ts';
import { commitTo, makeRepository } from '../../fakes/bare-repository.ts';
import { bareEnvironment, git, gitWith, startGitServer } from '../../fakes/git-server.ts';

const server = await startGitServer();
const folder = mkdtempSync(join(tmpdir(), 'releases-'));
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  server.behaviour = { kind: 'serve' };
});
let count = 0;

const taggedAt = Date.UTC(2026, 10, 25, 14);

/** Two releases: `v1.0.0` as a bare name for its commit, `v1.1.0` as a tag of its own. */
function project() {
  count += 1;
  const bare = makeRepository(server.root, `acme/shop${count}`);
  const first = commitTo(bare, 'main', { Dockerfile: 'FROM debian:11\n' });
  git(bare, 'update-ref', 'refs/tags/v1.0.0', first);
  const second = commitTo(bare, 'main', { Dockerfile: 'FROM debian:12\n' });
  const text = `object ${second}\ntype commit\ntag v1.1.0\ntagger t <t@example.com> ${taggedAt / 1000} +0100\n\ntagger x <x> 1 +0000\n`;
  git(bare, 'update-ref', 'refs/tags/v1.1.0', gitWith(bare, text, 'mktag'));
  const committedAt = Number(git(bare, 'show', '-s', '--format=%ct', first)) * 1000;
  const shared = { cacheFolder: mkdtempSync(join(folder, 'cache-')), environment: bareEnvironment() };
  const remote = openReleases({
    ...{ ...shared, url: `${server.origin}/acme/shop${count}.git` },
    ...{ isPrivateAllowed: () => true, protocols: ['http'] },
  });
  return { bare, committedAt, remote, local: openReleasesOfFolder(bare, shared) };
}

const all = (names: readonly string[]) => names;

for (const [where, of] of [
  ['elsewhere', ({ remote }: ReturnType<typeof project>): Releases => remote],
  ['on this machine', ({ local }: ReturnType<typeof project>): Releases => local],
] as const) {
  test(`${where}: a tag has its own date, a bare name that of its commit`, async () => {
    const made = project();
    assert.deepEqual(await of(made).list(all), [
      { name: 'v1.0.0', publishedAt: made.committedAt },
      { name: 'v1.1.0', publishedAt: taggedAt },
    ]);
  });
  test(`${where}: the tree at a tag is read, each time anew`, async () => {
    const releases = of(project());
    const read = async (name: string) => (await releases.open(name)).read('Dockerfile', 1000);
    assert.deepEqual(
      [await read('v1.0.0'), await read('v1.1.0'), await read('v1.0.0')],
      ['FROM debian:11\n', 'FROM debian:12\n', 'FROM debian:11\n'],
    );
  });
  test(`${where}: a tag that is not there is refused`, () =>
    assert.rejects(of(project()).open('v9.9.9'), RepositoryError));
}

test('only what was chosen is fetched, and nothing where nothing was', async () => {
  const { remote } = project();
  assert.deepEqual(await remote.list((names) => names.filter((name) => name === 'v1.1.0')), [
    { name: 'v1.1.0', publishedAt: taggedAt },
  ]);
  server.questions.length = 0;
  assert.deepEqual(await remote.list(() => []), []);
  assert.ok(!server.questions.includes('fetch'));
});

for (const name of ['--upload-pack=x', '../main', 'a b', 'v1..2'])
  test(`${JSON.stringify(name)} is no tag that git is told`, () =>
    assert.rejects(project().remote.open(name), /is no tag/));

test('a server that refuses is told as such', async () => {
  const { remote } = project();
  server.behaviour = { kind: 'status', status: 401 };
  await assert.rejects(remote.list(all), (error) => error instanceof RepositoryError && error.code === 'unauthorized');
});
