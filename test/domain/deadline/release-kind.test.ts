import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsAs, releaseKind } from '../../../src/domain/deadline/release-kind.ts';

for (const [previous, name, kind] of [
  ['v1.4.1', 'v1.4.2', 'patch'],
  ['1.4.9', '1.5.0', 'minor'],
  ['v1.9.9', 'v2.0.0', 'major'],
  ['shop-v1.0.0', 'shop-v1.0.1', 'patch'],
  ['@acme/shop@1.0.0', '@acme/shop@1.1.0', 'unknown'],
  ['1.0.0', '1.0.0+build.7', 'patch'],
  ['1.0.0', '1.0.1-rc.1', 'unknown'],
  ['2026-11-24', '2026-11-25', 'unknown'],
  ['nightly', 'v1.0.0', 'unknown'],
  [undefined, 'v1.0.0', 'unknown'],
] as const)
  test(`${name} after ${previous ?? 'nothing'}: ${kind}`, () => assert.equal(releaseKind(name, previous), kind));

for (const [kind, wanted, counts] of [
  ['patch', 'patch', true],
  ['minor', 'patch', true],
  ['patch', 'minor', false],
  ['major', 'minor', true],
  ['unknown', 'patch', false],
  ['unknown', 'any', true],
] as const)
  test(`a release of kind ${kind} ${counts ? 'is' : 'is no'} ${wanted} release`, () =>
    assert.equal(countsAs(kind, wanted), counts));
