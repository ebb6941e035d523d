import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkForge } from '../../../src/flows/doctor/check-forge.ts';
import { ForgeError } from '../../../src/ports/forge.ts';

const shown = async (...asked: Parameters<typeof checkForge>) =>
  (await checkForge(...asked)).map(({ name, state, says, remedy }) => [name, state, says, remedy]);
const set = ['token', 'ok', 'GH_TOKEN is set', null];

test('without a token nothing is asked for', async () => {
  assert.deepEqual(await shown([], async () => undefined), [
    ['token', 'ok', 'none of GITHUB_TOKEN, GH_TOKEN, GH_ENTERPRISE_TOKEN, GITLAB_TOKEN is set', null],
  ]);
});

test('each thing that the token cannot do is a warning with what mends it', async () => {
  assert.deepEqual(await shown(['GH_TOKEN'], async () => ({ kind: 'classic', scopes: ['repo', 'read:org'] })), [
    set,
    ['GitHub', 'ok', 'accepts the token, with the scopes repo, read:org', null],
    ['GitHub', 'warn', 'the token cannot change workflow files', 'give it the scope workflow'],
  ]);
});

test('a token that GitHub tells nothing of is no warning', async () => {
  const says = 'accepts the token, a fine-grained one; GitHub does not tell what it may, refusals name the permission';
  assert.deepEqual(await shown(['GH_TOKEN'], async () => ({ kind: 'fine-grained' })), [
    set,
    ['GitHub', 'ok', says, null],
  ]);
});

test('a refusal is a warning, for checks need no token', async () => {
  const refused = async () => {
    throw new ForgeError('unauthorized', 'cannot tell what the token may: GitHub does not accept the token');
  };
  assert.deepEqual(await shown(['GH_TOKEN'], refused), [
    set,
    ['GitHub', 'warn', 'cannot tell what the token may: GitHub does not accept the token', null],
  ]);
});
