import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standingAlternatives } from '../../../src/domain/deadline/alternative.ts';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import { episodeStanding } from '../../../src/domain/deadline/episode-standing.ts';
import type { TrackedUse } from '../../../src/domain/deadline/tracked-use.ts';
import type { ScanFacts } from '../../../src/domain/policy/scan-facts.ts';
import { at } from './lived.ts';
import { afterLooks, clean, finding, fixed, type Look, scanWith, storyOf, useOf } from './tracked.ts';

const critical = finding({ ...fixed, severity: 'critical' });
const vulnerable = scanWith([critical]);
const [of, trixie, alpine] = ['docker.io/library/debian:12-slim', 'debian:13-slim', 'alpine:3.24'];
const failed: ScanFacts = { kind: 'failed', message: 'no answer' };

function offers(scans: Readonly<Record<string, ScanFacts>>, changed: Partial<TrackedUse> = {}): TrackedUse {
  const bases = Object.entries(scans).map(([reference, scan]) => ({ reference, scan }));
  return useOf(vulnerable, { alternatives: { of, bases }, ...changed });
}

const begun = ['0d detected', '0d fix-available'];

function tells(said: string, looks: readonly Look[], story: readonly string[], named: readonly string[]): void {
  test(said, () => {
    const episode = afterLooks(...looks);
    assert.deepEqual(storyOf(episode), story);
    assert.deepEqual(
      standingAlternatives(episode.events).map(({ reference }) => reference),
      named,
    );
  });
}

tells(
  'another line that scans free of it is told once, one that has it too is not',
  [
    ['0d', { uses: [offers({ [trixie]: clean, [alpine]: vulnerable })] }],
    ['1d', { uses: [offers({ [trixie]: clean, [alpine]: vulnerable })] }],
  ],
  [...begun, '0d alternative-available', '0d paused'],
  [trixie],
);
tells(
  'a scan that failed, or of a system without advisories, is not free of anything',
  [['0d', { uses: [offers({ [trixie]: failed, [alpine]: scanWith([], { isEndOfLife: true }) })] }]],
  [...begun, '0d paused'],
  [],
);
tells(
  'one that a newer scan shows to have it is named no more',
  [
    ['0d', { uses: [offers({ [trixie]: clean })] }],
    ['1d', { uses: [offers({ [trixie]: vulnerable })] }],
  ],
  [...begun, '0d alternative-available', '0d paused', '1d alternative-gone'],
  [],
);
tells(
  'one that is offered no more is named no more',
  [
    ['0d', { uses: [offers({ [trixie]: clean })] }],
    ['1d', { uses: [offers({ [alpine]: clean })] }],
  ],
  [...begun, '0d alternative-available', '0d paused', '1d alternative-gone', '1d alternative-available'],
  [alpine],
);
tells(
  'a scan that failed later leaves what was told, and so does a look that nobody scanned others in',
  [
    ['0d', { uses: [offers({ [trixie]: clean })] }],
    ['1d', { uses: [offers({ [trixie]: failed })] }],
    ['2d', { uses: [useOf(vulnerable)] }],
  ],
  [...begun, '0d alternative-available', '0d paused'],
  [trixie],
);
tells(
  'one that comes back is named again',
  [
    ['0d', { uses: [offers({ [trixie]: clean })] }],
    ['1d', { uses: [offers({ [trixie]: vulnerable })] }],
    ['2d', { uses: [offers({ [trixie]: clean })] }],
  ],
  [...begun, '0d alternative-available', '0d paused', '1d alternative-gone', '2d alternative-available'],
  [trixie],
);
tells(
  'where the line itself has a base, and of a HIGH finding, none is told',
  [
    ['0d', { uses: [offers({ [trixie]: clean }, { replacement: { reference: of, scan: clean } })] }],
    ['1d', { uses: [offers({ [trixie]: clean }, { scan: scanWith([finding({ ...fixed, severity: 'high' })]) })] }],
  ],
  [...begun, '0d base-available', '1d severity-changed'],
  [],
);

test('it pauses and stops no clock', () => {
  const standing = (use: TrackedUse) =>
    episodeStanding(afterLooks(['0d', { uses: [use] }]), defaultDeadlineSettings, at('8d'));
  const { alternatives, ...clock } = standing(offers({ [trixie]: clean }));
  assert.equal(alternatives?.length, 1);
  assert.deepEqual(clock, standing(useOf(vulnerable)));
});
