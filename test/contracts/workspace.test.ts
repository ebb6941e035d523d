import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorkspace } from '../../src/adapters/workspace/open-workspace.ts';
import { withTree, workspaceContract } from './workspace.contract.ts';

workspaceContract({ name: 'plain', open: (root) => openWorkspace(root) });
workspaceContract({
  name: 'git, untracked',
  async open(root) {
    git(root, 'init', '-q');
    return openWorkspace(root);
  },
});
workspaceContract({
  name: 'git, committed',
  async open(root) {
    git(root, 'init', '-q');
    commitAll(root);
    return openWorkspace(root);
  },
});
workspaceContract({
  name: 'without git',
  open: (root) => openWorkspace(root, { environment: { PATH: '/nonexistent' } }),
});

const list = async (root: string) => (await (await openWorkspace(root)).list()).paths;

test('git: deleted files are not listed, and forced ones are', () =>
  repository({ '.gitignore': 'ignored\n', a: '', ignored: '' }, async (root) => {
    git(root, 'add', '-f', 'ignored');
    rmSync(join(root, 'a'));
    assert.deepEqual(await list(root), ['.gitignore', 'ignored']);
  }));

test('git: a folder inside the work tree lists its own files, relative to itself', () =>
  repository({ 'a/Dockerfile': '', b: '' }, async (root) =>
    assert.deepEqual(await list(join(root, 'a')), ['Dockerfile']),
  ));

test('git: a folder that is ignored as a whole is read when it is named', () =>
  repository({ '.gitignore': 'out/\n', 'out/Dockerfile': '' }, async (root) => {
    assert.deepEqual(await list(join(root, 'out')), ['Dockerfile']);
  }));

test('git: a repository inside is left to itself, and told', () =>
  repository({ a: '' }, async (root) => {
    mkdirSync(join(root, 'sub'));
    writeFileSync(join(root, 'sub/Dockerfile'), '');
    git(join(root, 'sub'), 'init', '-q');
    commitAll(join(root, 'sub'));
    const { paths, refused } = await (await openWorkspace(root)).list();
    assert.deepEqual(paths, ['a']);
    assert.deepEqual(
      refused.map(({ path, severity }) => [path, severity]),
      [['sub', 'info']],
    );
  }));

test('git: a link into .git is refused', () =>
  repository({ Dockerfile: '-> .git/config' }, async (root) => {
    const workspace = await openWorkspace(root);
    assert.deepEqual(
      (await workspace.list()).refused.map(({ reason }) => reason),
      ['the link leads into .git'],
    );
    await assert.rejects(workspace.read('Dockerfile', 9999), { code: 'outside' });
  }));

test('git: variables of another repository have no say', () =>
  repository({ a: '' }, async (root) => {
    const environment = { ...process.env, GIT_DIR: '/nonexistent', GIT_WORK_TREE: '/', GIT_INDEX_FILE: '/nonexistent' };
    assert.deepEqual((await (await openWorkspace(root, { environment })).list()).paths, ['a']);
  }));

test('git: a hostile configuration starts nothing', () =>
  repository({ a: 'x', '.gitattributes': '* filter=evil diff=evil\n' }, async (root) => {
    const trap = join(root, '.git/trap');
    const script = join(root, '.git/evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${trap}'\ncat\n`);
    chmodSync(script, 0o755);
    for (const key of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'diff.external',
      'diff.evil.command',
      'diff.evil.textconv',
      'core.pager',
    ]) {
      git(root, 'config', key, script);
    }
    git(root, 'config', 'filter.evil.required', 'true');
    writeFileSync(join(root, 'a'), 'changed');
    const workspace = await openWorkspace(root);
    await workspace.list();
    assert.deepEqual((await workspace.changedSince('HEAD')).includes('a'), true);
    assert.equal(existsSync(trap), false);
  }));

test('git: a change is what a branch committed, staged, edited or added since it parted', () =>
  repository(
    { same: '', edited: '1', staged: '1', gone: '', moved: 'long enough to be recognised\n' },
    async (root) => {
      git(root, 'branch', 'start');
      git(root, 'mv', 'moved', 'moved-here');
      writeFileSync(join(root, 'committed'), '');
      commitAll(root);
      writeFileSync(join(root, 'staged'), '2');
      git(root, 'add', 'staged');
      writeFileSync(join(root, 'edited'), '2');
      writeFileSync(join(root, 'new\nname'), '');
      rmSync(join(root, 'gone'));
      git(root, 'branch', 'other', 'start');
      const workspace = await openWorkspace(root);
      assert.deepEqual(await workspace.changedSince('start'), [
        'committed',
        'edited',
        'moved-here',
        'new\nname',
        'staged',
      ]);
    },
  ));

test('git: changes are relative to the folder that was opened', () =>
  repository({ 'a/x': '', b: '' }, async (root) => {
    writeFileSync(join(root, 'a/x'), '1');
    writeFileSync(join(root, 'b'), '1');
    assert.deepEqual(await (await openWorkspace(join(root, 'a'))).changedSince('HEAD'), ['x']);
  }));

test('git: a commit is listed and read as it is, whatever lies there by now', () =>
  repository({ 'a/x': 'old', 'a/gone': '1', b: '', 'a/link': '-> x' }, async (root) => {
    git(root, 'branch', 'start');
    writeFileSync(join(root, 'a/x'), 'new');
    writeFileSync(join(root, 'a/y'), '');
    rmSync(join(root, 'a/gone'));
    commitAll(root);
    const commit = await (await openWorkspace(root)).at('start');
    assert.deepEqual((await commit.list()).paths, ['a/gone', 'a/x', 'b']);
    assert.equal(await commit.read('a/x', 3), 'old');
    await assert.rejects(commit.read('a/link', 3), { code: 'not-found' });
    await assert.rejects(commit.read('a/x', 2), { code: 'too-large' });
    await assert.rejects(commit.read('a/y', 9), { code: 'not-found' });
    const folder = await (await openWorkspace(join(root, 'a'))).at('start');
    assert.deepEqual((await folder.list()).paths, ['gone', 'x']);
    assert.equal(await folder.read('x', 9), 'old');
    const file = await (await openWorkspace(join(root, 'a/x'))).at('start');
    assert.deepEqual((await file.list()).paths, ['x']);
    assert.equal(await file.read('x', 9), 'old');
    await assert.rejects(file.read('gone', 9), { code: 'not-found' });
  }));

test('git: a file that a commit lacks is not in it', () =>
  repository({ a: '' }, async (root) => {
    writeFileSync(join(root, 'b'), '');
    const file = await (await openWorkspace(join(root, 'b'))).at('HEAD');
    assert.deepEqual((await file.list()).paths, []);
    await assert.rejects(file.read('b', 9), { code: 'not-found' });
  }));

test('git: content that a partial clone lacks is not fetched', () =>
  repository({ a: 'x' }, async (root) => {
    const trap = join(root, '.git/trap');
    const id = execFileSync('git', ['rev-parse', 'HEAD:a'], { cwd: root }).toString().trim();
    rmSync(join(root, '.git/objects', id.slice(0, 2), id.slice(2)), { force: true });
    git(root, 'config', 'core.repositoryFormatVersion', '1');
    git(root, 'config', 'extensions.partialClone', 'evil');
    git(root, 'config', 'remote.evil.promisor', 'true');
    git(root, 'config', 'remote.evil.url', `ext::touch ${trap}`);
    git(root, 'config', 'protocol.ext.allow', 'always');
    const commit = await (await openWorkspace(root)).at('HEAD');
    await assert.rejects(commit.read('a', 9), { code: 'unreadable' });
    assert.equal(existsSync(trap), false);
  }));

for (const ref of ['', '-x', '--output=/tmp/x', 'gone', 'HEAD..HEAD', 'a\0b', '$(id)', 'HEAD:a']) {
  test(`git: ${JSON.stringify(ref)} is no revision`, () =>
    repository({ a: '' }, async (root) => {
      const workspace = await openWorkspace(root);
      await assert.rejects(workspace.changedSince(ref), { code: 'unknown-revision' });
      await assert.rejects(workspace.at(ref), { code: 'unknown-revision' });
    }));
}

test('plain: what changed is not known without git', () =>
  withTree({ a: '' }, async (root) => {
    await assert.rejects((await openWorkspace(root)).changedSince('HEAD'), { code: 'no-repository' });
  }));

test('plain: excluded folders are not entered', () =>
  withTree({ 'node_modules/a/Dockerfile': '', b: '' }, async (root) => {
    const entered: string[] = [];
    const isExcluded = (folder: string) => {
      entered.push(folder);
      return folder === 'node_modules/';
    };
    assert.deepEqual((await (await openWorkspace(root)).list({ isExcluded })).paths, ['b']);
    assert.deepEqual(entered, ['node_modules/']);
  }));

test('a name that is no UTF-8 is refused', () =>
  withTree({ a: '' }, async (root) => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/x`), Buffer.from([0xff])]), '');
    for (const prepare of [() => undefined, () => git(root, 'init', '-q')]) {
      prepare();
      const { paths, refused } = await (await openWorkspace(root)).list();
      assert.deepEqual(paths, ['a']);
      assert.deepEqual(
        refused.map(({ reason }) => reason),
        ['its name is not UTF-8, rename it'],
      );
    }
  }));

test('a single file lists itself, whatever its name', () =>
  withTree({ 'odd.txt': 'FROM a', other: '' }, async (root) => {
    const workspace = await openWorkspace(join(root, 'odd.txt'));
    assert.deepEqual(await workspace.list(), { paths: ['odd.txt'], refused: [] });
    assert.equal(await workspace.read('odd.txt', 99), 'FROM a');
    await assert.rejects(workspace.read('other', 99), { code: 'not-found' });
  }));

test('a link that the user names is followed, and keeps its name', () =>
  withTree({ 'a/target': 'FROM a' }, async (root) => {
    symlinkSync(join(root, 'a/target'), join(root, 'Dockerfile'));
    const workspace = await openWorkspace(join(root, 'Dockerfile'));
    assert.deepEqual((await workspace.list()).paths, ['Dockerfile']);
    assert.equal(await workspace.read('Dockerfile', 99), 'FROM a');
  }));

test('nothing at the path is not found', () => assert.rejects(openWorkspace('/nonexistent/x'), { code: 'not-found' }));

test('a device is neither a file nor a folder', () =>
  assert.rejects(openWorkspace('/dev/null'), { code: 'unreadable' }));

function repository(files: Readonly<Record<string, string>>, use: (root: string) => Promise<void>): Promise<void> {
  return withTree(files, async (root) => {
    git(root, 'init', '-q');
    commitAll(root);
    await use(root);
  });
}

function commitAll(root: string): void {
  git(root, 'add', '-A');
  git(root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '--allow-empty', '-m', 'x');
}

/** Without the settings and variables of whoever runs the tests: a hook runs them inside another repository. */
function git(root: string, ...args: readonly string[]): void {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(kept), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  execFileSync('git', [...args], { cwd: root, env, stdio: 'pipe' });
}
