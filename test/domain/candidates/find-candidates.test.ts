import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownCases } from './known-cases.ts';
import { answerOf } from './selection-case.ts';

for (const row of knownCases)
  test(`from ${row.image} among ${row.tags}: ${row.wanted === '' ? 'nothing' : row.wanted}`, () =>
    assert.equal(answerOf(row), row.wanted, row.because));
