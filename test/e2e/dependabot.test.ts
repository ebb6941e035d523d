import assert from 'node:assert/strict';
import { lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { DependabotResult } from '../../src/flows/dependabot/plan-dependabot.ts';
import { git, startGitServer } from '../fakes/git-server.ts';
import { type FakeGithub, startFakeGithub } from '../fakes/github/fake-github.ts';
import { basekeeper, makeTree, run, today } from './command.ts';

const trees: (() => Promise<void>)[] = [];
after(async () => {
  for (const remove of trees) await remove();
});

async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  const { path, remove } = await makeTree(files);
  trees.push(remove);
  git(path, 'init', '-q', '-b', 'main');
  return path;
}

const place = '.github/dependabot.yml';
const dependabot = (path: string, ...args: readonly string[]) =>
  basekeeper(['dependabot', ...args, '--now', today], { cwd: path });
const text = (path: string) => readFile(join(path, place), 'utf8');
const result = (stdout: string): DependabotResult => JSON.parse(stdout);

const images = {
  Dockerfile: 'FROM node:22-alpine\nCOPY --from=alpine:3.24 / /\n',
  'services/api/Dockerfile': 'FROM node:22-alpine\n',
  'compose.yaml': 'services: { db: { image: "postgres:17" } }\n',
};

test('a repository without a file gets the one of the policy, once', async () => {
  const path = await repository(images);
  const check = await dependabot(path, 'check');
  assert.deepEqual([check.code, check.stderr], [0, '']);
  assert.equal(
    check.stdout,
    `.github/dependabot.yml
  info: no docker entry of Dependabot covers the images in /, /services/api [missing]
  info: no docker-compose entry of Dependabot covers the images in / [missing]

Dependabot does not update these; Basekeeper covers them:
  Dockerfile:2  alpine:3.24  it does not read COPY --from

Whether the repository has the labels of update.labels was not asked (check --online asks).

2 findings in .github/dependabot.yml, which is not there.

See the lines:  basekeeper dependabot write --now 2026-11-23 --diff
Write them:     basekeeper dependabot write --now 2026-11-23
`,
  );
  const written = await dependabot(path, 'write');
  assert.deepEqual([written.code, written.stderr], [0, '']);
  assert.match(written.stdout, /Wrote \.github\/dependabot\.yml: 2 findings mended\.\n$/);
  const first = await text(path);
  assert.match(
    first,
    /^version: 2\nupdates:\n {2}- package-ecosystem: "docker"\n {4}directories:\n {6}- "\/"\n {6}- "\/services\/api"\n/,
  );
  const again = await dependabot(path, 'write');
  assert.match(again.stdout, /Nothing to mend/);
  assert.equal(await text(path), first);
});

test('what --diff prints makes the same file with git apply', async () => {
  for (const before of [
    undefined,
    '# Ours.\nversion: 2\nupdates:\n- package-ecosystem: npm\n  directory: /\n  schedule: {interval: daily}\n',
  ]) {
    const path = await repository({ ...images, ...(before === undefined ? {} : { [place]: before }) });
    const { stdout, code } = await dependabot(path, 'write', '--diff');
    assert.equal(code, 0);
    await writeFile(join(path, 'patch'), stdout);
    const applied = await run('git', ['apply', 'patch'], { cwd: path });
    assert.deepEqual([applied.code, applied.stderr], [0, '']);
    const patched = await text(path);
    assert.match((await dependabot(path, 'check')).stdout, /Nothing to mend/);
    if (before !== undefined) assert.ok(patched.startsWith(before));
  }
});

test('broken YAML is told with its line, and nothing is written', async () => {
  const path = await repository({ ...images, [place]: 'version: 2\nupdates:\n  - [\n' });
  const written = await dependabot(path, 'write');
  assert.equal(written.code, 1);
  assert.match(
    written.stdout,
    /fail: \.github\/dependabot\.yml:4: the YAML is broken: .*not judged, and is left as it is/s,
  );
  assert.equal(await text(path), 'version: 2\nupdates:\n  - [\n');
  assert.equal(result((await dependabot(path, 'write', '--json')).stdout).problems[0]?.line, 4);
});

test('where the policy says that Basekeeper owns updates, a live entry warns until it is written off', async () => {
  const path = await repository({
    ...images,
    'basekeeper.yaml': 'version: 1\nupdate: { owner: basekeeper }\n',
    [place]:
      'version: 2\r\nupdates:\r\n  - package-ecosystem: docker # images\r\n    directory: /\r\n    schedule: { interval: monthly }\r\n',
  });
  const check = await dependabot(path, 'check', '--json');
  assert.equal(check.code, 1);
  const { owner, findings, change } = result(check.stdout);
  assert.deepEqual(
    [owner, findings.map(({ kind, level, line }) => [kind, level, line])],
    ['basekeeper', [['two-owners', 'warn', 3]]],
  );
  const written = await dependabot(path, 'write', '--json');
  assert.equal(written.code, 0);
  assert.equal(result(written.stdout).isWritten, true);
  assert.equal(await text(path), change?.after);
  assert.ok(
    (await text(path)).endsWith('    open-pull-requests-limit: 0 # Basekeeper proposes updates of these images\r\n'),
  );
  assert.equal((await dependabot(path, 'check')).code, 0);
});

test('where Dependabot owns them, entries must be there', async () => {
  const path = await repository({
    ...images,
    'basekeeper.yaml': 'version: 1\nupdate: { owner: dependabot, schedule: daily }\n',
  });
  assert.equal((await dependabot(path, 'check')).code, 1);
  assert.equal((await dependabot(path, 'write')).code, 0);
  assert.match(await text(path), /interval: "daily"/);
  assert.equal((await dependabot(path, 'check')).code, 0);
});

test('only the root of a repository has such a file', async () => {
  const path = await repository(images);
  const below = await dependabot(path, 'check', 'services/api');
  assert.equal(below.code, 2);
  assert.match(below.stderr, /reads its files at the root of a repository/);
  assert.match((await dependabot(path, 'check', 'Dockerfile')).stderr, /whole repository/);
});

test('nothing is written through a link that leads out of the repository', async () => {
  const outside = await makeTree({ 'dependabot.yml': 'version: 2\nupdates: []\n' });
  trees.push(outside.remove);
  const path = await repository(images);
  await symlink(outside.path, join(path, '.github'));
  const written = await dependabot(path, 'write');
  assert.notEqual(written.code, 0);
  assert.equal(await readFile(join(outside.path, 'dependabot.yml'), 'utf8'), 'version: 2\nupdates: []\n');
  const dangling = await repository(images);
  await mkdir(join(dangling, '.github'));
  await symlink(join(outside.path, 'new.yml'), join(dangling, place));
  assert.notEqual((await dependabot(dangling, 'write')).code, 0);
  await assert.rejects(lstat(join(outside.path, 'new.yml')));
});

test('check says it at the root of a repository: notes with --verbose alone, and faults where paths are', async () => {
  const path = await repository({ 'shop/Dockerfile': 'FROM alpine:3.24\nUSER 1\n', 'shop/.github/x': '' });
  const check = (...args: readonly string[]) => basekeeper(['check', ...args, '--now', today], { cwd: path });
  const quiet = await check('shop');
  assert.equal(quiet.code, 0);
  assert.doesNotMatch(quiet.stdout, /Dependabot/);
  assert.match(
    (await check('shop', '--verbose')).stdout,
    /settings to look at:\n {2}info: \.github\/dependabot\.yml: no docker entry/,
  );
  await writeFile(join(path, 'shop/basekeeper.yaml'), 'version: 1\nupdate: { owner: dependabot }\n');
  assert.equal((await check('shop', '--fail-on', 'warn')).code, 1);
  assert.match(
    (await check('shop', '--format', 'github')).stdout,
    /^::warning file=shop\/\.github\/dependabot\.yml,title=dependabot::/m,
  );
  await writeFile(
    join(path, 'shop/basekeeper.yaml'),
    'version: 1\nupdate: { owner: dependabot }\nrules: { dependabot: off }\n',
  );
  assert.equal((await check('shop', '--fail-on', 'warn')).code, 0);
});

/** A GitHub with acme/shop, which has the label Docker, and a work tree whose origin that is. */
async function withOrigin(
  isPusher: boolean,
  use: (stage: {
    readonly github: FakeGithub;
    readonly path: string;
    readonly run: (...args: readonly string[]) => ReturnType<typeof basekeeper>;
  }) => Promise<void>,
): Promise<void> {
  const server = await startGitServer({ isSecure: true });
  const github = await startFakeGithub(server);
  try {
    github.addUser('keeper');
    github.state.tokens.set('ghp_keeper', { login: 'keeper', scopes: ['repo'] });
    const shop = github.addRepository('acme/shop');
    shop.labels.push('Docker');
    if (isPusher) shop.collaborators.add('keeper');
    else shop.isPrivate = false;
    const path = await repository({
      'basekeeper.yaml': 'version: 1\nupdate: { owner: dependabot, labels: [dependencies, docker, security] }\n',
      Dockerfile: 'FROM node:22-alpine\n',
    });
    git(path, 'remote', 'add', 'origin', `${server.origin}/acme/shop.git`);
    const env = { GITHUB_SERVER_URL: server.origin, GITHUB_API_URL: github.origin, GITHUB_TOKEN: 'ghp_keeper' };
    const start = (...args: readonly string[]) =>
      basekeeper(['dependabot', ...args, '--now', today], { cwd: path, env });
    await use({ github, path, run: start });
  } finally {
    await github.close();
    await server.close();
  }
}

test('labels that the repository lacks are told when asked for, and created', () =>
  withOrigin(true, async ({ github, run: start }) => {
    assert.equal((await start('write')).code, 0);
    assert.deepEqual(github.requests, []);
    const check = await start('check', '--online');
    assert.equal(check.code, 1, check.stderr);
    assert.match(
      check.stdout,
      /Labels of acme\/shop:\n {2}warn: dependencies is not there \[labels\]\n {2}warn: security is not there \[labels\]\n/,
    );
    assert.match(check.stdout, /\nCreate labels: {2}basekeeper dependabot write --now 2026-11-23 --create-labels\n$/);
    assert.deepEqual(github.repository('acme/shop').labels, ['Docker']);
    const created = await start('write', '--create-labels', '--json');
    assert.equal(created.code, 0, created.stderr);
    assert.deepEqual(result(created.stdout).labels, {
      kind: 'checked',
      wanted: ['dependencies', 'docker', 'security'],
      repository: 'acme/shop',
      missing: [],
      created: ['dependencies', 'security'],
      failed: [],
    });
    assert.deepEqual(github.repository('acme/shop').labels, ['Docker', 'dependencies', 'security']);
    const again = await start('write', '--create-labels');
    assert.deepEqual([again.code, again.stderr], [0, '']);
    assert.match(again.stdout, /Labels of acme\/shop: all are there\./);
  }));

test('each label that the forge refuses is told, the file is written, and it ends with 3', () =>
  withOrigin(false, async ({ github, path, run: start }) => {
    const { code, stdout } = await start('write', '--create-labels', '--json');
    assert.equal(code, 3);
    const { labels, isWritten } = result(stdout);
    assert.equal(isWritten, true);
    assert.match(await text(path), /dependencies/);
    assert.equal(labels.kind, 'checked');
    if (labels.kind !== 'checked') return;
    assert.deepEqual(
      [labels.created, labels.missing, labels.failed.map(({ label }) => label)],
      [[], ['dependencies', 'security'], ['dependencies', 'security']],
    );
    for (const { label, message } of labels.failed)
      assert.ok(message.startsWith(`cannot make the label ${label} in acme/shop`), message);
    assert.deepEqual(github.repository('acme/shop').labels, ['Docker']);
    const printed = (await start('write', '--create-labels')).stdout;
    assert.match(printed, / {2}error: security: cannot make the label security/);
    assert.doesNotMatch(printed, /Create labels:|ghp_keeper/);
  }));

test('a forge that does not answer for labels ends with 3, and a label with a name that none can have is one row', () =>
  withOrigin(true, async ({ github, path, run: start }) => {
    await writeFile(join(path, 'basekeeper.yaml'), `version: 1\nupdate: { labels: ["${'x'.repeat(51)}", security] }\n`);
    const { code, stdout } = await start('write', '--create-labels', '--json');
    assert.equal(code, 3);
    const { labels } = result(stdout);
    assert.deepEqual(labels.kind === 'checked' && [labels.created, labels.failed.length], [['security'], 1]);
    github.fault = { times: 1, status: 404, body: '{"message":"Not Found"}' };
    const unanswered = await start('check', '--online');
    assert.equal(unanswered.code, 3);
    assert.match(unanswered.stdout, /error: labels were not checked: cannot list the labels of acme\/shop/);
  }));

test('labels of a repository without a forge are refused before anything is written', async () => {
  const path = await repository(images);
  for (const [args, reason] of [
    [['write', '--create-labels'], /has no remote origin/],
    [['check', '--online'], /has no remote origin/],
    [['write', '--create-labels', '--diff'], /leave one of them out/],
  ] as const) {
    const { code, stderr } = await dependabot(path, ...args);
    assert.equal(code, 2);
    assert.match(stderr, reason);
  }
  git(path, 'remote', 'add', 'origin', 'https://code.corp.example/acme/shop.git');
  const plain = await dependabot(path, 'write', '--create-labels');
  assert.equal(plain.code, 2);
  assert.match(plain.stderr, /lies on no forge that is known/);
  await assert.rejects(lstat(join(path, place)));
});
