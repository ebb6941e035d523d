import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlatform } from '../../../src/domain/image/platform.ts';
import { findRunnable } from '../../../src/domain/image/runnable-platforms.ts';

for (const [published, wanted, found] of [
  [['linux/amd64'], 'linux/amd64', 'linux/amd64'],
  [['linux/amd64'], 'linux/arm64', undefined],
  [['linux/amd64'], 'windows/amd64', undefined],
  // As it is published, whatever its spelling.
  [['linux/arm64/v8'], 'linux/arm64', 'linux/arm64/v8'],
  [['linux/arm64'], 'linux/arm64/v8', 'linux/arm64'],
  [['linux/arm/v5', 'linux/arm/v6'], 'linux/arm/v7', 'linux/arm/v6'],
  [['linux/arm/v6', 'linux/arm/v7'], 'linux/arm/v7', 'linux/arm/v7'],
  [['linux/arm/v7'], 'linux/arm/v6', undefined],
  [['linux/amd64', 'linux/amd64/v2'], 'linux/amd64/v3', 'linux/amd64/v2'],
  [['linux/amd64'], 'linux/amd64/v4', 'linux/amd64'],
  [['linux/amd64/v2'], 'linux/amd64', undefined],
  [['linux/arm64'], 'linux/arm64/v9', 'linux/arm64'],
  // The machine runs the older architecture too; the right one goes first, wherever it stands.
  [['linux/386', 'linux/amd64'], 'linux/amd64', 'linux/amd64'],
  [['linux/386'], 'linux/amd64', 'linux/386'],
  [['linux/arm/v7'], 'linux/arm64', 'linux/arm/v7'],
  [['linux/amd64'], 'linux/386', undefined],
  [['linux/ppc64le'], 'linux/ppc64le', 'linux/ppc64le'],
  [[], 'linux/amd64', undefined],
] as const)
  test(`a build for ${wanted} takes ${found ?? 'nothing'} of ${published.join(', ') || 'none'}`, () => {
    const platform = parsePlatform(wanted);
    assert.ok(platform !== undefined);
    assert.equal(findRunnable(published, platform), found);
  });
