import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant, type Instant } from '../../../src/domain/source/instant.ts';
import { keepWatching } from '../../../src/flows/monitor/keep-watching.ts';
import type { MonitorResult } from '../../../src/flows/monitor/monitor-result.ts';

const minute = 60_000;
const start = Date.parse('2026-11-23T12:00:00Z');
const after = (minutes: number) => formatInstant(start + minutes * minute);

const empty: MonitorResult = {
  schemaVersion: 1,
  startedAt: after(0),
  finishedAt: after(0),
  isResumed: false,
  isDryRun: false,
  events: [],
  images: [],
  byDigestAlone: [],
  verified: { count: 0, of: 0 },
  requests: {},
  budgets: [],
  waiting: 0,
  asked: 0,
  nextDueAt: null,
  trees: [],
  listings: [],
  files: 0,
  leftOut: { unresolved: 0, internal: 0, notBuilt: 0 },
  problems: [],
  notes: [],
};

/** Lets cycles run, each a minute long, until there are no more answers; a wait moves the clock. */
async function watch(dueAfterMinutes: readonly (number | null)[]) {
  let now: Instant = start;
  const cyclesAt: string[] = [];
  const said: string[] = [];
  const left = [...dueAfterMinutes];
  const watching = keepWatching(
    async () => {
      const due = left.shift();
      if (due === undefined) throw new Error('the world ended');
      cyclesAt.push(formatInstant(now));
      now += minute;
      return { ...empty, nextDueAt: due === null ? null : formatInstant(now + due * minute) };
    },
    (result, nextAt) => said.push(`${result.nextDueAt ?? 'never'} → ${nextAt}`),
    {
      clock: () => now,
      wait: async (ms) => {
        now += ms;
      },
    },
  );
  await assert.rejects(watching, /the world ended/);
  return { cyclesAt, said };
}

for (const [due, waits, fact] of [
  [30, 30, 'a cycle waits until the next tag falls due'],
  [5, 15, 'what falls due soon is asked for together'],
  [-600, 15, 'what is overdue does not make it run without a pause'],
  [90, 60, 'the trees are read anew each hour'],
  [null, 60, 'where no tag falls due the trees are read each hour all the same'],
] as const)
  test(`${fact}: due in ${due} minutes, the next cycle is in ${waits}`, async () => {
    const { cyclesAt, said } = await watch([due, null]);
    // Each cycle takes a minute.
    assert.deepEqual(cyclesAt, [after(0), after(1 + waits)]);
    assert.equal(said[0], `${due === null ? 'never' : after(1 + due)} → ${after(1 + waits)}`);
  });

test('each cycle is told before the wait, in order', async () => {
  const { cyclesAt, said } = await watch([15, 20, 60]);
  assert.deepEqual(cyclesAt, [after(0), after(16), after(37)]);
  assert.equal(said.length, 3);
});
