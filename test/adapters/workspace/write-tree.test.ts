import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTreeWriter } from '../../../src/adapters/workspace/write-tree.ts';
import { WorkspaceError } from '../../../src/ports/workspace.ts';
import { makeTree } from '../../e2e/command.ts';

async function inTree(use: (root: string) => Promise<void>): Promise<void> {
  const { path, remove } = await makeTree({ 'a/Dockerfile': 'FROM a:1\n', outside: 'FROM a:1\n' });
  try {
    await use(path);
  } finally {
    await remove();
  }
}

const code = (wanted: WorkspaceError['code']) => (error: unknown) =>
  error instanceof WorkspaceError && error.code === wanted;

test('a file is replaced as a whole, with its mode', () =>
  inTree(async (root) => {
    await chmod(join(root, 'a/Dockerfile'), 0o741);
    await openTreeWriter(root, true).replace('a/Dockerfile', 'FROM a:1\n', '\uFEFFFROM a:2\r\n');
    assert.equal(await readFile(join(root, 'a/Dockerfile'), 'utf8'), '\uFEFFFROM a:2\r\n');
    assert.equal((await stat(join(root, 'a/Dockerfile'))).mode & 0o777, 0o741);
    assert.deepEqual(await readdir(join(root, 'a')), ['Dockerfile']);
  }));

test('a file that was changed meanwhile keeps the change', () =>
  inTree(async (root) => {
    await writeFile(join(root, 'a/Dockerfile'), 'FROM b:1\n');
    await assert.rejects(
      openTreeWriter(root, true).replace('a/Dockerfile', 'FROM a:1\n', 'FROM a:2\n'),
      code('changed'),
    );
    assert.equal(await readFile(join(root, 'a/Dockerfile'), 'utf8'), 'FROM b:1\n');
  }));

test('a file that grew meanwhile keeps its end', () =>
  inTree(async (root) => {
    await writeFile(join(root, 'a/Dockerfile'), `FROM a:1\n${'#'.repeat(1000)}`);
    await assert.rejects(openTreeWriter(root, true).replace('a/Dockerfile', 'FROM a:1\n', 'x'), code('changed'));
    assert.equal((await readFile(join(root, 'a/Dockerfile'), 'utf8')).length, 1009);
  }));

test('a file that is no text meanwhile keeps what it holds', () =>
  inTree(async (root) => {
    for (const bytes of [Buffer.from([0, 1]), Buffer.from([0xff])]) {
      await writeFile(join(root, 'a/Dockerfile'), bytes);
      await assert.rejects(openTreeWriter(root, true).replace('a/Dockerfile', 'FROM a:1\n', 'x'), code('changed'));
      assert.deepEqual(await readFile(join(root, 'a/Dockerfile')), bytes);
    }
  }));

test('a link within the tree stays a link', () =>
  inTree(async (root) => {
    await symlink('a/Dockerfile', join(root, 'Dockerfile'));
    await openTreeWriter(root, true).replace('Dockerfile', 'FROM a:1\n', 'FROM a:2\n');
    assert.ok((await lstat(join(root, 'Dockerfile'))).isSymbolicLink());
    assert.equal(await readFile(join(root, 'a/Dockerfile'), 'utf8'), 'FROM a:2\n');
  }));

test('nothing is written out of the tree, or into .git', () =>
  inTree(async (root) => {
    await symlink('../outside', join(root, 'a/link'));
    await mkdir(join(root, 'a/.git'));
    await writeFile(join(root, 'a/.git/config'), 'FROM a:1\n');
    const writer = openTreeWriter(join(root, 'a'), true);
    for (const path of ['link', '../outside', '.git/config'])
      await assert.rejects(writer.replace(path, 'FROM a:1\n', 'FROM a:2\n'), code('outside'));
    assert.equal(await readFile(join(root, 'outside'), 'utf8'), 'FROM a:1\n');
  }));

test('a folder is no file, and what is missing is told', () =>
  inTree(async (root) => {
    const writer = openTreeWriter(root, true);
    await assert.rejects(writer.replace('a', '', 'x'), code('unreadable'));
    await assert.rejects(writer.replace('b/Dockerfile', '', 'x'), code('not-found'));
  }));

test('one file is written by the name that its workspace gives it', () =>
  inTree(async (root) => {
    await openTreeWriter(join(root, 'outside'), false).replace('any name', 'FROM a:1\n', 'FROM a:2\n');
    assert.equal(await readFile(join(root, 'outside'), 'utf8'), 'FROM a:2\n');
  }));
