import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createOwnStorage } from '../../../src/adapters/storage/create-own-storage.ts';
import { describeStore, openStore } from '../../../src/adapters/store/open-store.ts';

const folder = await mkdtemp(join(tmpdir(), 'storage-'));
test.after(() => rm(folder, { recursive: true }));
await writeFile(join(folder, 'file'), 'x');

function inspect(places: { readonly ledgerFile?: string; readonly cacheFolder?: string }) {
  return createOwnStorage({ ...places, describeLedger: describeStore });
}

test('a ledger tells its version and size, also while it is written', async (context) => {
  const path = join(folder, 'state', 'ledger.sqlite');
  const store = await openStore(path);
  context.after(() => store.close());
  const ledger = await inspect({ ledgerFile: path }).inspectLedger();
  assert.equal(ledger.kind, 'ledger');
  if (ledger.kind !== 'ledger') return;
  assert.ok(ledger.version >= 1);
  assert.ok(ledger.sizeBytes > 0);
});

test('what is absent is told, and not made', async () => {
  const path = join(folder, 'new', 'deep', 'ledger.sqlite');
  const cacheFolder = join(folder, 'new', 'cache');
  const storage = inspect({ ledgerFile: path, cacheFolder });
  assert.deepEqual(await storage.inspectLedger(), { kind: 'absent', path });
  assert.deepEqual(await storage.inspectCache(), { kind: 'absent', path: cacheFolder });
  assert.ok(!(await readdir(folder)).includes('new'));
});

test('a folder below a file cannot be used', async () => {
  const ledgerFile = join(folder, 'file', 'deep', 'ledger.sqlite');
  const cacheFolder = join(folder, 'file');
  const reason = `${join(folder, 'file')} is no folder`;
  const storage = inspect({ ledgerFile, cacheFolder });
  assert.deepEqual(await storage.inspectLedger(), { kind: 'unusable', path: ledgerFile, reason });
  assert.deepEqual(await storage.inspectCache(), { kind: 'unusable', path: cacheFolder, reason });
});

test('what is no ledger cannot be used', async () => {
  const path = join(folder, 'broken.sqlite');
  await writeFile(path, 'this is no database, and never was one\n'.repeat(100));
  const ledger = await inspect({ ledgerFile: path }).inspectLedger();
  assert.equal(ledger.kind, 'unusable');
});

test('a cache is measured without following links', async () => {
  const path = join(folder, 'cache');
  await mkdir(join(path, 'a', 'b'), { recursive: true });
  await writeFile(join(path, 'one'), '12345');
  await writeFile(join(path, 'a', 'b', 'two'), '123');
  await writeFile(join(folder, 'large'), 'x'.repeat(10_000));
  await symlink(folder, join(path, 'a', 'up'));
  await symlink(join(folder, 'large'), join(path, 'large'));
  const cache = await inspect({ cacheFolder: path }).inspectCache();
  assert.equal(cache.kind, 'cache');
  if (cache.kind !== 'cache') return;
  assert.deepEqual([cache.files, cache.isCountedWhole], [4, true]);
  assert.ok(cache.sizeBytes < 1000, `${cache.sizeBytes}`);
});

test('without a home there is no place', async () => {
  assert.deepEqual(await inspect({}).inspectLedger(), { kind: 'homeless' });
  assert.deepEqual(await inspect({}).inspectCache(), { kind: 'homeless' });
});
