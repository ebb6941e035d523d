import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseSpans, type Span } from '../../../src/domain/compliance/choose-spans.ts';

let id = 0;
const span = (repository: string, firstAt: number, lastAt: number): Span => ({ id: ++id, repository, firstAt, lastAt });
const time = { since: 10, now: 30, ends: [15, 20, 30] };
const told = (spans: readonly Span[]) => spans.map(({ repository, firstAt }) => `${repository} ${firstAt}`);

for (const [said, spans, present, before, atEnds] of [
  ['nothing was looked at', [], [], [], [[], [], []]],
  [
    'a look holds until the next one',
    [span('a', 5, 8), span('a', 20, 25)],
    ['a 20'],
    ['a 5'],
    [['a 5'], ['a 20'], ['a 20']],
  ],
  [
    'one that came later stood before as it was seen first',
    [span('a', 16, 25)],
    ['a 16'],
    ['a 16'],
    [[], ['a 16'], ['a 16']],
  ],
  [
    'what was looked at after the report is not known to it',
    [span('a', 12, 40), span('a', 41, 50)],
    ['a 12'],
    ['a 12'],
    [['a 12'], ['a 12'], ['a 12']],
  ],
  [
    'one whose last look was before the time is in no number',
    [span('a', 1, 9), span('b', 1, 10)],
    ['b 1'],
    ['b 1'],
    [['b 1'], ['b 1'], ['b 1']],
  ],
] as const)
  test(`spans: ${said}`, () => {
    const chosen = chooseSpans(spans, time);
    assert.deepEqual([told(chosen.present), told(chosen.before), chosen.atEnds.map(told)], [present, before, atEnds]);
  });

test('repositories that are meant and were not looked at are named, with their last look', () => {
  const { present, unseen } = chooseSpans([span('a', 1, 9), span('b', 1, 20), span('c', 1, 20)], time, ['a', 'b', 'd']);
  assert.deepEqual(told(present), ['b 1']);
  assert.deepEqual(unseen, [{ repository: 'a', lastAt: 9 }, { repository: 'd' }]);
});
