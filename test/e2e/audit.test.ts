import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { PatchReport } from '../../src/flows/deadlines/report-patching.ts';
import { basekeeper } from './command.ts';
import { ask, look } from './followed.ts';
import { inScannedTree, type Scanned } from './scanned.ts';

const files = { Dockerfile: 'FROM debian:12-slim\n' };
const audit = ({ path, env }: Scanned, ...args: readonly string[]) =>
  basekeeper(['audit', ...args], { cwd: path, env });

async function headOf(world: Scanned): Promise<string> {
  const { stdout } = await ask(world, 'report', '2026-12-20T00:00:00Z', '--format', 'json');
  return (JSON.parse(stdout) as PatchReport).audit.head;
}

test('an export is held against the head of a report, a later one begins with it, and what was changed is found', () =>
  inScannedTree(files, async (world) => {
    const { path, push } = world;
    const nothing = await audit(world, 'export');
    assert.deepEqual([nothing.code, nothing.stdout], [0, '']);
    push('library/debian', '12-slim', 'old');
    await look(world, '2026-11-25T08:00:00Z');
    const [reported, exported] = [await headOf(world), await audit(world, 'export', '-o', 'first.jsonl')];
    assert.deepEqual([exported.code, exported.stdout], [0, '']);
    assert.match(exported.stderr, new RegExp(`events\\. Head: ${reported}`));

    push('library/debian', '12-slim', 'new');
    await look(world, '2026-11-26T08:00:00Z');
    const later = await audit(world, 'export');
    const first = await readFile(`${path}/first.jsonl`, 'utf8');
    assert.ok(later.stdout.length > first.length && later.stdout.startsWith(first));
    await writeFile(`${path}/second.jsonl`, later.stdout);
    assert.equal((await audit(world, 'verify', 'second.jsonl', '--head', await headOf(world))).code, 0);
    assert.equal((await audit(world, 'verify', 'second.jsonl', '--head', reported)).code, 0);
    const old = await audit(world, 'verify', 'first.jsonl', '--head', await headOf(world));
    assert.equal(old.code, 1, old.stdout);

    const part = await audit(world, 'export', '--since', '2026-11-26', '-o', 'part.jsonl');
    const [, after = ''] = /--after ([0-9a-f]{64})/.exec(part.stderr) ?? [];
    assert.equal((await audit(world, 'verify', 'part.jsonl', '--after', after)).code, 0);
    assert.equal((await audit(world, 'verify', 'part.jsonl')).code, 1);

    await writeFile(`${path}/second.jsonl`, later.stdout.replace('"severity":"critical"', '"severity":"low"'));
    const { code, stdout } = await audit(world, 'verify', 'second.jsonl', '--json');
    assert.deepEqual(
      [code, (JSON.parse(stdout) as { readonly broken: { readonly kind: string } }).broken.kind],
      [1, 'changed'],
    );
    assert.equal((await audit(world, 'verify', 'none.jsonl')).code, 2);
    assert.equal((await audit(world, 'verify', 'second.jsonl', '--head', 'abc')).code, 2);
  }));

test('a ledger that was changed by hand is told by its own export', () =>
  inScannedTree(files, async (world) => {
    world.push('library/debian', '12-slim', 'old');
    await look(world, '2026-11-25T08:00:00Z');
    const database = new DatabaseSync(`${world.path}/state/ledger.sqlite`);
    database.exec(`update episode_events set at = at + 86400000 where sequence = 3`);
    database.close();
    const { code, stderr, stdout } = await audit(world, 'export');
    assert.deepEqual([code, stdout.split('\n').length > 3], [1, true]);
    assert.match(stderr, /the ledger was changed: event 3 was changed, its hash is not that of its content/);
  }));
