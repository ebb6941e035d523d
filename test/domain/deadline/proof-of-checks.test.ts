import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proofOfChecks } from '../../../src/domain/deadline/proof-of-checks.ts';
import type { Check } from '../../../src/domain/merge/checks.ts';

for (const [said, checks, expected] of [
  ['nothing is checked', [], 'nothing'],
  ['nothing has said yes or no', ['lint neutral'], 'nothing'],
  ['one is green', ['test success', 'lint neutral'], 'pass'],
  ['one is red, whatever else runs', ['test failure', 'lint pending'], 'fail test'],
  ['one runs', ['test pending', 'lint success'], 'hold'],
  ['ours asks for people', ['basekeeper/verify pending', 'test success'], 'hold'],
  ['ours says what others said already', ['basekeeper/verify failure', 'test failure'], 'fail test'],
  ['ours alone is red', ['basekeeper/verify failure', 'test success'], 'fail basekeeper/verify'],
] as const)
  test(`${said}: ${expected}`, () => {
    const proof = proofOfChecks(
      checks.map((text): Check => {
        const [name = '', state] = text.split(' ') as [string, Check['state']];
        return { name, state, hasFailedBefore: false };
      }),
    );
    assert.equal(proof === undefined ? 'nothing' : [proof.decision, ...proof.failed].join(' '), expected);
  });

test('names of checks are bounded, in length and in number', () => {
  const state = 'failure';
  const many = Array.from(
    { length: 1000 },
    (_, at): Check => ({ name: `${at} ${'x'.repeat(999)}`, state, hasFailedBefore: false }),
  );
  const { failed } = proofOfChecks(many) ?? assert.fail();
  assert.deepEqual([failed.length, failed[0]?.length], [10, 100]);
});
