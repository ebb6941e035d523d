import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPlatform, parsePlatform } from '../../../src/domain/image/platform.ts';

for (const [written, normal] of [
  ['linux/amd64', 'linux/amd64'],
  ['linux/x86_64', 'linux/amd64'],
  ['linux/x86-64', 'linux/amd64'],
  ['linux/amd64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['Linux/AMD64', 'linux/amd64'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/arm64/v9', 'linux/arm64/v9'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/7', 'linux/arm/v7'],
  ['linux/arm/v6', 'linux/arm/v6'],
  ['linux/armhf', 'linux/arm/v7'],
  ['linux/armel', 'linux/arm/v6'],
  ['linux/i386', 'linux/386'],
  ['macos/arm64', 'darwin/arm64'],
  ['windows/amd64', 'windows/amd64'],
  ['linux', 'linux/amd64'],
  ['arm64', 'linux/arm64'],
  ['s390x', 'linux/s390x'],
] as const) {
  test(`${written} is ${normal}`, () => {
    const platform = parsePlatform(written);
    assert.equal(platform && formatPlatform(platform), normal);
    assert.deepEqual(parsePlatform(normal), platform);
  });
}
for (const text of [
  '',
  '/',
  'linux/',
  '/amd64',
  'a/b/c/d',
  'linux/am d64',
  'linux/$V',
  'nothing',
  'constructor',
  'toString',
  '__proto__',
]) {
  test(`${JSON.stringify(text)} is no platform`, () => assert.equal(parsePlatform(text), undefined));
}
