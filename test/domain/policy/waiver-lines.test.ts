import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waiverLines } from '../../../src/domain/policy/waiver-lines.ts';

for (const [text, line, to] of [
  ['waivers:\n  - id: a\n    image: b\n\n    # why\n    owner: c\n\n  # next\n  - id: d\n', 2, 6],
  ['waivers:\n- id: a\n  image: b\nrules: {}\n', 2, 3],
  ['waivers:\n  - { id: a,\n      image: b }\n  - { id: c }\n', 2, 3],
  ['waivers: [{ id: a },\n  { id: b }]\nrules: {}\n', 1, 1],
  ['waivers: [{ id: a }, { id: b,\n  image: c }]\nrules: {}\n', 1, 2],
  ['waivers:\n  - id: a', 2, 2],
  ['waivers:\n  -\n    id: a\n    image: b\n  - id: c\n', 3, 4],
  ['waivers:\n  - # why\n    id: a\r\n    image: b\r\n\r\nrules: {}\r\n', 3, 4],
  ['waivers: [\n { id: a,\n image: b,\n owner: c } ]\n', 2, 4],
  ['waivers:\n  - id: a\n    reason: |\n      b\n\n      # c\n\n\nrules: {}\n', 2, 6],
] as const)
  test(`a waiver has all of its lines: ${JSON.stringify(text)}`, () =>
    assert.deepEqual(waiverLines(text, line), { from: line, to, isWhole: true }));

for (const [text, line] of [
  ['waivers:\n  - id: a\n    expires: &day 2026-12-01\n  - id: b\n    expires: *day\n', 4],
  ['waivers:\n  - &a\n    id: a\n  - *a\n', 4],
  ['waivers:\n  - id: a\n    rule: &r [x]\n  - { id: b, rule: *r }\n', 4],
  ['waivers: *all\n', 1],
] as const)
  test(`an alias takes words from elsewhere: ${JSON.stringify(text)}`, () =>
    assert.equal(waiverLines(text, line).isWhole, false));
