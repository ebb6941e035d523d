import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { isBranchName } from '../../../src/domain/fleet/branch-name.ts';

for (const name of ['main', 'release/1.2', 'ü', 'a@b', "it's", '$(x)', 'HEAD'])
  test(`${name} is a branch`, () => assert.ok(isBranchName(name)));

for (const name of [
  '',
  '-x',
  'a b',
  'a:b',
  'a*',
  'a..b',
  '/a',
  'a/',
  'a//b',
  '.a',
  'a/.b',
  'a.lock',
  'a@{1}',
  '@',
  'a\nb',
  'a\\b',
])
  test(`${JSON.stringify(name)} is no branch`, () => assert.ok(!isBranchName(name)));

test('what is a branch to us is one to git', () => {
  const character = fc.constantFrom(...'a./-@{~^:?*[\\ \x7f\tü'.split(''));
  fc.assert(
    fc.property(fc.string({ unit: character, minLength: 1, maxLength: 6 }), (name) => {
      if (isBranchName(name)) execFileSync('git', ['check-ref-format', `refs/heads/${name}`]);
    }),
    { numRuns: 150 },
  );
});
