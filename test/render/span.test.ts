import assert from 'node:assert/strict';
import { test } from 'node:test';
import { span } from '../../src/render/span.ts';

const minute = 60_000;
for (const [ms, text] of [
  [0, '0 min'],
  [59_999, '0 min'],
  [12 * minute, '12 min'],
  [60 * minute, '1 h'],
  [150 * minute, '2 h 30 min'],
  [11.9 * 60 * minute, '11 h'],
  [24 * 60 * minute, '1 d'],
  [51 * 60 * minute, '2 d 3 h'],
  [10.9 * 24 * 60 * minute, '10 d'],
] as const)
  test(`${ms} ms read ${text}`, () => assert.equal(span(ms), text));
