import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DueFacts, dueAtOf, nextDue } from '../../../src/domain/monitor/next-due.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse('2026-11-23T12:00:00Z');
const plain: DueFacts = { name: 'node:22', cadence: 'daily', at: now, failures: 0, isExact: false, isFrozen: false };

/** Between one and one and a quarter windows. */
function isWithin(facts: Partial<DueFacts>, days: number): void {
  const wait = nextDue({ ...plain, ...facts }) - now;
  assert.ok(wait >= (days * day) / 4 && wait <= days * day * 1.25, `${wait / day} days`);
}

for (const [fact, facts, days] of [
  ['a line is looked at daily', {}, 1],
  ['a line is looked at weekly if that is asked for', { cadence: 'weekly' }, 7],
  ['an exact tag is looked at weekly', { isExact: true }, 7],
  ['a tag that nobody rebuilds is looked at every four weeks', { isFrozen: true }, 28],
  ['an exact tag that moved lately is looked at daily', { isExact: true, movedAt: now - 2 * day }, 1],
  ['an exact tag that moved long ago is looked at weekly', { isExact: true, movedAt: now - 8 * day }, 7],
] as const)
  test(fact, () => {
    for (let at = 0; at < 200; at += 1) isWithin({ ...facts, name: `image:${at}` }, days);
  });

for (const [failures, minutes] of [
  [1, 15],
  [2, 30],
  [3, 60],
  [7, 16 * 60],
  [8, 24 * 60],
  [1000, 24 * 60],
] as const)
  test(`after ${failures} refusals in a row it is looked at again in ${minutes} minutes`, () =>
    assert.equal(nextDue({ ...plain, failures }) - now, minutes * 60_000));

test('a tag has the same time of the day each day, and different tags have different ones', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const first = nextDue({ ...plain, name });
      const second = nextDue({ ...plain, name, at: first });
      assert.equal(second - first, day);
    }),
  );
  const hours = new Set(
    Array.from({ length: 240 }, (_, at) => Math.floor((nextDue({ ...plain, name: `i:${at}` }) % day) / hour)),
  );
  assert.equal(hours.size, 24);
});

test('a look is always ahead, never sooner than a quarter of an hour, and never later than one window and a quarter', () => {
  const facts = fc.record({
    name: fc.string(),
    cadence: fc.constantFrom('daily' as const, 'weekly' as const),
    at: fc.integer({ min: 0, max: 2 * now }),
    failures: fc.nat(2000),
    movedAgo: fc.option(fc.nat(30 * day), { nil: undefined }),
    isExact: fc.boolean(),
    isFrozen: fc.boolean(),
  });
  fc.assert(
    fc.property(facts, ({ movedAgo, ...rest }) => {
      const wait = nextDue({ ...rest, ...(movedAgo === undefined ? {} : { movedAt: rest.at - movedAgo }) }) - rest.at;
      assert.ok(wait >= hour / 4 && wait <= 28 * day * 1.25, `${wait / hour} hours`);
    }),
  );
});

test('one more refusal never brings the next look forward', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.boolean(), (failures, isExact) => {
      const facts = { ...plain, isExact };
      assert.ok(nextDue({ ...facts, failures: failures + 1 }) >= nextDue({ ...facts, failures }));
    }),
  );
});

for (const [fact, failures, isUrgent, hours] of [
  ['what is not urgent waits for its time', 0, false, 20],
  ['what is urgent waits an hour', 0, true, 1],
  ['a registry that refuses is asked no oftener for what is urgent', 3, true, 20],
] as const)
  test(fact, () =>
    assert.equal(dueAtOf({ attemptedAt: now, dueAt: now + 20 * hour, failures }, isUrgent), now + hours * hour),
  );
test('what is urgent is never later than it was', () =>
  assert.equal(dueAtOf({ attemptedAt: now, dueAt: now + hour / 4, failures: 0 }, true), now + hour / 4));
