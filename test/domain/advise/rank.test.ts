import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jumps, rank, type Weighed } from '../../../src/domain/advise/rank.ts';

type Odds = Partial<Omit<Weighed, 'reference'>>;

const base = (reference: string, odds: Odds): Weighed => ({
  reference,
  ...{ jump: 'patch', patchable: 0, added: 0, remaining: 5, sizeBytes: 50 },
  ...odds,
});

for (const [what, better, worse] of [
  ['one that clears all comes before one that is nearer', { jump: 'other' }, { jump: 'refresh', patchable: 1 }],
  ['fewer that could be patched come first where none clears all', { jump: 'minor', patchable: 1 }, { patchable: 2 }],
  ['one that adds nothing comes before one that is nearer', { jump: 'major' }, { jump: 'patch', added: 1 }],
  ['the smaller jump comes before fewer findings', { jump: 'patch', remaining: 9 }, { jump: 'minor', remaining: 0 }],
  ['staying comes before moving for nothing', { jump: 'none', remaining: 9 }, { jump: 'refresh', remaining: 9 }],
  ['another variant comes behind a major step', { jump: 'major', sizeBytes: 900 }, { jump: 'other' }],
  ['fewer findings come before fewer bytes', { remaining: 1, sizeBytes: 900 }, { remaining: 2, sizeBytes: 1 }],
  ['the smaller comes first among equals', { sizeBytes: 1 }, { sizeBytes: 2 }],
  ['a size that is not known comes last', { sizeBytes: 900 }, { sizeBytes: undefined }],
  ['what is ruled out comes last', { patchable: 99, added: 9, jump: 'other' }, { jump: 'none', ruledOut: 'its end' }],
] as const satisfies readonly (readonly [string, Odds, Odds])[])
  test(what, () =>
    assert.deepEqual(
      // The text would put them the other way round.
      rank([base('a', worse), base('b', better)]).map(({ reference }) => reference),
      ['b', 'a'],
    ),
  );

test('the order is total: whatever the order of the bases', () => {
  const bases = fc.uniqueArray(
    fc.record({
      reference: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      jump: fc.constantFrom(...jumps),
      patchable: fc.nat(2),
      added: fc.nat(2),
      remaining: fc.nat(2),
      sizeBytes: fc.option(fc.nat(2), { nil: undefined }),
    }),
    { selector: ({ reference }) => reference },
  );
  fc.assert(fc.property(bases, (some) => assert.deepEqual(rank(some.toReversed()), rank(some))));
});
