import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeadlinesResult } from '../../src/flows/deadlines/list-deadlines.ts';
import { ask, look } from './followed.ts';
import { inScannedTree, type Scanned } from './scanned.ts';

const files = { Dockerfile: 'FROM debian:12-slim\n' };

async function named(world: Scanned, at: string): Promise<readonly string[]> {
  const { stdout } = await ask(world, 'deadlines', at, '--json');
  const { episodes } = JSON.parse(stdout) as DeadlinesResult;
  return episodes.flatMap(({ id, alternatives }) => alternatives.map(({ reference }) => `${id} ${reference}`));
}

test('another line that scans free of a CRITICAL finding is named, as long as it does', () =>
  inScannedTree(files, async (world) => {
    const { push } = world;
    push('library/debian', '12-slim', 'old');
    push('library/debian', '13-slim', 'new');
    await look(world, '2026-11-25T08:00:00Z');
    assert.deepEqual(await named(world, '2026-11-25T09:00:00Z'), ['CVE-2026-0001 docker.io/library/debian:13-slim']);
    const { stdout } = await ask(world, 'deadlines', '2026-11-25T09:00:00Z');
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /debian:13-slim scans free of CVE-2026-0001: basekeeper advise debian:12-slim tells what a move breaks/,
    );

    push('library/debian', '13-slim', 'app-on-old');
    await look(world, '2026-11-25T10:00:00Z');
    assert.deepEqual(await named(world, '2026-11-25T11:00:00Z'), []);
    const later = await ask(world, 'deadlines', '2026-11-25T11:00:00Z');
    assert.match(later.stdout.replace(/\s+/g, ' '), /basekeeper advise debian:TAG names lines and variants/);
  }));
