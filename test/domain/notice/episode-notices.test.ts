import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DeadlineSettings, defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { Episode, EpisodeEvent } from '../../../src/domain/deadline/episode.ts';
import { carryOver } from '../../../src/domain/deadline/renamed-uses.ts';
import { automationNotices } from '../../../src/domain/notice/automation-notices.ts';
import { episodeNotices } from '../../../src/domain/notice/episode-notices.ts';
import {
  at,
  baseAvailable,
  closed,
  dayMs,
  detected,
  episodeOf,
  event,
  fixAvailable,
  hourMs,
  waived,
} from '../deadline/lived.ts';

function noticesAt(events: readonly EpisodeEvent[], now: number, settings: DeadlineSettings = defaultDeadlineSettings) {
  return episodeNotices(episodeOf(...events), settings, now);
}

function names(events: readonly EpisodeEvent[], now: number): readonly string[] {
  return noticesAt(events, now).map(({ key }) => key.split(' ').slice(8).join(' '));
}

/** Long enough ago that its base is no news. */
const settled = (severity: 'critical' | 'high' | 'medium' | 'low') => [
  detected('0d', severity),
  fixAvailable('0d'),
  baseAvailable('0d'),
];

for (const [severity, when, expected] of [
  ['critical', '0d 23h', []],
  ['critical', '1d', ['time-used critical 50']],
  ['critical', '1d 11h', ['time-used critical 50']],
  ['critical', '1d 12h', ['time-used critical 75']],
  ['critical', '1d 20h', ['time-used critical 90']],
  ['critical', '2d 1h', ['late']],
  ['high', '3d 11h', []],
  ['high', '3d 12h', ['time-used high 50']],
  ['high', '6d 23h', ['time-used high 90']],
  ['medium', '15d', ['time-used medium 50']],
  ['medium', '30d 1h', ['late']],
  ['medium', '31d 1h', ['late day 1']],
  ['medium', '37d 1h', ['late day 7']],
  ['medium', '38d 1h', ['late week 1']],
  ['medium', '43d 1h', ['late week 1']],
  ['medium', '44d 1h', ['late week 2']],
  ['low', '200d', []],
] as const)
  test(`${severity} at ${when}: ${expected.join(', ') || 'nothing'}`, () => {
    const told = names(settled(severity), at(when)).filter((name) => name !== 'base-found');
    assert.deepEqual(told, expected);
  });

test('what counts as more is told again, by its new window', () => {
  const events = [...settled('medium'), event('16d', { kind: 'exploited', source: 'kev' })];
  assert.deepEqual(names(events, at('15d')), ['time-used medium 50']);
  assert.deepEqual(names(events, at('16d 1h')), []);
  assert.deepEqual(names(events, at('17d')), ['time-used critical 50']);
});

test('a patched base is told while it is news, and not once the branch has it', () => {
  const events = [detected('0d', 'medium'), fixAvailable('0d'), baseAvailable('3d')];
  assert.deepEqual(names(events, at('2d')), []);
  assert.deepEqual(names(events, at('3d')), ['base-found']);
  assert.deepEqual(names(events, at('10d')), ['base-found']);
  assert.deepEqual(names(events, at('10d 1h')), []);
  assert.deepEqual(names([...events, event('4d', { kind: 'merged', digest: 'x' })], at('4d')), []);
});

test('a clock that waits is not pressed until it has waited as long as it may', () => {
  const events = [detected('0d', 'critical'), fixAvailable('0d')];
  assert.deepEqual(names(events, at('2d 23h')), []);
  assert.deepEqual(names(events, at('3d')), ['wait-over']);
  assert.deepEqual(names(events, at('4d')), ['time-used critical 50', 'wait-over']);
});

test('a waiver is told of seven days and one day before its end', () => {
  const events = [...settled('medium'), waived('10d', '30d')];
  const until = at('30d');
  assert.deepEqual(names(events, at('22d')), []);
  assert.deepEqual(names(events, at('23d')), [`waiver-ending 7d ${until}`]);
  assert.deepEqual(names(events, at('29d')), [`waiver-ending 1d ${until}`]);
  const short = [...settled('medium'), waived('10d', '12d')];
  assert.deepEqual(names(short, at('10d')), []);
  assert.deepEqual(names(short, at('11d 1h')), [`waiver-ending 1d ${at('12d')}`]);
});

/** The episode that goes on, and the one that was closed for it. */
function renamed(episode: Episode, stage: string, number: number, now: number): readonly [Episode, Episode] {
  const place = { ...episode.subject, stage };
  const { episode: next, events } = carryOver(episode, { place }, { number, settings: defaultDeadlineSettings, now });
  const ends = events.filter(({ event }) => event.what.kind === 'closed').map(({ event }) => event);
  return [next, { ...episode, events: [...episode.events, ...ends] }];
}

for (const [fact, stages] of [
  ['renamed', ['build']],
  ['renamed twice', ['build', 'base']],
  ['renamed and called again as it was', ['build', '1']],
] as const)
  test(`what was told of a stage is not told again where it is ${fact}`, () => {
    for (const [severity, when] of [
      ['critical', '1d 20h'],
      ['critical', '2d 1h'],
      ['medium', '16d'],
      ['medium', '33d'],
    ] as const) {
      const events = [...settled(severity).slice(0, 2), baseAvailable('1d')];
      const before = episodeNotices(episodeOf(...events), defaultDeadlineSettings, at(when));
      assert.notDeepEqual(before, []);
      let episode = episodeOf(...events);
      for (const [index, stage] of stages.entries()) {
        const [next, left] = renamed(episode, stage, index + 2, at('1d'));
        assert.deepEqual(episodeNotices(left, defaultDeadlineSettings, at(when)), []);
        episode = next;
      }
      const after = episodeNotices(episode, defaultDeadlineSettings, at(when));
      assert.deepEqual(
        after.map(({ key }) => key),
        before.map(({ key }) => key),
      );
      assert.ok(after.every(({ subject }) => subject.stage === stages.at(-1)));
    }
  });

test('what is found later in a stage that is called as a renamed one was is told of', () => {
  const [next] = renamed(episodeOf(...settled('medium')), 'build', 1, at('1d'));
  const found = episodeOf(detected('2d', 'medium'), fixAvailable('2d'), baseAvailable('2d'));
  const keys = [next, found].flatMap((episode) => episodeNotices(episode, defaultDeadlineSettings, at('33d')));
  assert.deepEqual(
    keys.map(({ key }) => key.split(' ').slice(2).join(' ')),
    [
      '1 linux%2Famd64 docker.io%2Flibrary%2Fdebian CVE-2026-0001 openssl 2026-03-01T00:00:00Z late day 3',
      '1 linux%2Famd64 docker.io%2Flibrary%2Fdebian CVE-2026-0001 openssl 2026-03-03T00:00:00Z late day 1',
    ],
  );
});

test('a closed one and one without a fix are not told of', () => {
  assert.deepEqual(names([...settled('critical'), closed('3d')], at('4d')), []);
  assert.deepEqual(names([detected('0d', 'critical')], at('90d')), []);
});

test('a week of hourly runs tells each event once, however the hours fall', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 * 24 }), { maxLength: 60 }), (hours) => {
      const told = new Set<string>();
      for (const hour of hours.toSorted((a, b) => a - b))
        for (const { key } of noticesAt(settled('high'), at('0d') + hour * hourMs)) told.add(key);
      // Three thresholds, the base, the breach, seven days, then weeks.
      assert.ok(told.size <= 3 + 1 + 1 + 7 + 7);
    }),
  );
  const all = new Set<string>();
  for (let now = at('0d'); now <= at('21d'); now += hourMs)
    for (const { key } of noticesAt(settled('high'), now)) all.add(key);
  assert.equal(all.size, 3 + 1 + 1 + 7 + 2);
});

test('a cycle that is overdue is told once a day, a scan where the cycles go on', () => {
  const now = at('10d');
  const [fresh, old] = [now - 2 * dayMs, now - 2 * dayMs - 1];
  assert.deepEqual(automationNotices({ monitoredAt: fresh, scannedAt: fresh }, now), []);
  const key = 'automation cycle-overdue 2026-03-11';
  for (const [last, what] of [
    [{}, { command: 'monitor' }],
    [
      { monitoredAt: old, scannedAt: fresh },
      { command: 'monitor', lastAt: old },
    ],
    [{ monitoredAt: fresh }, { command: 'monitor --scan' }],
    [
      { monitoredAt: fresh, scannedAt: old },
      { command: 'monitor --scan', lastAt: old },
    ],
  ] as const)
    assert.deepEqual(automationNotices(last, now), [{ key, what: { kind: 'cycle-overdue', ...what } }]);
});
