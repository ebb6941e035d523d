import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readableMarkdown } from '../../src/render/readable-markdown.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

for (const [fact, written, shown] of [
  [
    'a table has aligned columns and no rule',
    ['| minor | old | new |', '| --- | :-: | --- |', '| category | restricted | preferred |', 'after'],
    ['  minor     old         new', '  category  restricted  preferred', 'after'],
  ],
  ['an escaped bar stays in its cell', ['| a\\|b | c |', '| --- | --- |'], ['  a\\|b  c']],
  ['bars without a rule are no table', ['| a | b |'], ['| a | b |']],
  [
    'a digest is cut, in a table and in prose',
    [`| x | ${digest} |`, '| --- | --- |', digest],
    ['  x  sha256:0123456789ab…', 'sha256:0123456789ab…'],
  ],
  ['prose is wrapped', ['one two three four five'], ['one two three four\nfive']],
  ['an item hangs', ['- one two three four five'], ['- one two three four\n  five']],
  ['code stays', ['```', '| a | b |', `x ${digest}`, '```'], ['```', '| a | b |', `x ${digest}`, '```']],
  ['a bar alone is no table', ['|', '| a'], ['|', '| a']],
] as const)
  test(fact, () => assert.deepEqual(readableMarkdown(written, 20), shown));
