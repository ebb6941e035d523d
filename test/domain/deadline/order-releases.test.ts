import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestReleases } from '../../../src/domain/deadline/order-releases.ts';

for (const [said, names, expected] of [
  [
    'by their numbers, whatever order they come in',
    ['v1.10.0', 'v1.9.1', 'v1.9.0'],
    ['v1.9.0 unknown', 'v1.9.1 patch', 'v1.10.0 minor'],
  ],
  ['no moving names, no prereleases', ['latest', 'v1', 'v1.2.3-rc.1', '1.2.3'], ['1.2.3 unknown']],
  [
    'each thing has a series of its own',
    ['shop-v1.0.0', 'cart-v3.0.0', 'shop-v1.0.1'],
    ['shop-v1.0.0 unknown', 'shop-v1.0.1 patch', 'cart-v3.0.0 unknown'],
  ],
  [
    'the newest alone, each with its kind against the one before',
    ['1.0.0', '1.0.1', '1.1.0', '2.0.0'],
    ['1.0.1 patch', '1.1.0 minor', '2.0.0 major'],
  ],
] as const)
  test(`releases: ${said}`, () =>
    assert.deepEqual(
      newestReleases(names, 3).map(({ name, kind }) => `${name} ${kind}`),
      expected,
    ));

test('releases: a name of nothing but digits before its numbers is read at once', () => {
  const names = [`a${'1'.repeat(60_000)}-1.2.3`, `a${'-1'.repeat(30_000)}`];
  const started = performance.now();
  assert.deepEqual(
    newestReleases(names, 3).map(({ name }) => name.length),
    [60_007],
  );
  assert.ok(performance.now() - started < 1000);
});
