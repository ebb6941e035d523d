import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKey, keyOf } from '../../../../src/adapters/forge/git/key-of.ts';

for (const [branch, taken, expected] of [
  ['basekeeper/node-minor-3f2a9c1d', [], 'node-minor-3f2a9c1d'],
  ['basekeeper/node', ['node'], 'node-2'],
  ['basekeeper/node', ['node', 'node-2'], 'node-3'],
  ['a/node_24.1~ü', [], 'node_24-1-'],
  ['a/-.x', [], 'x'],
  ['a/ü', [], 'proposal'],
] as const)
  test(`a proposal of ${branch} beside ${taken.length} others is ${expected}`, () => {
    assert.equal(
      keyOf(branch, (key) => taken.some((one) => one === key)),
      expected,
    );
    assert.ok(isKey(expected));
  });

for (const text of ['', '-x', 'a/b', '../x', 'a.lock', 'a\n', 'x'.repeat(200)])
  test(`${JSON.stringify(text.slice(0, 20))} is no key`, () => assert.equal(isKey(text), false));
