import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedEpisode, frozenNumbers } from '../../../src/domain/deadline/closed-episode.ts';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { EpisodeEvent } from '../../../src/domain/deadline/episode.ts';
import { episodeStanding } from '../../../src/domain/deadline/episode-standing.ts';
import { faultOf, fixOutcomeOf, type Measured, patchMetrics } from '../../../src/domain/deadline/metrics.ts';
import { trendOf } from '../../../src/domain/deadline/trend.ts';
import { at, baseAvailable, dayMs, detected, episodeOf, event, fixAvailable } from './lived.ts';

const now = at('60d');

function open(...events: readonly EpisodeEvent[]): Measured {
  return { standing: episodeStanding(episodeOf(...events), defaultDeadlineSettings, now) };
}

/** HIGH, with a fix from the first day on: in time up to 7 days. */
function closed(when: string, because: 'released' | 'not-applicable' = 'released', base = '0d'): Measured {
  const events = [detected('0d', 'high'), fixAvailable('0d'), baseAvailable(base)];
  const frozen = frozenNumbers(episodeOf(...events), defaultDeadlineSettings, at(when));
  const found = closedEpisode(episodeOf(...events, event(when, { kind: 'closed', because, frozen })));
  assert.ok(found !== undefined);
  return found;
}

const late = open(detected('0d', 'high'), fixAvailable('0d'), baseAvailable('0d'));
const inTime = open(detected('55d', 'high'), fixAvailable('55d'), baseAvailable('55d'));
const watched = open(detected('0d', 'high'));

for (const [said, episodes, rate] of [
  ['nothing fell due: there is no rate', [inTime, watched], undefined],
  ['all in time', [closed('1d'), closed('7d')], 1],
  ['closed late', [closed('1d'), closed('8d')], 0.5],
  ['an open one that is late counts as much as one that was closed late', [closed('1d'), late], 0.5],
  ['an open one in time does not count yet', [closed('1d'), inTime], 1],
  ['one that is not affected does not count', [closed('1d'), closed('9d', 'not-applicable')], 1],
] as const)
  test(`in time: ${said}`, () => assert.equal(patchMetrics(episodes, now).inTimeRate, rate));

test('every episode is counted once', () => {
  const all = [closed('1d'), closed('8d'), closed('1d', 'not-applicable'), late, inTime, watched];
  const { closedInTime, closedLate, openLate, openInTime, watching, notCounted } = patchMetrics(all, now);
  assert.deepEqual([closedInTime, closedLate, notCounted, openLate, openInTime, watching], [1, 1, 1, 1, 1, 1]);
});

test('median and ninth decile are numbers that were measured, of the closed ones', () => {
  const days = [1, 2, 3, 4, 5, 6, 7, 8, 9, 30];
  const { timeToRelease, exposure, ourLag, supplierLag } = patchMetrics(
    days.map((day) => closed(`${day}d`)),
    now,
  );
  const expected = { medianMs: 5 * dayMs, p90Ms: 9 * dayMs, of: 10 };
  assert.deepEqual([timeToRelease, exposure, ourLag], [expected, expected, expected]);
  assert.deepEqual(supplierLag, { medianMs: 0, p90Ms: 0, of: 10 });
});

for (const [said, measured, fault] of [
  ['in time: nobody’s', closed('7d'), undefined],
  ['a base was there: ours', closed('8d'), 'ours'],
  ['no base came: the supplier’s', open(detected('0d', 'high'), fixAvailable('0d')), 'supplier'],
  ['the base came after the deadline had passed: the supplier’s', closed('30d', 'released', '20d'), 'supplier'],
  ['the base came just before: ours', closed('30d', 'released', '6d'), 'ours'],
] as const)
  test(`whose delay: ${said}`, () => assert.equal(faultOf(measured.standing), fault));

test('the trend puts each end and each breach into its stretch, and leaves out what lies before', () => {
  const trend = trendOf([closed('1d'), closed('8d'), late, watched], at('2d'), at('26d'));
  assert.equal(trend.length, 12);
  assert.deepEqual(trend[0]?.from, at('2d'));
  assert.deepEqual(
    trend.flatMap(({ closedInTime, closedLate, breached }, index) =>
      closedInTime + closedLate + breached === 0 ? [] : [[index, closedInTime, closedLate, breached]],
    ),
    // Two days each: the breaches of the seventh day, the end on the eighth.
    [
      [2, 0, 0, 2],
      [3, 0, 1, 0],
    ],
  );
});

for (const [said, measured, outcome] of [
  ['released within the window after the fix', closed('7d'), 'closedInTime'],
  ['released later', closed('8d'), 'closedLate'],
  ['open, and the window after the fix is over', late, 'openLate'],
  ['open within it: not due yet', inTime, undefined],
  ['seen late: in time from the detection, not from the fix', closedAfterLateLook(), 'closedLate'],
  ['without a fix', watched, undefined],
  ['not affected', closed('9d', 'not-applicable'), undefined],
  ['LOW has no window', open(detected('0d', 'low'), fixAvailable('0d')), undefined],
] as const)
  test(`from the fix: ${said}`, () =>
    assert.equal(fixOutcomeOf(measured.standing, now, defaultDeadlineSettings), outcome));

test('who looks seldom is in time by the start rule alone', () => {
  const { inTimeRate, fromFix } = patchMetrics([closedAfterLateLook(), closed('1d')], now);
  assert.deepEqual([inTimeRate, fromFix], [1, { closedInTime: 1, closedLate: 1, openLate: 0, inTimeRate: 0.5 }]);
});

/** The fix was out six days before anybody looked; three days later it was released. */
function closedAfterLateLook(): Measured {
  const events = [fixAvailable('0d'), detected('6d', 'high'), baseAvailable('6d')];
  const frozen = frozenNumbers(episodeOf(...events), defaultDeadlineSettings, at('9d'));
  const found = closedEpisode(episodeOf(...events, event('9d', { kind: 'closed', because: 'released', frozen })));
  assert.ok(found !== undefined);
  return found;
}
