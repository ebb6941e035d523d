import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { newestVersion } from '../../../src/adapters/store/migrations.ts';
import { describeStore, openStore } from '../../../src/adapters/store/open-store.ts';
import { StoreError } from '../../../src/ports/store.ts';
import { withFolder } from './with-folder.ts';

const check = { tag: '24', attemptedAt: 1, outcome: 'verified', failures: 0, dueAt: 2 };

/** The message has to name the file and say what to do. */
function refusal(code: StoreError['code'], file: string, remedy: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.code, code);
    assert.ok(error.message.includes(file), error.message);
    assert.match(error.message, remedy);
    return true;
  };
}

/** Refused, and not a byte of it changed. */
function refuses(fact: string, make: (path: string) => void | Promise<void>, expected: RegExp, described = expected) {
  test(`${fact} is refused and left as it is`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/ledger.db`;
      await make(path);
      const before = readFileSync(path);
      await assert.rejects(openStore(path), refusal('unusable', path, expected));
      await assert.rejects(openStore(path), refusal('unusable', path, expected), 'no lock is left');
      assert.deepEqual(readFileSync(path), before);
      // SQLite leaves its log beside what it has read; nothing may wait there to be written.
      assert.equal(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0, 0);
      if (described !== expected) return;
      await assert.rejects(describeStore(path), refusal('unusable', path, described));
    }));
}

function execute(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

async function makeLedger(path: string): Promise<void> {
  const store = await openStore(path);
  const tags = Array.from({ length: 3000 }, (_, at) => ({ tag: `1.${at}` }));
  await store.record({ image: 'a', checks: [check], listing: { tags, gone: [], listedAt: 1 } });
  await store.close();
}

refuses('a file of text', (path) => writeFileSync(path, 'FROM debian:12\n'.repeat(500)), /no SQLite file.*move it/);
refuses("another program's database", (path) => execute(path, 'create table users (id integer)'), /something else/);
refuses(
  "another program's write-ahead database",
  (path) => execute(path, 'pragma journal_mode = wal; create table users (id integer)'),
  /something else/,
);
refuses(
  'a ledger cut off in the middle',
  async (path) => {
    await makeLedger(path);
    truncateSync(path, 40_960);
  },
  /damaged.*put a copy back/,
  /the version can be read where its page is whole/,
);
refuses(
  'a ledger overwritten in the middle',
  async (path) => {
    await makeLedger(path);
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 60_000, 100_000);
    writeFileSync(path, bytes);
  },
  /damaged.*put a copy back/,
  /the version can be read where its page is whole/,
);
test("a newer program's ledger is refused and left as it is", () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    await makeLedger(path);
    execute(path, 'update ledger_version set version = 7; create table novelty (id integer)');
    const before = readFileSync(path);
    await assert.rejects(openStore(path), refusal('unusable', path, /version 7.*update basekeeper/));
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(await describeStore(path), { version: 7, sizeBytes: before.length });
  }));

test('a folder is no ledger', () =>
  withFolder(async (folder) => {
    await assert.rejects(openStore(folder), refusal('unusable', folder, /check the room on the disk/));
  }));

test('a path below a file cannot be opened', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/file`, '');
    const path = `${folder}/file/deep/ledger.db`;
    await assert.rejects(openStore(path), refusal('unusable', path, /folder that can be written/));
    assert.equal(await describeStore(path), undefined);
    assert.equal(await describeStore(`${folder}/none.db`), undefined);
  }));

test('a name that no folder takes cannot be opened', () =>
  withFolder(async (folder) => {
    const path = `${folder}/${'x'.repeat(300)}`;
    await assert.rejects(openStore(path), refusal('unusable', path, /cannot lock/));
    await assert.rejects(describeStore(path), refusal('unusable', path, /folder that can be written/));
  }));

test('a lock that cannot be made is told', () =>
  withFolder(async (folder) => {
    mkdirSync(`${folder}/ledger.db.lock`);
    await assert.rejects(openStore(`${folder}/ledger.db`), refusal('unusable', `${folder}/ledger.db`, /cannot lock/));
    assert.ok(!existsSync(`${folder}/ledger.db`));
  }));

test('a new ledger and its folder are for their owner alone', () =>
  withFolder(async (folder) => {
    const path = `${folder}/state/deep/ledger.db`;
    const store = await openStore(path);
    await store.record({ image: 'a', checks: [check] });
    const rights = (name: string) => (statSync(name).mode & 0o777).toString(8);
    assert.equal(rights(`${folder}/state`), '700');
    assert.equal(rights(`${folder}/state/deep`), '700');
    assert.equal(rights(path), '600');
    assert.equal(rights(`${path}-wal`), '600');
    await store.close();
    assert.deepEqual(readdirSync(`${folder}/state/deep`).sort(), ['ledger.db', 'ledger.db.lock']);
  }));

test('what was recorded is there when it is opened again', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    await makeLedger(path);
    const store = await openStore(path);
    assert.deepEqual((await store.readImages(['a'])).get('a')?.checks, [check]);
    await store.close();
  }));

test('only one at a time writes, by whatever way it is named', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    symlinkSync('ledger.db', `${folder}/link.db`);
    const store = await openStore(path);
    const refused = refusal('busy', path, /another process writes it now; wait/);
    await assert.rejects(openStore(path), refused);
    await assert.rejects(openStore(`${folder}/link.db`), refused);
    await store.record({ image: 'a', checks: [check] });
    await store.close();
    const next = await openStore(`${folder}/link.db`);
    assert.deepEqual((await next.readImages(['a'])).get('a')?.checks, [check]);
    await next.close();
  }));

test('a ledger can be described while it is written', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    const store = await openStore(path);
    await store.record({ image: 'a', checks: [check] });
    const described = await describeStore(path);
    assert.equal(described?.version, newestVersion);
    assert.equal(described.sizeBytes, statSync(path).size + statSync(`${path}-wal`).size);
    await assert.rejects(openStore(path), refusal('busy', path, /wait/), 'describing does not end the lock');
    await store.close();
  }));

test('a program that holds the file itself is told as such', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    const store = await openStore(path);
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    await assert.rejects(
      store.record({ image: 'a', checks: [check] }),
      refusal('busy', path, /another program holds it; close/),
    );
    other.exec('rollback');
    other.close();
    await store.record({ image: 'a', checks: [check] });
    await store.close();
  }));

test('many forms of one query do not pile up', () =>
  withFolder(async (folder) => {
    const store = await openStore(`${folder}/ledger.db`);
    const images = Array.from({ length: 250 }, (_, at) => `image-${at}`);
    for (const [at, image] of images.entries()) {
      const tags = images.slice(0, at).map((tag) => ({ tag }));
      await store.record({ image, listing: { tags, gone: [], listedAt: at } });
    }
    const read = await store.readImages(images);
    for (const [at, image] of images.entries()) assert.equal(read.get(image)?.tags.length, at);
    await store.close();
  }));
