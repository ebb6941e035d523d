import assert from 'node:assert/strict';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ContentCache, sha256 } from '../../../src/adapters/registry/content-cache.ts';
import { run } from '../../e2e/command.ts';

const startAt = Date.UTC(2026, 10, 23);

async function cacheIn(context: TestContext, maxBytes?: number) {
  const folder = await mkdtemp(join(tmpdir(), 'basekeeper-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const clock = { now: startAt };
  const cache = new ContentCache(folder, () => clock.now, maxBytes);
  const pathOf = (bytes: Uint8Array) => {
    const hex = sha256(bytes).slice('sha256:'.length);
    return join(folder, 'sha256', hex.slice(0, 2), hex);
  };
  /** Written at the clock's time, which the disk does not know. */
  const write = async (bytes: Uint8Array) => {
    await cache.write(sha256(bytes), bytes);
    await utimes(pathOf(bytes), clock.now / 1000, clock.now / 1000).catch(() => undefined);
    clock.now += 1000;
  };
  const isThere = async (bytes: Uint8Array) => (await cache.read(sha256(bytes))) !== undefined;
  return { folder, clock, cache, pathOf, write, isThere };
}

const hundred = (letter: string) => Buffer.alloc(100, letter);

test('what was read lately stays, what was not goes first, in the middle of a long run', async (context) => {
  const { cache, write, isThere } = await cacheIn(context, 300);
  for (const letter of 'abc') await write(hundred(letter));
  assert.ok(await cache.read(sha256(hundred('a'))));
  await write(hundred('d'));
  assert.deepEqual(await Promise.all([...'abcd'].map((letter) => isThere(hundred(letter)))), [true, false, true, true]);
});

test('little is written before the folder is looked at again, and what is over goes at the end', async (context) => {
  const { cache, folder, clock, pathOf, write } = await cacheIn(context, 1000);
  const old = hundred('o');
  for (const letter of 'abcdefghij') await write(hundred(letter));
  await mkdir(dirname(pathOf(old)), { recursive: true });
  await writeFile(pathOf(old), old);
  await utimes(pathOf(old), 1, 1);
  clock.now += 1000;
  await cache.writeNote('a note', true);
  assert.ok(await lstat(pathOf(old)));
  await cache.trim();
  await assert.rejects(lstat(pathOf(old)), { code: 'ENOENT' });
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (entry) => (await lstat(join(entry.parentPath, entry.name))).size));
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 1000, String(sizes));
});

test('what a link in the folder leads to is never removed', async (context) => {
  const { folder, write } = await cacheIn(context, 150);
  const outside = await mkdtemp(join(tmpdir(), 'basekeeper-outside-'));
  context.after(() => rm(outside, { recursive: true }));
  await writeFile(join(outside, 'precious'), hundred('p'));
  await utimes(join(outside, 'precious'), 1, 1);
  await symlink(outside, join(folder, 'folder'));
  await symlink(join(outside, 'precious'), join(folder, 'file'));
  for (const letter of 'abcd') await write(hundred(letter));
  assert.deepEqual(await readFile(join(outside, 'precious')), hundred('p'));
});

test('a pipe, a link to one and a link to a device are no content, and are replaced', {
  timeout: 10_000,
}, async (context) => {
  const { cache, folder, pathOf, isThere } = await cacheIn(context);
  const pipe = join(folder, 'pipe');
  await run('mkfifo', [pipe], { cwd: folder });
  for (const [letter, put] of [
    ['a', (path: string) => run('mkfifo', [path], { cwd: folder })],
    ['b', (path: string) => symlink(pipe, path)],
    ['c', (path: string) => symlink('/dev/zero', path)],
  ] as const) {
    const path = pathOf(hundred(letter));
    await mkdir(dirname(path), { recursive: true });
    await put(path);
    assert.equal(await isThere(hundred(letter)), false);
    await cache.write(sha256(hundred(letter)), hundred(letter));
    assert.equal(await isThere(hundred(letter)), true);
    assert.ok((await lstat(path)).isFile());
  }
});

test('a file that is larger than any content is not read', async (context) => {
  const { pathOf, write, isThere } = await cacheIn(context);
  await write(hundred('a'));
  // Without its blocks: reading it would take as much memory.
  await truncate(pathOf(hundred('a')), 1024 ** 3);
  const before = process.memoryUsage().arrayBuffers;
  assert.equal(await isThere(hundred('a')), false);
  assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 ** 2);
});

test('half a file is no content', async (context) => {
  const { pathOf, write, isThere } = await cacheIn(context);
  await write(hundred('a'));
  await truncate(pathOf(hundred('a')), 50);
  assert.equal(await isThere(hundred('a')), false);
});

test('a folder that may only be read costs nothing but its use', async (context) => {
  const { cache, folder, pathOf, write, isThere } = await cacheIn(context, 150);
  for (const letter of 'ab') await write(hundred(letter));
  await writeFile(pathOf(hundred('b')), 'damaged');
  await chmod(dirname(pathOf(hundred('b'))), 0o555);
  await withoutPrivileges(folder, async () => {
    assert.equal(await isThere(hundred('b')), false);
    await cache.write(sha256(hundred('b')), hundred('b'));
    await cache.write(sha256(hundred('c')), hundred('c'));
    await cache.trim();
  });
});

test('who reads while many write finds whole content or none', async (context) => {
  const { folder, cache } = await cacheIn(context);
  const content = Buffer.alloc(1024 * 1024, 'x');
  const digest = sha256(content);
  const writers = Array.from({ length: 8 }, () => new ContentCache(folder, () => startAt).write(digest, content));
  const readers = Array.from({ length: 8 }, () => cache.read(digest));
  for (const read of await Promise.all(readers)) assert.ok(read === undefined || content.equals(read));
  await Promise.all(writers);
  assert.ok(content.equals((await cache.read(digest)) ?? Buffer.alloc(0)));
  const names = await readdir(folder, { recursive: true });
  assert.deepEqual(
    names.filter((name) => name.endsWith('.tmp')),
    [],
  );
});

for (const note of ['null', '[]', '{"at":"now","value":1}', '{"at":9e99,"value":1}', '{"at":1', ''])
  test(`a note that says ${note || 'nothing'} is none`, async (context) => {
    const { cache, folder } = await cacheIn(context);
    await cache.writeNote('a', 1);
    const [file] = (await readdir(join(folder, 'notes'), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    assert.equal(await cache.readNote('a'), 1);
    await writeFile(join(file?.parentPath ?? '', file?.name ?? ''), note);
    assert.equal(await cache.readNote('a'), undefined);
  });

/** To the superuser every folder is writable. */
async function withoutPrivileges(folder: string, use: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return use();
  const nobody = 65_534;
  for (const name of ['', ...(await readdir(folder, { recursive: true }))])
    await chown(join(folder, name), nobody, nobody);
  process.seteuid?.(nobody);
  try {
    await use();
  } finally {
    process.seteuid?.(0);
  }
}
