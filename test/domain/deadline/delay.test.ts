import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import { delayOf, lagsOf } from '../../../src/domain/deadline/delay.ts';
import type { EpisodeEvent } from '../../../src/domain/deadline/episode.ts';
import { episodeStanding } from '../../../src/domain/deadline/episode-standing.ts';
import { at, baseAvailable, dayMs, detected, episodeOf, event, fixAvailable, waived } from './lived.ts';

const [seen, fix, base] = [detected('0d', 'high'), fixAvailable('1d'), baseAvailable('3d')];
const proposed = event('4d', { kind: 'proposed', url: 'https://git.example/acme/shop/pull/7', id: '7' });
const merged = event('5d', { kind: 'merged' });

for (const [said, events, expected] of [
  ['no fix: nobody but its maker can help', [seen], 'supplier no-fix'],
  ['a fix without a base: the base is awaited', [seen, fix], 'supplier awaiting-base'],
  ['a base that nothing proposes: our turn', [seen, fix, base], 'ours not-proposed'],
  ['a proposal that is open: our turn', [seen, fix, base, proposed], 'ours proposal-open'],
  ['mended and not released: our turn', [seen, fix, base, proposed, merged], 'ours not-released'],
  ['a waiver: nobody is waited for', [seen, fix, base, waived('4d', '20d')], 'nobody waived'],
  ['a waiver that ran out: our turn again', [seen, fix, base, waived('4d', '5d')], 'ours not-proposed'],
] as const satisfies readonly (readonly [string, readonly EpisodeEvent[], string])[])
  test(said, () => {
    const { whose, reason } = delayOf(episodeStanding(episodeOf(...events), defaultDeadlineSettings, at('6d')));
    assert.equal(`${whose} ${reason}`, expected);
  });

for (const [said, milestones, expected] of [
  ['without a fix nobody has taken time', {}, {}],
  ['until there is a base it is the supplier', { fixAt: at('1d') }, { supplierMs: 5 * dayMs }],
  ['from then on it is we', { fixAt: at('1d'), baseAt: at('3d') }, { supplierMs: 2 * dayMs, oursMs: 3 * dayMs }],
  [
    'a base before the fix was known costs the supplier nothing',
    { fixAt: at('3d'), baseAt: at('1d') },
    { supplierMs: 0, oursMs: 3 * dayMs },
  ],
] as const)
  test(said, () => assert.deepEqual(lagsOf(milestones, at('6d')), expected));
