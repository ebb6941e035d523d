import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WaiverWords } from '../../../src/domain/compliance/compliance.ts';
import { waiverAges } from '../../../src/domain/compliance/waiver-ages.ts';
import { waiver } from './looked.ts';

const { covers: _, ...words } = waiver;
const other = { ...words, id: 'W-2' };
const span = (
  repository: string,
  firstAt: number,
  waivers: readonly WaiverWords[],
  covers: readonly (number | null)[],
) => ({
  ...{ id: firstAt, repository, firstAt, lastAt: firstAt + 1, waivers, covers },
});
const told = (...present: readonly ReturnType<typeof span>[]) =>
  waiverAges(present, [span('a', 1, [words], []), ...present]).map(
    ({ words: { id }, seenSince, covers, repositories }) => [...[id, seenSince, covers, repositories.length]],
  );

for (const [said, present, expected] of [
  [
    'it is as old as the first look that saw it, the oldest first',
    [span('a', 5, [other, words], [1, 1])],
    [
      ['W-1', 1, 1, 1],
      ['W-2', 5, 1, 1],
    ],
  ],
  [
    'of a fleet it is told once, with all that it covers',
    [span('a', 5, [words], [1]), span('b', 6, [words], [2])],
    [['W-1', 1, 3, 2]],
  ],
  [
    'it covers nothing where it covers nothing anywhere',
    [span('a', 5, [words], [0]), span('b', 6, [words], [0])],
    [['W-1', 1, 0, 2]],
  ],
  [
    'where somewhere nobody looked, nothing is not known',
    [span('a', 5, [words], [0]), span('b', 6, [words], [null])],
    [['W-1', 1, null, 2]],
  ],
  ['renewed, it is another one', [span('a', 5, [{ ...words, until: '2027-01-31' }], [1])], [['W-1', 5, 1, 1]]],
] as const)
  test(`waivers: ${said}`, () => assert.deepEqual(told(...present), expected));
