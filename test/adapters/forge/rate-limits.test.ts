import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimits, limited } from '../../../src/adapters/forge/rate-limits.ts';

function standing() {
  const world = { now: 1000, pauses: [] as number[] };
  const limits = createRateLimits('GitHub', {
    clock: () => world.now,
    pause: async (ms) => {
      world.pauses.push(ms);
      world.now += ms;
    },
  });
  const note = (credential: string, retryAt: number) => limits.note(credential, limited('x', 'GitHub', retryAt));
  return { world, limits, note };
}

test('a short wait is waited before the next request, once', async () => {
  const { world, limits, note } = standing();
  note('token', 8000);
  await limits.pass('read a', 'token');
  await limits.pass('read b', 'token');
  assert.deepEqual(world.pauses, [7000]);
});

test('a long wait is told until it is over', async () => {
  const { world, limits, note } = standing();
  note('token', 3_601_000);
  await assert.rejects(limits.pass('read a', 'token'), {
    code: 'rate-limited',
    retryAt: 3_601_000,
    message: 'cannot read a: GitHub asks to wait, its limit of requests is reached',
  });
  world.now = 3_601_000;
  await limits.pass('read a', 'token');
  assert.deepEqual(world.pauses, []);
});

test('the later of two times counts, and for its credential alone', async () => {
  const { world, limits, note } = standing();
  note('token', 9000);
  note('token', 5000);
  await limits.pass('read a', 'other');
  assert.deepEqual(world.pauses, []);
  await limits.pass('read a', 'token');
  assert.deepEqual(world.pauses, [8000]);
});
