import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { openRevisions } from '../../../src/adapters/workspace/open-revisions.ts';
import { WorkspaceError } from '../../../src/ports/workspace.ts';

const parent = realpathSync(mkdtempSync(join(tmpdir(), 'revisions-')));
const repository = join(parent, 'repository');
test.after(() => rmSync(parent, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=dev', '-c', 'user.email=dev@example.com'];
  return execFileSync('git', ['-C', repository, ...identity, ...args], { encoding: 'utf8' }).trim();
}

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
  chmodSync(join(repository, path), mode);
}

const revisions = openRevisions(repository, process.env);
let count = 0;

async function checkOut(name: string) {
  count += 1;
  const folder = join(parent, `out-${count}`);
  return { folder, refused: await revisions.checkOut(await revisions.find(name), folder) };
}

test.before(() => {
  mkdirSync(repository);
  git('init', '-q', '-b', 'main');
  write('Dockerfile', 'FROM alpine:3.21\n');
  write('run.sh', '#!/bin/sh\n', 0o755);
  write('deep/er/data', 'x'.repeat(100_000));
  write('hidden', 'kept\n');
  write('.gitattributes', 'hidden export-ignore\n* filter=evil\n');
  symlinkSync('../Dockerfile', join(repository, 'deep', 'inside'));
  symlinkSync('er', join(repository, 'deep', 'folder'));
  symlinkSync('not-built-yet', join(repository, 'deep', 'later'));
  symlinkSync('/etc/passwd', join(repository, 'absolute'));
  symlinkSync('../../etc/passwd', join(repository, 'deep', 'outside'));
  symlinkSync('nowhere/../../../etc/passwd', join(repository, 'deep', 'winding'));
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
  // Whoever wrote the repository would like these to be started.
  git('config', 'filter.evil.smudge', `touch ${parent}/smudged; cat`);
  git('config', 'core.fsmonitor', `touch ${parent}/watched`);
  const hook = join(repository, '.git', 'hooks', 'post-checkout');
  mkdirSync(dirname(hook), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\ntouch ${parent}/hooked\n`, { mode: 0o755 });
});

test('files are as git stores them, links stay inside, and nothing of the repository is started', async () => {
  const { folder, refused } = await checkOut('main');
  assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), 'FROM alpine:3.21\n');
  assert.equal(readFileSync(join(folder, 'hidden'), 'utf8'), 'kept\n');
  assert.equal(lstatSync(join(folder, 'run.sh')).mode & 0o777, 0o755);
  assert.equal(lstatSync(join(folder, 'Dockerfile')).mode & 0o777, 0o644);
  assert.equal(readFileSync(join(folder, 'deep', 'folder', 'data'), 'utf8').length, 100_000);
  assert.equal(readlinkSync(join(folder, 'deep', 'inside')), '../Dockerfile');
  assert.equal(readlinkSync(join(folder, 'deep', 'later')), 'not-built-yet');
  assert.deepEqual(refused.map(({ path }) => path).sort(), ['absolute', 'deep/outside', 'deep/winding']);
  for (const { path } of refused) assert.ok(!existsSync(join(folder, path)), path);
  for (const trace of ['smudged', 'watched', 'hooked']) assert.ok(!existsSync(join(parent, trace)), trace);
  assert.ok(!existsSync(join(folder, '.git')));
});

test('a commit that is replaced locally is read as it was made', async () => {
  const made = git('rev-parse', 'main');
  git('checkout', '-q', '-b', 'other');
  write('Dockerfile', 'FROM evil:1\n');
  git('-c', 'core.fsmonitor=false', '-c', 'filter.evil.clean=cat', 'commit', '-q', '-a', '-m', 'two');
  git('replace', made, git('rev-parse', 'other'));
  try {
    const { folder } = await checkOut(made);
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), 'FROM alpine:3.21\n');
  } finally {
    git('replace', '-d', made);
    git('-c', 'core.hooksPath=/dev/null', 'checkout', '-q', 'main');
  }
});

test('branches part where they have their last commit in common', async () => {
  const [main, other] = [await revisions.find('main'), await revisions.find('other')];
  assert.equal((await revisions.findFork(main, other))?.commit, main.commit);
  assert.match(main.tree, /^[0-9a-f]{40}$/);
  const lonely = git('commit-tree', main.tree, '-m', 'no parents');
  assert.equal(await revisions.findFork(main, await revisions.find(lonely)), undefined);
  assert.equal(await revisions.findRoot(), repository);
});

test('a folder that is there already is not written over', async () => {
  const { folder } = await checkOut('main');
  await assert.rejects(revisions.checkOut(await revisions.find('main'), folder), { code: 'unwritable' });
});

for (const name of ['gone', '-q', '', '--output=/tmp/x', 'main:Dockerfile']) {
  test(`${JSON.stringify(name)} is no commit`, async () => {
    await assert.rejects(revisions.find(name), (error) => {
      assert.ok(error instanceof WorkspaceError);
      assert.equal(error.code, 'unknown-revision');
      return true;
    });
  });
}

test('outside of a repository that is said', async () => {
  await assert.rejects(openRevisions(parent, process.env).findRoot(), { code: 'no-repository' });
});
