import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from './followed.ts';
import { askedOf, startMonitored } from './monitored.ts';
import { inScannedTree } from './scanned.ts';
import { watchOnce } from './watch-once.ts';

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`monitor --every ends by ${signal} between two cycles, and the next run asks only for what is due`, async () => {
    const monitored = await startMonitored({ Dockerfile: 'FROM node:24-alpine\n' });
    try {
      const { hub } = monitored;
      hub.content.push({ repository: 'library/node', tag: '24-alpine', platforms: ['linux/amd64'] });
      const first = await watchOnce(monitored, signal);
      assert.equal(first.code, 130);
      assert.match(first.stderr, /interrupted; nothing half-written was left behind/);
      assert.deepEqual([first.result.asked, first.result.verified], [1, { count: 1, of: 1 }]);
      assert.equal(askedOf(hub), 'head 1, list 1, ping 1');
      const second = await watchOnce(monitored, signal);
      assert.equal(second.code, 130);
      // The cycle before was closed, and the lock on the ledger went with its process.
      assert.deepEqual([second.result.asked, second.result.isResumed], [0, false]);
      assert.deepEqual(second.result.verified, { count: 1, of: 1 });
      assert.equal(second.result.nextDueAt, first.result.nextDueAt);
      assert.equal(hub.log.counts().head, undefined);
    } finally {
      await monitored.close();
    }
  });

test('a line of monitor --every --json holds nothing that a terminal obeys', async () => {
  const folder = 'a\u009b2J\u202e';
  const monitored = await startMonitored({ [`${folder}/Dockerfile`]: 'FROM node:24-alpine\n' });
  try {
    monitored.hub.content.push({ repository: 'library/node', tag: '24-alpine', platforms: ['linux/amd64'] });
    const { line, result } = await watchOnce(monitored, 'SIGTERM');
    assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u202e]/);
    assert.equal(result.images[0]?.uses[0]?.path, `${folder}/Dockerfile`);
  } finally {
    await monitored.close();
  }
});

test('monitor --every looks again at what a clock that was years ahead has seen', async () => {
  const monitored = await startMonitored({ Dockerfile: 'FROM node:24-alpine\n' });
  try {
    monitored.hub.content.push({ repository: 'library/node', tag: '24-alpine', platforms: ['linux/amd64'] });
    assert.equal((await monitored.monitor('--now', '2046-11-20T08:00:00Z')).code, 0);
    const { result } = await watchOnce(monitored, 'SIGTERM');
    assert.deepEqual([result.asked, result.verified], [1, { count: 1, of: 1 }]);
    assert.ok(Date.parse(result.nextDueAt ?? '') < Date.parse('2046-01-01'), `${result.nextDueAt}`);
  } finally {
    await monitored.close();
  }
});

test('the base of an open CRITICAL finding is asked for each hour until an update mends it, all others at their own time', () =>
  inScannedTree({ Dockerfile: 'FROM debian:12-slim\n', 'other/Dockerfile': 'FROM debian-other:1\n' }, async (world) => {
    world.push('library/debian', '12-slim', 'old');
    world.push('library/debian-other', '1', 'new');
    const asked = async (at: string) => (await watchOnce(world, 'SIGTERM', '--now', at)).result.asked;
    await look(world, '2026-11-25T08:00:00Z');
    assert.deepEqual(await asked('2026-11-25T08:30:00Z'), 0);
    assert.deepEqual(await asked('2026-11-25T09:10:00Z'), 1);
  }));
