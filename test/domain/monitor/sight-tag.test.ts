import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sightTag } from '../../../src/domain/monitor/sight-tag.ts';
import type { Sighting } from '../../../src/domain/monitor/sighting.ts';

/** Looks at a tag that shows these digests one after the other; what each look says. */
function looks(...digests: readonly string[]): readonly string[] {
  const past: Sighting[] = [];
  let suspected: string | undefined;
  return digests.map((digest, at) => {
    const sight = sightTag(past, suspected, { tag: '22', digest, at, evidence: 'head' });
    suspected = sight.kind === 'suspected' ? sight.digest : undefined;
    if (sight.kind === 'same') past[past.length - 1] = sight.sighting;
    else if (sight.kind !== 'suspected') past.push(sight.sighting);
    return sight.kind;
  });
}

for (const [digests, said, fact] of [
  ['a', 'first', 'a tag that was never seen'],
  ['a a', 'first same', 'a tag that stays'],
  ['a b', 'first moved', 'a tag that moves'],
  ['a b c', 'first moved moved', 'a tag that moves twice'],
  ['a b a', 'first moved suspected', 'a replaced digest is not believed at once'],
  ['a b a b', 'first moved suspected same', 'a stale answer in between is no event'],
  ['a b a a', 'first moved suspected moved-back', 'a replaced digest is believed when it is seen twice'],
  ['a b a c', 'first moved suspected moved', 'a new digest is believed at once'],
  ['a b c a b', 'first moved moved suspected suspected', 'two different replaced digests do not confirm each other'],
  ['a b a a a', 'first moved suspected moved-back same', 'after moving back it stays'],
  ['a b a a b', 'first moved suspected moved-back suspected', 'moving forth again needs two looks as well'],
] as const)
  test(`sightings ${digests}: ${fact}`, () => assert.equal(looks(...digests.split(' ')).join(' '), said));

test('what was seen last is what a digest that is seen twice in a row says', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 }), (digests) => {
      const last = digests.at(-1) ?? '';
      const said = looks(...digests, last, last);
      assert.equal(said.at(-1), 'same');
    }),
  );
});

test('a sighting is extended and never moves backwards in time', () => {
  const past: Sighting[] = [
    { tag: '22', platform: '*', digest: 'a', firstSeenAt: 10, lastSeenAt: 50, evidence: 'head' },
  ];
  const sight = sightTag(past, undefined, { tag: '22', digest: 'a', at: 20, evidence: 'head' });
  assert.deepEqual(sight, { kind: 'same', sighting: { ...past[0], lastSeenAt: 50 } });
});
