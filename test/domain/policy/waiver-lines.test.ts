import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waiverLines } from '../../../src/domain/policy/waiver-lines.ts';

for (const [text, line, to] of [
  ['waivers:\n  - id: a\n    image: b\n\n    # why\n    owner: c\n\n  # next\n  - id: d\n', 2, 6],
  ['waivers:\n- id: a\n  image: b\nrules: {}\n', 2, 3],
  ['waivers:\n  - { id: a,\n      image: b }\n  - { id: c }\n', 2, 3],
  ['waivers: [{ id: a },\n  { id: b }]\nrules: {}\n', 1, 2],
  ['waivers:\n  - id: a', 2, 2],
] as const)
  test(`a waiver ends with what is indented further: ${JSON.stringify(text)}`, () =>
    assert.deepEqual(waiverLines(text, line), { from: line, to }));
