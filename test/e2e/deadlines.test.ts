import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { PatchReport } from '../../src/flows/deadlines/report-patching.ts';
import { ask, listed, look } from './followed.ts';
import { inScannedTree } from './scanned.ts';

const files = { Dockerfile: 'FROM debian:12-slim\n' };

test('what nobody followed yet is told as such', () =>
  inScannedTree(files, async (world) => {
    const { stdout, code } = await ask(world, 'deadlines', '2026-11-25T08:00:00Z', '--fail-on', 'late');
    assert.equal(code, 0);
    assert.match(stdout, /No finding is open\. basekeeper monitor --scan follows those/);
  }));

test('one finding is closed in time, one waits for its base and is late in the end', () =>
  inScannedTree(files, async (world) => {
    const { path, push } = world;
    await appendFile(`${path}/policy.yaml`, 'deadlines: { releases: branch }\n');
    push('library/debian', '12-slim', 'old');
    const first = await look(world, '2026-11-25T08:00:00Z');
    assert.deepEqual([first.detected, first.open, first.late, first.unproven], [4, 4, 0, []]);
    assert.deepEqual(await listed(world, '2026-11-25T09:00:00Z'), [
      'CVE-2026-0001 critical paused awaiting-base',
      'CVE-2026-0003 high paused awaiting-base',
      'CVE-2026-0004 high paused awaiting-base',
      'CVE-2026-0002 low watching no-fix',
    ]);
    const again = await look(world, '2026-11-25T08:30:00Z');
    assert.deepEqual([again.detected, again.open], [0, 4], 'the same is told once');

    push('library/debian', '12-slim', 'new');
    const second = await look(world, '2026-11-26T08:00:00Z');
    assert.deepEqual([second.merged, second.closed, second.late], [2, 2, 0]);
    const waiting = await ask(world, 'deadlines', '2026-11-26T09:00:00Z');
    assert.match(waiting.stdout, /1 HIGH, 1 MEDIUM: CVE-2026-0004 perl and 1 more/);
    assert.match(waiting.stdout, /supplier: a fix is out since 2026-11-25, no base in the line has it/);

    // Seven days of waiting at most, then seven days of running.
    const over = await ask(world, 'deadlines', '2026-12-10T08:00:01Z', '--fail-on', 'late');
    assert.equal(over.code, 1, over.stdout);
    assert.match(over.stdout, /late by .*CVE-2026-0004 perl/);
    assert.equal((await ask(world, 'deadlines', '2026-12-09T07:00:00Z', '--fail-on', 'late')).code, 0);
    assert.equal((await look(world, '2026-12-10T09:00:00Z')).breached, 1);
  }));

test('a dry run writes nothing down', () =>
  inScannedTree(files, async (world) => {
    world.push('library/debian', '12-slim', 'old');
    world.trivy();
    const { stdout } = await world.run('monitor', '--dry-run');
    assert.match(stdout, /Deadlines: 4 findings open, none late; 4 new/);
    assert.deepEqual(await listed(world, '2026-11-25T09:00:00Z'), []);
  }));

test('the report of a life tells each part of it, in every format, from a file that is whole', () =>
  inScannedTree(files, async (world) => {
    const { path, push } = world;
    await appendFile(`${path}/policy.yaml`, 'deadlines: { releases: branch }\n');
    push('library/debian', '12-slim', 'old');
    await look(world, '2026-11-25T08:00:00Z');
    push('library/debian', '12-slim', 'new');
    await look(world, '2026-11-26T08:00:00Z');
    const report = (...args: readonly string[]) =>
      ask(world, 'report', '2026-12-20T00:00:00Z', '--since', '2026-11-01', ...args);
    const told = JSON.parse((await report('--format', 'json')).stdout) as PatchReport;
    const { closedInTime, closedLate, openLate, watching, lateBy } = told.total;
    assert.deepEqual([closedInTime, closedLate, openLate, watching, lateBy], [2, 0, 1, 1, { supplier: 1, ours: 0 }]);
    // To the second: each look takes its instant when its scans are done.
    assert.equal(Math.round((told.total.exposure?.medianMs ?? 0) / 60_000), 24 * 60);

    const { code, stdout } = await report('--format', 'html', '-o', 'report.html');
    assert.deepEqual([code, stdout], [0, ''], 'a report judges nothing');
    assert.match(await readFile(`${path}/report.html`, 'utf8'), /66 % in time: 2 of 3 findings that fell due/);
    assert.match(
      (await report()).stdout.replace(/\s+/g, ' '),
      /1 late, 1 of them open: 1 waited for the supplier’s base/,
    );
    assert.equal((await report('--since', '2027-01-01')).code, 2);
    assert.equal((await report('-o', 'none/report.html')).code, 2);
  }));
