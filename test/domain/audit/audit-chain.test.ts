import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { auditLine, auditStart, nextAudited } from '../../../src/domain/audit/audit-chain.ts';
import { canonicalJson } from '../../../src/domain/audit/canonical-json.ts';
import { type BrokenLine, checkLine } from '../../../src/domain/audit/check-line.ts';
import { detected, episodeOf } from '../deadline/lived.ts';
import { chainedLines, sha256 } from './chained.ts';

for (const [value, text] of [
  [{ b: 1, a: [null, true, 'x'], c: undefined }, '{"a":[null,true,"x"],"b":1}'],
  [{ é: 1, z: 2, '\u{1f600}': 3, '\ufb33': 4 }, '{"z":2,"é":1,"\u{1f600}":3,"\ufb33":4}'],
  ['a\n"\\\u2028', '"a\\n\\"\\\\\u2028"'],
  [{}, '{}'],
] as const)
  test(`canonical: ${text}`, () => assert.equal(canonicalJson(value), text));

test('a record has one text, in whatever order its keys were written', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string())), (record) => {
      const backwards = Object.fromEntries(Object.entries(record).toReversed());
      assert.equal(canonicalJson(backwards), canonicalJson(record));
      assert.deepEqual(JSON.parse(canonicalJson(record)), { ...record });
    }),
  );
});

test('a line is JSON, and its hash is that of the line without it', () => {
  const [line = ''] = chainedLines(1);
  const told = JSON.parse(line) as { readonly hash: string; readonly sequence: number; readonly previous: string };
  assert.deepEqual([told.sequence, told.previous], [1, '0'.repeat(64)]);
  assert.equal(hash('sha256', line.replace(/,"hash":"\w+"\}$/, '}')), told.hash);
});

test('what is recorded later leaves the lines before as they were', () => {
  assert.deepEqual(chainedLines(9).slice(0, 4), chainedLines(4));
});

/** @returns the first thing that is wrong, and on which line. */
function firstBroken(lines: readonly string[]): { readonly line: number; readonly broken: BrokenLine } | undefined {
  let head = auditStart;
  for (const [index, line] of lines.entries()) {
    const next = checkLine(head, line, sha256);
    if ('kind' in next) return { line: index + 1, broken: next };
    head = next;
  }
  return undefined;
}

const [one, two, three, four] = chainedLines(4) as [string, string, string, string];
const recorded = { subject: episodeOf().subject, number: 1, event: detected('1d', 'low') };
const other = auditLine(nextAudited({ sequence: 1, hash: 'f'.repeat(64) }, recorded, sha256));
for (const [said, lines, line, broken] of [
  ['a word changed', [one, two.replace('trivy', 'grype')], 2, { kind: 'changed', expected: 2 }],
  ['a hash changed', [one.replace(/.(?="\}$)/, 'g')], 1, { kind: 'unreadable', expected: 1 }],
  ['a line is gone', [one, three, four], 2, { kind: 'missing', expected: 2, found: 3 }],
  ['the first lines are gone', [three, four], 1, { kind: 'missing', expected: 1, found: 3 }],
  ['two lines changed places', [one, three, two, four], 2, { kind: 'missing', expected: 2, found: 3 }],
  ['a line stands there twice', [one, two, two, three], 3, { kind: 'out-of-order', expected: 3, found: 2 }],
  ['a line is cut off', [one, two.slice(0, -9)], 2, { kind: 'unreadable', expected: 2 }],
  ['an empty line', [one, '', two], 2, { kind: 'unreadable', expected: 2 }],
  ['a line was made anew', [one, other, three], 2, { kind: 'untied', expected: 2 }],
] as const)
  test(`found: ${said}`, () => assert.deepEqual(firstBroken(lines), { line, broken }));

test('whole chains are found whole', () => {
  assert.equal(firstBroken([one, two, three, four]), undefined);
  assert.equal(firstBroken(chainedLines(200)), undefined);
});

test('any single character that is changed, taken out or put in is found, on its line', () => {
  const lines = chainedLines(6);
  fc.assert(
    fc.property(
      fc.nat(5),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      fc.constantFrom('change', 'remove', 'insert'),
      (index, place, character, how) => {
        const line = lines[index] ?? '';
        const at = place % line.length;
        fc.pre(how !== 'change' || line[at] !== character);
        const added = how === 'remove' ? '' : character;
        const altered = line.slice(0, at) + added + line.slice(how === 'insert' ? at : at + 1);
        // One of two equal neighbours taken out, or doubled, is still a change.
        assert.equal(firstBroken(lines.with(index, altered))?.line, index + 1);
      },
    ),
    { numRuns: 2000 },
  );
});

test('lines in any other order than that of recording are found', () => {
  const lines = chainedLines(7);
  fc.assert(
    fc.property(fc.shuffledSubarray([...lines.keys()]), (order) => {
      const isPrefix = order.every((line, index) => line === index);
      assert.equal(firstBroken(order.map((index) => lines[index] ?? '')) === undefined, isPrefix);
    }),
  );
});
