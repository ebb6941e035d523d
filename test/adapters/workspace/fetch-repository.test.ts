import assert from 'node:assert/strict';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { type FetchRequest, fetchRepository } from '../../../src/adapters/workspace/fetch-repository.ts';
import { bareEnvironment, git, startGitServer } from '../../fakes/git-server.ts';

const server = await startGitServer();
const folder = mkdtempSync(join(tmpdir(), 'fetching-'));
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  server.behaviour = { kind: 'serve' };
});
let count = 0;

type Project = { readonly work: string; readonly bare: string; readonly request: FetchRequest };

/** A repository on the server, and how it is asked for with a cache of its own. */
function project(files: Readonly<Record<string, string | Uint8Array>>, changes: Partial<FetchRequest> = {}): Project {
  count += 1;
  const work = join(folder, `work-${count}`);
  const bare = join(server.root, `${count}.git`);
  git(server.root, 'init', '-q', '--bare', bare);
  git(bare, 'config', 'uploadpack.allowFilter', 'true');
  mkdirSync(work);
  git(work, 'init', '-q');
  if (Object.keys(files).length > 0) push({ work, bare }, files);
  const request = {
    url: `${server.origin}/${count}.git`,
    cacheFolder: join(folder, `cache-${count}`),
    environment: bareEnvironment(),
    isPrivateAllowed: () => true,
    protocols: ['http' as const],
    ...changes,
  };
  return { work, bare, request };
}

function push(
  { work, bare }: Pick<Project, 'work' | 'bare'>,
  files: Readonly<Record<string, string | Uint8Array>>,
  ...options: string[]
) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), content);
  }
  git(work, 'add', '-A');
  git(work, 'commit', '-q', '-m', 'x', ...options.filter((option) => option === '--amend'));
  git(work, 'push', '-q', '--force', bare, 'HEAD:main');
}

const isWanted = (path: string) => path.endsWith('Dockerfile');

/** Opens, lists and reads all Dockerfiles. */
async function readAll(request: FetchRequest) {
  const asked = server.questions.length;
  const workspace = await fetchRepository(request);
  const { paths } = await workspace.list({ isWanted });
  const texts = await Promise.all(paths.filter(isWanted).map((path) => workspace.read(path, 1000)));
  return { revision: workspace.revision, texts, questions: server.questions.slice(asked) };
}

const many = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [
    [`d${index}/Dockerfile`, `FROM a:${index}`] as const,
    [`d${index}/main.c`, `// ${index}`] as const,
  ]).flat(),
);

test('the content of all wanted files comes in one request', async () => {
  const { work, request } = project(many);
  const { revision, texts, questions } = await readAll(request);
  assert.equal(revision, git(work, 'rev-parse', 'HEAD'));
  assert.deepEqual(
    texts.toSorted(),
    Object.values(many)
      .filter((text) => text.startsWith('FROM'))
      .sort(),
  );
  assert.deepEqual(questions.join(' '), 'capabilities refs capabilities refs fetch capabilities fetch');
});

test('only wanted content is fetched', async () => {
  const { request } = project(many);
  await readAll(request);
  const [pack] = globSync(`${request.cacheFolder}/*/1`);
  const objects = git(pack ?? '', 'cat-file', '--batch-all-objects', '--batch-check=%(objecttype)').split('\n');
  assert.equal(objects.filter((type) => type === 'blob').length, 40);
});

test('an unchanged repository costs the question for its branch', async () => {
  const { request } = project(many);
  await readAll(request);
  assert.deepEqual((await readAll(request)).questions, ['capabilities', 'refs']);
});

test('a branch that moved is seen, and what was there is not fetched again', async () => {
  const { work, bare, request } = project(many);
  await readAll(request);
  push({ work, bare }, { 'd7/Dockerfile': 'FROM moved' });
  const { revision, texts, questions } = await readAll(request);
  assert.equal(revision, git(work, 'rev-parse', 'HEAD'));
  assert.ok(texts.includes('FROM moved') && !texts.includes('FROM a:7'));
  assert.equal(questions.filter((question) => question === 'fetch').length, 2);
  const [cache] = globSync(`${request.cacheFolder}/*/1`);
  const blobs = git(cache ?? '', 'cat-file', '--batch-all-objects', '--batch-check=%(objecttype)').split('\n');
  assert.equal(blobs.filter((type) => type === 'blob').length, 41);
});

test('a branch that was rewritten is read as it is now', async () => {
  const { work, bare, request } = project({ Dockerfile: 'FROM a' });
  await readAll(request);
  push({ work, bare }, { Dockerfile: 'FROM b' }, '--amend');
  assert.deepEqual((await readAll(request)).texts, ['FROM b']);
});

test('a branch that moved back is not fetched again', async () => {
  const { work, bare, request } = project({ Dockerfile: 'FROM a' });
  await readAll(request);
  push({ work, bare }, { Dockerfile: 'FROM b' });
  await readAll(request);
  git(work, 'push', '-q', '--force', bare, 'HEAD~1:main');
  const { texts, questions } = await readAll(request);
  assert.deepEqual([texts, questions], [['FROM a'], ['capabilities', 'refs']]);
});

test('a named branch is read', async () => {
  const { work, bare, request } = project({ Dockerfile: 'FROM a' });
  git(work, 'push', '-q', bare, 'HEAD:refs/heads/release/1');
  // Its name ends like the branch's: it is another.
  git(work, 'commit', '-q', '--allow-empty', '-m', 'y');
  git(work, 'push', '-q', bare, 'HEAD:refs/heads/a/refs/heads/release/1');
  const { revision } = await readAll({ ...request, branch: 'release/1' });
  assert.equal(revision, git(work, 'rev-parse', 'HEAD~1'));
});

for (const [fact, settings] of [
  ['that cannot leave content out', { 'uploadpack.allowFilter': 'false' }],
  ['that speaks version 0 and gives single objects', { 'uploadpack.allowAnySHA1InWant': 'true' }],
  ['that speaks version 0 and gives no single objects', {}],
  ['that speaks version 0 and can do neither', { 'uploadpack.allowFilter': 'false' }],
] as const) {
  test(`a server ${fact} is read too`, async () => {
    const { work, bare, request } = project(many);
    for (const [key, value] of Object.entries(settings)) git(bare, 'config', key, value);
    server.behaviour = { kind: fact.includes('version 0') ? 'serve-version-0' : 'serve' };
    assert.equal((await readAll(request)).texts.length, 40);
    assert.ok(!(await readAll(request)).questions.includes('fetch'));
    push({ work, bare }, { 'd7/Dockerfile': 'FROM moved' });
    assert.ok((await readAll(request)).texts.includes('FROM moved'));
  });
}

test('a file whose name tells nothing is fetched when it is read', async () => {
  const { request } = project({ Dockerfile: 'FROM a', odd: 'FROM b', other: 'FROM c' });
  const workspace = await fetchRepository(request);
  await workspace.list({ isWanted });
  const asked = server.questions.length;
  assert.deepEqual(await Promise.all([workspace.read('odd', 99), workspace.read('other', 99)]), ['FROM b', 'FROM c']);
  assert.deepEqual(server.questions.slice(asked), ['capabilities', 'fetch']);
});

for (const [fact, behaviour, code] of [
  ['that is not there', { kind: 'status', status: 404 }, 'not-found'],
  ['that asks who we are', { kind: 'guarded', authorization: 'x' }, 'unauthorized'],
  ['that forbids', { kind: 'status', status: 403 }, 'unauthorized'],
  [
    'that leads elsewhere',
    { kind: 'status', status: 301, headers: { Location: '/other.git/info/refs' } },
    'unreachable',
  ],
  ['that fails', { kind: 'status', status: 500 }, 'unreachable'],
  ['that is no git server', { kind: 'status', status: 200, body: '<html>\n' }, 'unreachable'],
] as const) {
  test(`a server ${fact} is told as ${code}`, async () => {
    const { request } = project({ Dockerfile: 'FROM a' });
    server.behaviour = behaviour;
    const asked = server.questions.length;
    await assert.rejects(fetchRepository(request), { name: 'RepositoryError', code });
    assert.equal(server.questions.length, asked + 1);
  });
}

test('a server that answers nothing is given up', async () => {
  const { request } = project({ Dockerfile: 'FROM a' });
  server.behaviour = { kind: 'hang' };
  await assert.rejects(fetchRepository({ ...request, timeoutMs: 300 }), { code: 'timeout' });
});

test('a port where nobody listens is unreachable', async () => {
  const { request } = project({});
  await assert.rejects(fetchRepository({ ...request, url: 'http://127.0.0.1:1/a.git' }), { code: 'unreachable' });
});

test('an empty repository has no branch', async () => {
  await assert.rejects(fetchRepository(project({}).request), { code: 'unknown-branch', message: /it is empty/ });
});

for (const branch of ['gone', 'ma', '-x', 'a:b', 'refs/heads/main', '*'])
  test(`${branch} is no branch of it`, async () => {
    const { request } = project({ Dockerfile: '' });
    await assert.rejects(fetchRepository({ ...request, branch }), { code: 'unknown-branch' });
  });

test("git's credential helper is asked, and what it says is not told", async () => {
  const home = join(folder, 'home');
  mkdirSync(home);
  const helper = '!f() { echo username=jane; echo password=hunter2; }; f';
  writeFileSync(join(home, '.gitconfig'), `[credential]\n\thelper = "${helper}"\n`);
  const { GIT_CONFIG_GLOBAL: _, ...rest } = bareEnvironment();
  const { request } = project({ Dockerfile: 'FROM a' }, { environment: { ...rest, HOME: home } });
  server.behaviour = { kind: 'guarded', authorization: `Basic ${Buffer.from('jane:hunter2').toString('base64')}` };
  assert.deepEqual((await readAll(request)).texts, ['FROM a']);
  server.behaviour = { kind: 'guarded', authorization: 'other' };
  await assert.rejects(fetchRepository(request), (error: Error) => {
    assert.match(error.message, /credential/);
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
});

test('what changed is not known, and what to do is said', async () => {
  const workspace = await fetchRepository(project({ Dockerfile: '' }).request);
  await assert.rejects(workspace.changedSince('main'), { code: 'no-repository', message: /clone/ });
});

test('filters and hooks have no say, attributes are only files', async () => {
  const home = join(folder, 'trapped');
  mkdirSync(home);
  const trap = join(home, 'trap');
  const hook = join(home, 'hook');
  for (const name of ['reference-transaction', 'post-checkout', 'post-merge', 'post-index-change']) {
    mkdirSync(hook, { recursive: true });
    writeFileSync(join(hook, name), `#!/bin/sh\ntouch '${trap}'\n`);
    chmodSync(join(hook, name), 0o755);
  }
  writeFileSync(
    join(home, '.gitconfig'),
    `[core]\n\thooksPath = ${hook}\n[filter "evil"]\n\tsmudge = "touch '${trap}'; cat"\n\trequired = true\n[remote "origin"]\n\turl = ext::false\n`,
  );
  const { GIT_CONFIG_GLOBAL: _, ...rest } = bareEnvironment();
  const files = { '.gitattributes': '* filter=evil eol=crlf ident\n', Dockerfile: 'FROM a\n# $Id$\n' };
  const { request } = project(files, { environment: { ...rest, HOME: home, GIT_DIR: '/nonexistent' } });
  assert.deepEqual((await readAll(request)).texts, ['FROM a\n# $Id$\n']);
  assert.equal(existsSync(trap), false);
});

test('a submodule is told and not fetched', async () => {
  const { work, bare, request } = project({ Dockerfile: '' });
  git(work, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/x`);
  git(work, 'commit', '-q', '-m', 'y');
  git(work, 'push', '-q', bare, 'HEAD:main');
  const { paths, refused } = await (await fetchRepository(request)).list();
  assert.deepEqual(
    [paths, refused.map(({ path, severity }) => [path, severity])],
    [['Dockerfile'], [['vendor/x', 'info']]],
  );
});

test('runs side by side share one cache', async () => {
  const { request } = project(many);
  const all = await Promise.all(Array.from({ length: 4 }, () => readAll(request)));
  assert.deepEqual(new Set(all.map(({ texts }) => texts.join())).size, 1);
  assert.deepEqual(globSync(`${request.cacheFolder}/*/*/own-*`), []);
});

for (const [fact, damage] of [
  [
    'whose packs were cut',
    (cache: string) =>
      globSync(`${cache}/objects/pack/*.pack`).forEach((file) => {
        chmodSync(file, 0o600);
        truncateSync(file, 40);
      }),
  ],
  ['whose packs were removed', (cache: string) => rmSync(join(cache, 'objects'), { recursive: true })],
] as const) {
  test(`a cache ${fact} is begun anew`, async () => {
    const { work, bare, request } = project(many);
    await readAll(request);
    for (const cache of globSync(`${request.cacheFolder}/*/1`)) damage(cache);
    push({ work, bare }, { 'd7/Dockerfile': 'FROM moved' });
    assert.ok((await readAll(request)).texts.includes('FROM moved'));
    assert.ok(!(await readAll(request)).questions.includes('fetch'));
  });
}
