import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { newestVersion } from '../../../src/adapters/store/migrations.ts';
import { describeStore, openLedger, openStore } from '../../../src/adapters/store/open-store.ts';
import type { ComplianceLog } from '../../../src/ports/compliance-log.ts';
import type { EpisodeLog } from '../../../src/ports/episode-log.ts';
import { StoreError } from '../../../src/ports/store.ts';
import { episodeOf } from '../../domain/deadline/lived.ts';
import { numberedEpisode } from './numbered-episode.ts';
import { numberedLook } from './numbered-look.ts';
import { countRows, imageOf } from './numbered-observation.ts';
import { withFolder } from './with-folder.ts';

const program = join(import.meta.dirname, 'record-forever.ts');

/** Starts the writer and kills it with `kill -9` once it has said `lines` lines. @returns all that it said. */
async function killAfter(lines: number, path: string, first: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, path, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await readUntilDead(child, lines);
  assert.equal(child.signalCode, 'SIGKILL', 'it was killed, and did not fail by itself');
  return said;
}

async function readUntilDead(child: ChildProcess, lines: number): Promise<readonly string[]> {
  let text = '';
  const closed = once(child, 'close');
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    // The writer is somewhere behind what was read by now: in a transaction, between two, or in a checkpoint.
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await closed;
  return text.split('\n').slice(0, -1);
}

/** Checks every number below `bound`. @returns how many were recorded. */
async function checkLedger(path: string, acknowledged: ReadonlySet<number>, bound: number): Promise<number> {
  const { store, episodes, compliance } = await openLedger(path);
  const numbers = Array.from({ length: bound }, (_, number) => number);
  const ledgers = await store.readImages([...new Set(numbers.map(imageOf))]);
  const events = new Set((await store.listEvents()).map(({ at }) => at));
  const unread = new Set((await store.listUnread(bound)).map(({ tag }) => tag));
  await checkEpisodes(episodes, numbers, acknowledged);
  await checkLooks(compliance, numbers, acknowledged);
  await store.close();
  let recorded = 0;
  for (const number of numbers) {
    const ledger = ledgers.get(imageOf(number));
    assert.ok(ledger !== undefined);
    const { found, all } = countRows(number, ledger);
    const total = found + (events.has(number) ? 1 : 0) + (unread.has(`1.${number}`) ? 1 : 0);
    assert.ok(total === 0 || total === all + 2, `${number} is there in part: ${total} of ${all + 2}`);
    assert.ok(total > 0 || !acknowledged.has(number), `${number} was acknowledged and is lost`);
    if (total > 0) recorded += 1;
  }
  return recorded;
}

/** Each is there with all its events or not at all, and what was acknowledged is there. To write it again changes nothing. */
async function checkEpisodes(
  episodes: EpisodeLog,
  numbers: readonly number[],
  acknowledged: ReadonlySet<number>,
): Promise<void> {
  const { subject } = episodeOf();
  const read = async () => {
    const found = await episodes.ofRepository(subject.repository);
    return new Map(found.map((episode) => [episode.subject.path, episode.events]));
  };
  const before = await read();
  for (const number of numbers) {
    const expected = numberedEpisode(number);
    const found = before.get(expected[0]?.subject.path ?? '');
    assert.ok(found !== undefined || !acknowledged.has(number), `episode ${number} was acknowledged and is lost`);
    if (found === undefined) continue;
    assert.deepEqual(
      found,
      expected.map(({ event }) => event),
      `episode ${number} is there in part`,
    );
    if (number % 50 === 0) await episodes.append(expected);
  }
  assert.deepEqual(await read(), before);
}

/** Each look, one a day, is there with its counts and its places or not at all. To write the newest again changes nothing. */
async function checkLooks(
  log: ComplianceLog,
  numbers: readonly number[],
  acknowledged: ReadonlySet<number>,
): Promise<void> {
  const read = async () => {
    const spans = await log.listSpans();
    const ids = spans.map(({ id }) => id);
    const [counts, places] = [await log.readCounts(ids), await log.readPlaces(ids)];
    return new Map(spans.map(({ id, lastAt }) => [lastAt, [counts.get(id)?.uses, places.get(id)?.places[0]?.line]]));
  };
  const before = await read();
  for (const number of numbers) {
    const { at } = numberedLook(number);
    const found = before.get(at);
    assert.ok(found !== undefined || !acknowledged.has(number), `look ${number} was acknowledged and is lost`);
    if (found !== undefined) assert.deepEqual(found, [1, number], `look ${number} is there in part`);
  }
  const newest = numbers.findLast((number) => before.has(numberedLook(number).at));
  if (newest !== undefined) await log.record(numberedLook(newest));
  assert.deepEqual(await read(), before);
}

function checkIntegrity(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  const found = database.prepare('pragma integrity_check').all();
  database.close();
  assert.deepEqual(
    found.map((row) => Object.values(row)),
    [['ok']],
  );
}

test('what was acknowledged outlives kill -9 at any point, whole, and the ledger goes on at once', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    const acknowledged = new Set<number>();
    const cycles = new Set<string>();
    let next = 0;
    // One line: while it is made. Two: before the first record. The last ones meet checkpoints, each thousand pages.
    for (const lines of [1, 1, 2, 3, 4, 7, 11, 19, 30, 47, 75, 120]) {
      for (const line of await killAfter(lines, path, next)) {
        const [what, value = ''] = line.split(' ');
        if (what === 'cycle') cycles.add(value);
        if (what === 'recorded') acknowledged.add(Number(value));
      }
      next = Math.max(next - 1, ...acknowledged) + 2;
      assert.ok((await describeStore(path)) !== undefined || acknowledged.size === 0);
      const recorded = await checkLedger(path, acknowledged, next);
      assert.ok(recorded >= acknowledged.size);
      checkIntegrity(path);
    }
    assert.ok(acknowledged.size > 250);
    assert.equal(cycles.size, 1, 'every run went on with the unfinished cycle');
  }));

test('a ledger whose maker was killed before it stood is described, and made anew', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    // More than fits into its cache: SQLite has written to the file, and its journal says what was there before.
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(process.argv[1]);
      database.exec('pragma cache_size = 1; pragma cache_spill = 1; begin; create table a (b)');
      for (let at = 0; at < 200; at += 1) database.prepare('insert into a values (?)').run('x'.repeat(4000));
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['-e', script, path], { stdio: 'inherit' });
    await once(child, 'close');
    assert.equal(child.signalCode, 'SIGKILL');
    assert.equal((await describeStore(path))?.version, 0);
    await (await openStore(path)).close();
    assert.equal((await describeStore(path))?.version, newestVersion);
    checkIntegrity(path);
  }));

test('a second writer is turned away until the first is gone, and a killed one leaves no lock', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    try {
      await saying(child, 'recorded 3\n');
      await assert.rejects(openStore(path), (error) => error instanceof StoreError && error.code === 'busy');
      assert.equal((await describeStore(path))?.version, newestVersion, 'it can be described meanwhile');
      assert.equal(child.exitCode, null, 'the first goes on');
    } finally {
      child.kill('SIGKILL');
    }
    await closed;
    await (await openStore(path)).close();
  }));

test('a full disk is told as such, and what was acknowledged stays', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    // No file of the writer may grow beyond 400 KiB.
    const limited = ['-c', 'ulimit -f 400; exec "$@"', 'limited', process.execPath, program, path];
    const child = spawn('bash', limited, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = await readUntilDead(child, Number.POSITIVE_INFINITY);
    assert.match(
      said.at(-1) ?? '',
      /^refused unusable: cannot use the ledger .*ledger\.db: .*check the room on the disk/,
    );
    const acknowledged = new Set(
      said.flatMap((line) => (line.startsWith('recorded ') ? [Number(line.split(' ')[1])] : [])),
    );
    assert.ok(acknowledged.size > 0);
    assert.equal(await checkLedger(path, acknowledged, acknowledged.size + 1), acknowledged.size);
    checkIntegrity(path);
  }));

function saying(child: ChildProcess, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes(wanted)) resolve();
    });
    child.once('close', () => reject(new Error(`the writer ended after ${text}`)));
  });
}
