import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { HostLimiter, type Ticket } from '../../../src/adapters/registry/host-limiter.ts';
import { TestTime } from './with-registry.ts';

function limiterOf(maxInFlight: number, requestsPerSecond: number) {
  const time = new TestTime();
  return {
    time,
    limiter: new HostLimiter(
      { maxInFlight, requestsPerSecond },
      { ...time, maxWaitMs: 30_000, clock: time.clock, sleep: time.sleep },
    ),
  };
}

test('no more requests than allowed are on their way at once', async () => {
  const { limiter } = limiterOf(3, 1000);
  const open: (() => void)[] = [];
  let most = 0;
  let inFlight = 0;
  const all = Array.from({ length: 10 }, () =>
    limiter.run(async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise<void>((resolve) => open.push(resolve));
      inFlight -= 1;
    }),
  );
  for (let done = 0; done < 10; ) {
    await setImmediate();
    for (const go of open.splice(0)) {
      go();
      done += 1;
    }
  }
  await Promise.all(all);
  assert.equal(most, 3);
});

test("a second's worth goes at once, the rest evenly", async () => {
  const { limiter, time } = limiterOf(1, 5);
  const start = time.now;
  const at: number[] = [];
  for (let number = 0; number < 10; number += 1) await limiter.run(async () => at.push(time.now - start));
  assert.deepEqual(at, [0, 0, 0, 0, 0, 200, 400, 600, 800, 1000]);
});

test('after a rest a second’s worth goes at once again, and no more', async () => {
  const { limiter, time } = limiterOf(1, 5);
  for (let number = 0; number < 5; number += 1) await limiter.run(async () => undefined);
  time.now += 60_000;
  const start = time.now;
  const at: number[] = [];
  for (let number = 0; number < 7; number += 1) await limiter.run(async () => at.push(time.now - start));
  assert.deepEqual(at, [0, 0, 0, 0, 0, 200, 400]);
});

test('nobody is let through during a pause that is short', async () => {
  const { limiter, time } = limiterOf(2, 1000);
  const until = time.now + 10_000;
  await limiter.run(async (ticket) => limiter.slowDown(until, ticket, false));
  await limiter.run(async () => assert.ok(time.now >= until));
});

test('nobody waits for a pause that is long', async () => {
  const { limiter, time } = limiterOf(2, 1000);
  const until = time.now + 30_001;
  await limiter.run(async (ticket) => limiter.slowDown(until, ticket, false));
  await assert.rejects(
    limiter.run(async () => assert.fail('asked')),
    { name: 'HostPaused', until },
  );
  time.now = until;
  assert.equal(await limiter.run(async () => 'asked'), 'asked');
});

test('what queues when a long pause begins is refused at once', async () => {
  const { limiter, time } = limiterOf(1, 5);
  const until = time.now + 600_000;
  const first = limiter.run(async (ticket) => limiter.slowDown(until, ticket, false));
  const queued = Array.from({ length: 50 }, () => limiter.run(async () => assert.fail('asked')));
  await first;
  const outcomes = await Promise.allSettled(queued);
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  assert.deepEqual(time.slept, []);
});

test('fewer at once after a refusal, once for all that were on their way; more again after answers', async () => {
  const { limiter, time } = limiterOf(8, 100_000);
  const refuse = (ticket: Ticket, toOne = false) => limiter.slowDown(time.now, ticket, toOne);
  await limiter.run(async (ticket) => {
    refuse(ticket);
    refuse(ticket);
  });
  assert.equal(limiter.maxInFlight, 4);
  await limiter.run(async (ticket) => refuse(ticket));
  assert.equal(limiter.maxInFlight, 2);
  for (let answers = 0; answers < 39; answers += 1) limiter.speedUp();
  assert.equal(limiter.maxInFlight, 3);
  for (let answers = 0; answers < 1000; answers += 1) limiter.speedUp();
  assert.equal(limiter.maxInFlight, 8);
  await limiter.run(async (ticket) => refuse(ticket, true));
  assert.equal(limiter.maxInFlight, 1);
});
