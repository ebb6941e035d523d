import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type Workspace, WorkspaceError } from '../../src/ports/workspace.ts';

/** A folder with the given files, gone when `use` ends. A value that starts with `-> ` is a link. */
export async function withTree(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (root: string) => Promise<void>,
): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'workspace-'));
  const root = join(parent, 'root');
  try {
    mkdirSync(root);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), join(root, path));
      else writeFileSync(join(root, path), content);
    }
    await use(root);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

type Subject = {
  readonly name: string;
  /** Makes the folder what the subject is about (a git work tree) and opens it. */
  open(root: string): Promise<Workspace>;
};

/** What every workspace has to do, whatever it lists by. */
export function workspaceContract(subject: Subject): void {
  treeContract(subject);
  liveContract(subject);
}

/** The part that holds of a commit too: all that is listed was committed. */
export function treeContract({ name, open }: Subject): void {
  const lists = listing({ name, open });

  lists('files are listed sorted, with their folders', { 'b/Dockerfile': '', 'a.txt': '', 'b/c/d': '' }, [
    'a.txt',
    'b/Dockerfile',
    'b/c/d',
  ]);
  lists('an empty folder lists nothing', {}, []);
  lists(
    'ignored files are left out',
    { '.gitignore': '*.log\n/out/\n', 'a.log': '', 'out/Dockerfile': '', 'b/out/x': '' },
    ['.gitignore', 'b/out/x'],
  );
  lists(
    'an inner .gitignore counts from its folder',
    { 'a/.gitignore': '/x\n!k.log\n', '.gitignore': '*.log\n', 'a/x': '', x: '', 'a/k.log': '', 'k.log': '' },
    ['.gitignore', 'a/.gitignore', 'a/k.log', 'x'],
  );
  lists('what lies in an ignored folder cannot be taken back', { '.gitignore': 'd/\n!d/x\n', 'd/x': '' }, [
    '.gitignore',
  ]);
  lists('ignore patterns tell upper from lower case', { '.gitignore': 'dockerfile\r\n', Dockerfile: '' }, [
    '.gitignore',
    'Dockerfile',
  ]);
  lists(
    'odd names are listed as they are',
    { '-rf': '', 'a\nb/Dockerfile': '', 'ü 漢.yml': '', 'q\'"': '', '$(x)': '' },
    ['$(x)', '-rf', 'a\nb/Dockerfile', 'q\'"', 'ü 漢.yml'],
  );
  lists('a link to a listed file is not a second file', { Dockerfile: 'FROM a', 'b/Dockerfile': '-> ../Dockerfile' }, [
    'Dockerfile',
  ]);
  lists('a link to a folder is not entered', { 'a/Dockerfile': '', b: '-> a', 'a/up': '-> ..' }, ['a/Dockerfile']);
  test(`${name}: a link is listed when only its name is wanted`, () =>
    withTree({ 'build/main.docker': 'FROM a', Dockerfile: '-> build/main.docker' }, async (root) => {
      const workspace = await open(root);
      const { paths } = await workspace.list({ isWanted: (path) => path.endsWith('Dockerfile') });
      assert.deepEqual(paths, ['Dockerfile', 'build/main.docker']);
      assert.equal(await workspace.read('Dockerfile', 100), 'FROM a');
    }));

  for (const [fact, target, reason] of [
    ['out of the tree', '../outside', 'the link leads out of the tree'],
    ['to an absolute place', '/etc/passwd', 'the link leads out of the tree'],
    ['nowhere', 'gone', 'the link leads nowhere'],
    ['to itself', 'link', 'the link leads back to itself'],
    ['to a device', '/dev/zero', 'the link leads out of the tree'],
  ] as const) {
    test(`${name}: a link ${fact} is refused`, () =>
      withTree({ link: `-> ${target}` }, async (root) => {
        writeFileSync(join(dirname(root), 'outside'), 'secret');
        const workspace = await open(root);
        assert.deepEqual(await workspace.list(), { paths: [], refused: [{ path: 'link', reason, severity: 'error' }] });
        await assert.rejects(workspace.read('link', 100), WorkspaceError);
      }));
  }

  for (const [fact, content, maxBytes, expected] of [
    ['text is read whole', 'FROM a\n', 7, 'FROM a\n'],
    ['an empty file is empty text', '', 0, ''],
    ['a byte-order mark is kept', '\uFEFFFROM a', 100, '\uFEFFFROM a'],
    ['line ends are kept', 'a\r\nb\rc', 100, 'a\r\nb\rc'],
    ['one byte too many is too large', 'FROM a\n', 6, 'too-large'],
    ['a NUL byte is binary', 'a\0b', 100, 'binary'],
    ['UTF-16 is binary', Buffer.from('FROM a', 'utf16le'), 100, 'binary'],
    ['Latin-1 is no UTF-8', Buffer.from('# caf\u00e9', 'latin1'), 100, 'not-text'],
  ] as const) {
    test(`${name}: ${fact}`, () =>
      withTree({ file: content }, async (root) => {
        const reading = (await open(root)).read('file', maxBytes);
        if (/^[a-z]+-?[a-z]+$/.test(expected))
          await assert.rejects(reading, { name: 'WorkspaceError', code: expected });
        else assert.equal(await reading, expected);
      }));
  }

  for (const [path, code] of [
    ['gone', 'not-found'],
    ['a/b', 'not-found'],
    ['../outside', 'outside'],
    ['folder', 'unreadable'],
    ['x\0y', 'unreadable'],
  ] as const) {
    test(`${name}: reading ${JSON.stringify(path)} is refused as ${code}`, () =>
      withTree({ a: '', 'folder/x': '' }, async (root) => {
        writeFileSync(join(dirname(root), 'outside'), 'secret');
        await assert.rejects((await open(root)).read(path, 100), { name: 'WorkspaceError', code });
      }));
  }

  test(`${name}: reads run side by side`, () =>
    withTree({ a: 'A', b: 'B' }, async (root) => {
      const workspace = await open(root);
      assert.deepEqual(await Promise.all([workspace.read('a', 9), workspace.read('b', 9), workspace.read('a', 9)]), [
        'A',
        'B',
        'A',
      ]);
    }));
}

/** What only a folder can show: files that are not tracked, and what happens to them meanwhile. */
function liveContract({ name, open }: Subject): void {
  const lists = listing({ name, open });

  lists(
    'two links to one file that is not listed are one file',
    { '.gitignore': 'hidden\n', hidden: '', a: '-> hidden', b: '-> hidden' },
    ['.gitignore', 'a'],
  );

  test(`${name}: a socket is no file`, () =>
    withTree({ a: '' }, async (root) => {
      const server = createServer();
      await new Promise<void>((listening) => server.listen(join(root, 's.sock'), listening));
      try {
        const workspace = await open(root);
        assert.deepEqual((await workspace.list()).paths, ['a']);
        await assert.rejects(workspace.read('s.sock', 100), { code: 'unreadable' });
      } finally {
        await new Promise((closed) => server.close(closed));
      }
    }));

  test(`${name}: an unreadable folder is told, and the rest listed`, () =>
    withTree({ 'a/x': '', b: '' }, async (root) => {
      const workspace = await open(root);
      chmodSync(join(root, 'a'), 0);
      try {
        const { paths, refused } = await workspace.list();
        // The administrator may read everything.
        if (process.getuid?.() === 0) assert.deepEqual(paths, ['a/x', 'b']);
        else assert.deepEqual([paths, refused.map(({ path }) => path)], [['b'], ['a']]);
      } finally {
        chmodSync(join(root, 'a'), 0o700);
      }
    }));

  test(`${name}: a listed file that went away is told by the read`, () =>
    withTree({ a: 'x' }, async (root) => {
      const workspace = await open(root);
      await workspace.list();
      rmSync(join(root, 'a'));
      await assert.rejects(workspace.read('a', 10), { code: 'not-found' });
    }));
}

function listing({ name, open }: Subject) {
  return (fact: string, files: Readonly<Record<string, string>>, expected: readonly string[]) =>
    test(`${name}: ${fact}`, () =>
      withTree(files, async (root) => {
        const { paths } = await (await open(root)).list();
        assert.deepEqual(paths, expected);
      }));
}
