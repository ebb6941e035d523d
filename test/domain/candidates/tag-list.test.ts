import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTagList } from '../../../src/domain/candidates/tag-list.ts';

for (const [text, tag, pushedAt] of [
  ['22', '22', undefined],
  ['\uFEFF22\r\n', '22', undefined],
  ['v1.2_x-y', 'v1.2_x-y', undefined],
  ['22\t2026-11-23', '22', '2026-11-23T00:00:00.000Z'],
  ['22\t2026-11-23T01:00:00+02:00', '22', '2026-11-22T23:00:00.000Z'],
  ['22\t2026-11-23T10:11:12.123456Z', '22', '2026-11-23T10:11:12.123Z'],
] as const)
  test(`reads ${JSON.stringify(text)}`, () =>
    assert.deepEqual(parseTagList(text), {
      tags: [pushedAt === undefined ? { tag } : { tag, pushedAt }],
      problems: [],
    }));

for (const [text, message] of [
  ['a b', /is no tag/],
  ['-a', /is no tag/],
  ['a'.repeat(129), /is no tag/],
  ['\t2026-01-01', /"" is no tag/],
  ['a\tyesterday', /is no date/],
  ['a\t2026-13-01', /is no date/],
  ['a\t2026-02-29', /is no date/],
  ['a\t', /is no date/],
  ['a\t2026-01-01\t', /more than one tab/],
] as const)
  test(`tells what is wrong with ${JSON.stringify(text.slice(0, 20))} and reads on`, () => {
    const { tags, problems } = parseTagList(`1\n\n${text}\n2`);
    assert.deepEqual(tags, [{ tag: '1' }, { tag: '2' }]);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.line, 3);
    assert.match(problems[0]?.message ?? '', message);
  });

test('the number of tags is bounded', () => {
  const { tags, problems } = parseTagList('a\n'.repeat(500_002));
  assert.deepEqual([tags.length, problems], [500_000, [{ line: 500_001, message: 'more than 500000 tags' }]]);
});

test('the number of problems is bounded', () => {
  assert.equal(parseTagList(' \n'.repeat(1000)).problems.length, 100);
});
