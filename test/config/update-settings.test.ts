import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeUpdate, mergeUpdate } from '../../src/config/build-update.ts';
import { updateSchema } from '../../src/config/update-schema.ts';
import { defaultUpdateSettings } from '../../src/domain/update/update-settings.ts';

test('what a file does not say of updates keeps its default', () => {
  assert.deepEqual(mergeUpdate(defaultUpdateSettings, undefined), defaultUpdateSettings);
  assert.deepEqual(mergeUpdate(defaultUpdateSettings, {}), defaultUpdateSettings);
  const { limits } = mergeUpdate(defaultUpdateSettings, { limits: { open: 3 } });
  assert.deepEqual(limits, { ...defaultUpdateSettings.limits, open: 3 });
});

test('who owns updates is known only where a file says so', () => {
  assert.equal(mergeUpdate(defaultUpdateSettings, {}).owner, undefined);
  const said = mergeUpdate(defaultUpdateSettings, { owner: 'basekeeper' });
  assert.equal(said.owner, 'basekeeper');
  assert.equal(mergeUpdate(said, { pin: true }).owner, 'basekeeper');
});

test('settings of updates are printed in words that are read back', () => {
  const written = updateSchema.parse({
    lanes: ['digest'],
    pin: true,
    owner: 'dependabot',
    window: { days: ['mon'], from: '22:30', to: '06:00' },
    minimumAge: '3d',
    snooze: '14d',
    baseBranch: 'develop',
    automerge: { allow: [{ lanes: ['digest'], images: ['docker.io/**'] }], perDay: 3, method: 'squash', wait: '90m' },
  });
  const settings = mergeUpdate(defaultUpdateSettings, written);
  assert.deepEqual(settings.window, { days: ['mon'], from: 1350, to: 360 });
  assert.deepEqual(mergeUpdate(defaultUpdateSettings, updateSchema.parse(describeUpdate(settings))), settings);
});

test('merging is off, on, or what its rules allow', () => {
  const { automerge: off } = mergeUpdate(defaultUpdateSettings, {});
  assert.deepEqual(off, { allow: [], isPaused: false, waitMinutes: 60 });
  const { automerge: on } = mergeUpdate(defaultUpdateSettings, { automerge: true });
  assert.deepEqual(on, { ...off, allow: [{}] });
  const written = { automerge: { allow: [{ categories: ['preferred' as const] }], paused: true } };
  const { automerge } = mergeUpdate(defaultUpdateSettings, written);
  assert.deepEqual(automerge, { ...off, allow: [{ categories: ['preferred'] }], isPaused: true });
  assert.deepEqual(mergeUpdate(mergeUpdate(defaultUpdateSettings, written), { automerge: false }).automerge, off);
});

for (const [what, written] of [
  ['a time that is none', { window: { from: '24:00' } }],
  ['a branch that git would not take', { baseBranch: 'a..b' }],
  ['a prefix of two lines', { commitPrefix: 'build\nfix' }],
  ['an age in hours', { minimumAge: '3h' }],
  ['a limit of nothing', { limits: { open: 0 } }],
  ['merging of a lane that is none', { automerge: { allow: [{ lanes: ['newest'] }] } }],
  ['merging of an image without its registry', { automerge: { allow: [{ images: ['node'] }] } }],
  ['a pattern of repositories that is none', { automerge: { allow: [{ repositories: ['acme/{a,b}'] }] } }],
  ['an unknown key of merging', { automerge: { lanes: ['digest'] } }],
  ['an unknown key', { lane: ['digest'] }],
] as const) {
  test(`settings of updates refuse ${what}`, () => assert.equal(updateSchema.safeParse(written).success, false));
}
