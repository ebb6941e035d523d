import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DeadlineSettings, defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { EpisodeEvent } from '../../../src/domain/deadline/episode.ts';
import { type EpisodeStanding, episodeStanding } from '../../../src/domain/deadline/episode-standing.ts';
import { severities } from '../../../src/domain/vulnerability/severity.ts';
import { at, baseAvailable, closed, dayMs, detected, episodeOf, event, fixAvailable, hourMs, waived } from './lived.ts';

function standing(
  events: readonly EpisodeEvent[],
  now: string,
  settings: Partial<DeadlineSettings> = {},
): EpisodeStanding {
  return episodeStanding(episodeOf(...events), { ...defaultDeadlineSettings, ...settings }, at(now));
}

/** Seen, fixed and patched at once. */
const whole = (severity: (typeof severities)[number]) => [
  detected('0d', severity),
  fixAvailable('0d'),
  baseAvailable('0d'),
];
const missed = (when: string, release: 'patch' | 'minor' | 'major' | 'unknown') =>
  event(when, { kind: 'release-missed', name: `v-${release}`, release });

// The four rows of policy 5.2.5.
test('CRITICAL: immediate update, rebuild and release within 48 hours', () => {
  assert.equal(standing(whole('critical'), '1d').dueAt, at('2d'));
  assert.equal(standing(whole('critical'), '2d').state, 'running');
  assert.equal(standing(whole('critical'), '2d 1h').state, 'late');
});

test('HIGH: in the next patch release, within 7 days', () => {
  assert.equal(standing(whole('high'), '1d').dueAt, at('7d'));
  assert.deepEqual(standing([...whole('high'), missed('1d', 'patch')], '2d').missedReleases, ['v-patch']);
  assert.equal(standing([...whole('high'), missed('1d', 'patch')], '2d').state, 'running');
  assert.equal(standing(whole('high'), '7d 1h').state, 'late');
});

test('MEDIUM: in the next minor release, within 30 days', () => {
  assert.equal(standing(whole('medium'), '1d').dueAt, at('30d'));
  assert.deepEqual(standing([...whole('medium'), missed('1d', 'patch')], '2d').missedReleases, []);
  assert.deepEqual(standing([...whole('medium'), missed('1d', 'minor')], '2d').missedReleases, ['v-minor']);
  assert.equal(standing(whole('medium'), '30d 1h').state, 'late');
});

test('LOW: in the next release, whenever that is', () => {
  const open = standing(whole('low'), '300d');
  assert.deepEqual([open.state, open.dueIn, open.dueAt], ['running', 'next-release', undefined]);
  const late = standing([...whole('low'), missed('10d', 'unknown')], '11d');
  assert.deepEqual([late.state, late.breachedAt, late.lateMs], ['late', at('10d'), dayMs]);
});

test('a bound in time for LOW is a knob', () => {
  const windowsMs = { ...defaultDeadlineSettings.windowsMs, low: 90 * dayMs };
  assert.equal(standing(whole('low'), '1d', { windowsMs }).dueAt, at('90d'));
});

test('nothing is due before there is a fix', () => {
  const { state, dueIn, startAt } = standing([detected('0d', 'critical')], '90d');
  assert.deepEqual([state, dueIn, startAt], ['watching', 'nothing', undefined]);
});

for (const [clock, startAt] of [
  ['detected', '1d'],
  ['fix-available', '3d'],
  ['base-available', '5d'],
] as const)
  test(`the clock starts by the rule ${clock}, and all milestones are kept`, () => {
    const events = [detected('1d', 'high'), fixAvailable('3d'), baseAvailable('5d')];
    const found = standing(events, '6d', { clock });
    assert.equal(found.startAt, at(startAt));
    assert.deepEqual(found.milestones, { detectedAt: at('1d'), fixAt: at('3d'), baseAt: at('5d') });
  });

test('a fix older than the detection starts the clock with the detection', () => {
  assert.equal(standing([detected('5d', 'critical'), fixAvailable('1d'), baseAvailable('1d')], '6d').startAt, at('5d'));
});

test('while no patched base can be had the clock waits, and loses nothing', () => {
  const events = [detected('0d', 'critical'), fixAvailable('0d')];
  const waiting = standing(events, '1d');
  assert.deepEqual([waiting.state, waiting.pause?.reason, waiting.pause?.until], ['paused', 'awaiting-base', at('3d')]);
  assert.equal(standing([...events, baseAvailable('2d')], '2d').dueAt, at('4d'));
});

test('it waits 72 hours for a CRITICAL at most', () => {
  const events = [detected('0d', 'critical'), fixAvailable('0d')];
  assert.deepEqual([standing(events, '4d').state, standing(events, '4d').dueAt], ['running', at('5d')]);
  assert.equal(standing([...events, baseAvailable('9d')], '10d').breachedAt, at('5d'));
});

test('a waiver pauses, and at its end the rest of the time goes on', () => {
  const events = [...whole('high'), waived('2d', '20d')];
  const waiting = standing(events, '10d');
  assert.deepEqual([waiting.state, waiting.pause?.reason, waiting.dueAt], ['paused', 'waived', at('25d')]);
  assert.equal(standing(events, '21d').dueAt, at('25d'));
});

test('at the end of a waiver a day is left at least', () => {
  assert.equal(standing([...whole('critical'), waived('1d 20h', '5d')], '5d').dueAt, at('6d'));
});

test('a waiver that ends early lets the clock run from then on', () => {
  const events = [...whole('high'), waived('2d', '20d'), event('3d', { kind: 'resumed', waiver: 'W-1' })];
  assert.deepEqual([standing(events, '4d').state, standing(events, '4d').dueAt], ['running', at('8d')]);
});

test('a waiver takes no breach back', () => {
  const found = standing([...whole('critical'), waived('3d', '9d')], '4d');
  assert.deepEqual([found.state, found.breachedAt, found.lateMs], ['late', at('2d'), 2 * dayMs]);
});

const changed = (when: string, from: 'low' | 'high', to: 'critical' | 'medium') =>
  event(when, { kind: 'severity-changed', from, to });

for (const [what, when, due] of [
  ['the new window counts from the change', '1d', '3d'],
  ['the old deadline stands where it is earlier', '6d', '7d'],
] as const)
  test(`a severity that rises: ${what}`, () =>
    assert.equal(standing([...whole('high'), changed(when, 'high', 'critical')], when).dueAt, at(due)));

test('a severity that falls counts from the start, and takes no breach back', () => {
  assert.equal(standing([...whole('high'), changed('6d', 'high', 'medium')], '7d').dueAt, at('30d'));
  assert.equal(standing([...whole('high'), changed('8d', 'high', 'medium')], '9d').breachedAt, at('7d'));
});

test('LOW that is waived misses no release until the waiver ends', () => {
  const events = [...whole('low'), waived('1d', '20d'), missed('10d', 'patch')];
  assert.deepEqual([standing(events, '11d').state, standing(events, '21d').missedReleases], ['paused', []]);
  assert.equal(standing([...events, missed('25d', 'minor')], '26d').breachedAt, at('25d'));
  const tooLate = [...whole('low'), missed('1d', 'patch'), waived('2d', '20d')];
  assert.equal(standing(tooLate, '3d').breachedAt, at('1d'), 'a waiver takes no breach back');
});

test('LOW that missed its release and rises later stays late', () => {
  const events = [...whole('low'), missed('1d', 'patch'), changed('2d', 'low', 'critical')];
  assert.equal(standing(events, '3d').breachedAt, at('1d'));
});

test('what is exploited counts as CRITICAL from then on', () => {
  const events = [...whole('medium'), event('1d', { kind: 'exploited', source: 'KEV' })];
  assert.deepEqual([standing(events, '1d').severity, standing(events, '1d').dueAt], ['critical', at('3d')]);
  assert.equal(standing(events, '1d', { exploitedAs: 'low' }).severity, 'medium');
  const { exploitedAs: _, ...off } = defaultDeadlineSettings;
  assert.equal(episodeStanding(episodeOf(...events), off, at('1d')).severity, 'medium');
});

test('what is exploited is due at the earlier of its own deadline and 48 h after the listing', () => {
  const listed = (when: string) => event(when, { kind: 'exploited', source: 'KEV' });
  assert.equal(standing([...whole('high'), listed('1d')], '2d').dueAt, at('3d'));
  assert.equal(standing([...whole('high'), listed('6d')], '6d').dueAt, at('7d'));
});

test('what is exploited counts as what the policy says, or as worse where it is worse', () => {
  const events = [
    ...whole('medium'),
    event('1d', { kind: 'exploited', source: 'KEV' }),
    changed('2d', 'high', 'critical'),
  ];
  const settings = { exploitedAs: 'high' } as const;
  assert.deepEqual(
    ['0d', '1d', '2d'].map((when) => standing(events, when, settings).severity),
    ['medium', 'high', 'critical'],
  );
});

test('LOW has a bound in time where the policy gives it one', () => {
  const windowsMs = { ...defaultDeadlineSettings.windowsMs, low: 90 * dayMs };
  const { dueIn, dueAt } = standing(whole('low'), '1d', { windowsMs });
  assert.deepEqual([dueIn, dueAt], ['time', at('90d')]);
  assert.equal(standing(whole('low'), '91d', { windowsMs }).state, 'late');
  assert.equal(standing([...whole('low'), missed('1d', 'patch')], '2d', { windowsMs }).breachedAt, at('1d'));
});

test('a severity that nobody knows counts as HIGH', () => {
  assert.equal(standing(whole('unknown'), '1d').dueAt, at('7d'));
  assert.equal(standing(whole('unknown'), '1d', { unknownAs: 'critical' }).dueAt, at('2d'));
});

test('closed late stays a breach, by what it was late', () => {
  const found = standing([...whole('critical'), closed('3d')], '100d');
  assert.deepEqual([found.state, found.breachedAt, found.lateMs], ['closed', at('2d'), dayMs]);
  assert.equal(standing([...whole('critical'), closed('1d')], '100d').breachedAt, undefined);
});

test('what comes back goes on where it was: the time without it does not count', () => {
  const released = event('1d', { kind: 'released', name: 'v1.0.1', release: 'patch' });
  const events = [...whole('critical'), released, closed('1d'), event('5d', { kind: 'reopened', digest: 'sha256:b' })];
  assert.deepEqual([standing(events, '5d').state, standing(events, '5d').dueAt], ['running', at('6d')]);
});

test('daylight saving and leap days do not matter: 48 hours are 48 hours', () => {
  for (const day of ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z', '2028-02-28T12:00:00Z']) {
    const moved = whole('critical').map(({ what }) => ({ at: Date.parse(day), what }));
    const found = episodeStanding(episodeOf(...moved), defaultDeadlineSettings, Date.parse(day));
    assert.equal(found.dueAt, Date.parse(day) + 48 * hourMs);
  }
});

const hours = fc.integer({ min: 0, max: 60 * 24 });
const when = (hour: number) => ({ at: at(`${hour}h`) });
const anyEvent: fc.Arbitrary<EpisodeEvent> = fc.oneof(
  hours.map((hour) => ({ ...when(hour), what: fixAvailable('0d').what })),
  hours.map((hour) => ({ ...when(hour), what: baseAvailable('0d').what })),
  fc.tuple(hours, fc.integer({ min: 1, max: 400 })).map(([hour, length]) => waived(`${hour}h`, `${hour + length}h`)),
  fc
    .tuple(hours, fc.constantFrom(...severities))
    .map(([hour, to]) => ({ ...when(hour), what: { kind: 'severity-changed', from: 'high', to } as const })),
  hours.map((hour) => ({ ...when(hour), what: { kind: 'exploited', source: 'KEV' } as const })),
  hours.map((hour) => missed(`${hour}h`, 'patch')),
  hours.map((hour) => ({ ...when(hour), what: { kind: 'resumed', waiver: 'W-1' } as const })),
);
const anyLife = fc
  .tuple(fc.constantFrom(...severities), fc.array(anyEvent, { maxLength: 12 }))
  .map(([severity, events]) => [detected('0d', severity), ...events]);

test('a later now never takes a breach back, nor moves it', () => {
  fc.assert(
    fc.property(anyLife, hours, hours, (events, one, other) => {
      const early = standing(events, `${Math.min(one, other)}h`);
      const late = standing(events, `${Math.max(one, other)}h`);
      if (early.breachedAt !== undefined) assert.equal(late.breachedAt, early.breachedAt);
    }),
    { numRuns: 2000 },
  );
});

test('pausing never loses or gains time', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hours, hours), { maxLength: 6 }), hours, (pauses, now) => {
      const events = [...whole('high'), ...pauses.map(([from, length]) => waived(`${from}h`, `${from + length + 1}h`))];
      const found = standing(events, `${now}h`, { afterWaiverMs: 0 });
      assert.equal(found.runningMs + found.pausedMs, now * hourMs);
      if (found.dueAt === undefined) return;
      const atDue = episodeStanding(
        episodeOf(...events.filter(({ at: happened }) => happened <= at(`${now}h`))),
        { ...defaultDeadlineSettings, afterWaiverMs: 0 },
        found.dueAt,
      );
      assert.equal(atDue.runningMs, 7 * dayMs);
    }),
    { numRuns: 1000 },
  );
});

test('the order in which events were recorded does not matter', () => {
  fc.assert(
    fc.property(anyLife, hours, (events, now) => {
      const { milestones: _, ...forth } = standing(events, `${now}h`);
      const { milestones: __, ...back } = standing([...events].reverse(), `${now}h`);
      const isTwice = new Set(events.map((one) => one.at)).size < events.length;
      if (!isTwice) assert.deepEqual(back, forth);
    }),
    { numRuns: 500 },
  );
});
