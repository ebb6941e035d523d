import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withVerification } from '../../../src/domain/merge/verification-section.ts';

const found = (section: string) => `<!-- basekeeper-verification -->\n${section}\n<!-- /basekeeper-verification -->`;
const marker = '<!-- basekeeper {"version":1} -->';

for (const [what, body, expected] of [
  ['before the hidden marker', `Newer.\n\n${marker}\n`, `Newer.\n\n${found('green')}\n\n${marker}\n`],
  ['at the end without a marker', 'Newer.\n', `Newer.\n\n${found('green')}\n`],
  ['in place of an earlier one', `A\n${found('red')}\nB`, `A\n${found('green')}\nB`],
  [
    'not in place of one that does not end',
    `<!-- basekeeper-verification -->\nA\n\n${marker}`,
    `<!-- basekeeper-verification -->\nA\n\n${found('green')}\n\n${marker}`,
  ],
] as const)
  test(`what was found stands ${what}`, () => assert.equal(withVerification(body, '\ngreen\n'), expected));

test('written twice it stands there once', () => {
  const once = withVerification(`Newer.\n\n${marker}\n`, 'green');
  assert.equal(withVerification(once, 'green'), once);
});
