import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { PullBudgets } from '../../../src/adapters/registry/pull-budgets.ts';
import { FakeContent } from '../../fakes/registry/content.ts';
import type { Switches } from '../../fakes/registry/switches.ts';
import { publicRegistry } from './with-registry.ts';

const repository = 'library/node';

async function hub(context: TestContext, switches: Partial<Switches>) {
  const content = new FakeContent();
  const digests = Array.from(
    { length: 30 },
    (_, number) => content.pushImage({ repository, tag: `t${number}`, image: 'linux/amd64' }).digest,
  );
  const subject = await publicRegistry(context, 'docker.io', {
    content,
    switches,
    settings: new Map([
      ['docker.io', { isPrivate: false, isInsecure: false, maxInFlight: 10, requestsPerSecond: 1000 }],
    ]),
  });
  const read = (number: number) => subject.registry.readManifest(subject.at(repository), digests[number] ?? '');
  return { ...subject, digests, read };
}

const codesOf = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'read' : String(outcome.reason.code)));

test('the reserve is kept when nothing was heard of the limit before and all is asked at once', async (context) => {
  const { fake, read, registry } = await hub(context, { pullLimit: { limit: 10, windowSeconds: 21_600 } });
  const codes = codesOf(await Promise.allSettled(Array.from({ length: 20 }, (_, number) => read(number))));
  assert.deepEqual(codes, [...Array(8).fill('read'), ...Array(12).fill('over-budget')]);
  assert.equal(fake.log.counts().manifest, 8);
  assert.equal(registry.budgets()[0]?.remaining, 2);
});

test('what a host without a limit is asked for goes at once, after the first', async (context) => {
  const { fake, read } = await hub(context, { pullLimit: undefined });
  fake.fail({ fault: { kind: 'held' }, on: ['manifest'] });
  const reads = Array.from({ length: 10 }, (_, number) => read(number));
  while (fake.heldCount < 1) await setImmediate();
  fake.release();
  while (fake.heldCount < 9) await setImmediate();
  fake.release();
  await Promise.all(reads);
  assert.equal(fake.log.mostInFlight(), 9);
});

test('a first pull that fails tells nothing: the next goes alone too', async (context) => {
  const { fake, read } = await hub(context, { pullLimit: { limit: 10, windowSeconds: 21_600 } });
  fake.fail({ fault: { kind: 'status', status: 400 }, on: ['manifest'], times: 1 });
  const codes = codesOf(await Promise.allSettled(Array.from({ length: 20 }, (_, number) => read(number))));
  assert.deepEqual(codes, ['malformed', ...Array(8).fill('read'), ...Array(11).fill('over-budget')]);
  assert.equal(fake.log.counts().manifest, 9);
});

test('another name of Docker Hub is no way around the reserve, nor to its login', async (context) => {
  const { fake, registry, digests, lookedUp } = await hub(context, {
    pullLimit: { limit: 10, windowSeconds: 21_600 },
  });
  const names = ['docker.io', 'registry-1.docker.io', 'DOCKER.IO', 'registry-1.docker.io:443'];
  const calls = digests
    .slice(0, 20)
    .map((digest, number) => registry.readManifest({ registry: names[number % 4] ?? '', repository }, digest));
  assert.equal(codesOf(await Promise.allSettled(calls)).filter((code) => code === 'read').length, 8);
  assert.equal(fake.log.counts().manifest, 8);
  assert.deepEqual(
    registry.budgets().map(({ host, remaining }) => [host, remaining]),
    [['docker.io', 2]],
  );
  assert.deepEqual(new Set(lookedUp.map((address) => address.registry)), new Set(['docker.io']));
});

test('a refused pull that says no limit is not asked for again within the hour', async () => {
  const { budgets, clock } = budgetsAt();
  const pull = async () => answer(429);
  await assert.rejects(budgets.spend('docker.io', 'cannot read a', pull), {
    code: 'over-budget',
    message: 'cannot read a: the host grants no pull any more; log in for more, or wait',
  });
  await assert.rejects(budgets.spend('docker.io', 'cannot read b', assert.fail), { code: 'over-budget' });
  clock.now += 3_600_000;
  assert.equal((await budgets.spend('docker.io', 'cannot read c', async () => answer(200, 9))).status, 200);
});

test('a refused pull that says its limit is a word of the host', async () => {
  const { budgets } = budgetsAt();
  await assert.rejects(
    budgets.spend('docker.io', 'cannot read a', async () => answer(429, 0)),
    { message: /0 of 10 pulls are left/ },
  );
  await assert.rejects(budgets.spend('docker.io', 'cannot read b', assert.fail), { code: 'over-budget' });
});

test('an answer that comes late does not bring back what was spent meanwhile', async () => {
  const { budgets } = budgetsAt();
  budgets.hear('docker.io', answer(200, 5));
  const slow = Promise.withResolvers<ReturnType<typeof answer>>();
  const other = Promise.withResolvers<ReturnType<typeof answer>>();
  const first = budgets.spend('docker.io', 'a', () => slow.promise);
  const second = budgets.spend('docker.io', 'b', async () => answer(200, 3));
  const third = budgets.spend('docker.io', 'c', () => other.promise);
  await second;
  slow.resolve(answer(200, 4));
  await first;
  assert.equal(budgets.all()[0]?.remaining, 3);
  other.resolve(answer(200, 2));
  await third;
  await assert.rejects(budgets.spend('docker.io', 'd', assert.fail), { code: 'over-budget' });
});

test('a new window is heard from a pull of its own', async () => {
  const { budgets } = budgetsAt();
  budgets.hear('docker.io', answer(200, 3));
  await budgets.spend('docker.io', 'a', async () => answer(200, 10));
  assert.equal(budgets.all()[0]?.remaining, 10);
});

test('a limit in words that nobody knows is no freedom', async () => {
  const { budgets } = budgetsAt();
  budgets.hear('docker.io', answer(200, 2));
  budgets.hear('docker.io', { status: 200, headers: new Map([['ratelimit-limit', ['lots']]]), body: Buffer.alloc(0) });
  await assert.rejects(budgets.spend('docker.io', 'a', assert.fail), { code: 'over-budget' });
});

function budgetsAt() {
  const clock = { now: Date.UTC(2026, 10, 23) };
  return { clock, budgets: new PullBudgets(() => clock.now) };
}

/** Of ten pulls, with so many left; without a number it says nothing of a limit. */
function answer(status: number, remaining?: number) {
  const said: readonly (readonly [string, readonly string[]])[] =
    remaining === undefined
      ? []
      : [
          ['ratelimit-limit', ['10;w=21600']],
          ['ratelimit-remaining', [`${remaining};w=21600`]],
        ];
  return { status, headers: new Map(said), body: Buffer.alloc(0) };
}
