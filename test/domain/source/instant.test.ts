import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatInstant } from '../../../src/domain/source/instant.ts';

test('an instant reads as the language writes it, without milliseconds where there are none', () => {
  const first = 8.64e15;
  fc.assert(
    fc.property(fc.double({ min: -first, max: first, noNaN: true }), (at) => {
      assert.equal(formatInstant(at), new Date(at).toISOString().replace('.000Z', 'Z'));
    }),
  );
  for (const at of [0, -1, -86_400_000, 86_399_999, Date.UTC(2028, 1, 29, 23, 59, 59), -first, first])
    assert.equal(formatInstant(at), new Date(at).toISOString().replace('.000Z', 'Z'));
});

test('what is no instant is not written', () => {
  assert.throws(() => formatInstant(Number.NaN), RangeError);
  assert.throws(() => formatInstant(9e15), RangeError);
});
