import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeVerify, mergeVerify } from '../../src/config/build-verify.ts';
import { verifySchema } from '../../src/config/verify-schema.ts';
import { defaultVerify } from '../../src/domain/verify/verify-settings.ts';

test('what a file does not say of verifying keeps its default', () => {
  assert.deepEqual(mergeVerify(defaultVerify, undefined), defaultVerify);
  assert.deepEqual(mergeVerify(defaultVerify, {}), defaultVerify);
});

test('a test that is a text runs on the host, for fifteen minutes at most', () => {
  const written = verifySchema.parse({ tests: ['npm test', { run: 'true', in: 'image', timeout: '90s' }] });
  assert.deepEqual(mergeVerify(defaultVerify, written).tests, [
    { run: 'npm test', in: 'host', timeoutMs: 900_000 },
    { run: 'true', in: 'image', timeoutMs: 90_000 },
  ]);
});

test('settings of verifying are printed in words that are read back', () => {
  const written = verifySchema.parse({
    tests: [{ run: 'make check', timeout: '20m' }],
    noWorse: ['critical', 'high', 'medium'],
    maxGrowth: '5%',
    contexts: { 'services/*/Dockerfile': '.' },
  });
  const settings = mergeVerify(defaultVerify, written);
  assert.equal(settings.maxGrowthPercent, 5);
  assert.deepEqual(mergeVerify(defaultVerify, verifySchema.parse(describeVerify(settings))), settings);
});

for (const [what, written] of [
  ['a test without a command', { tests: [''] }],
  ['a test in the cloud', { tests: [{ run: 'true', in: 'cloud' }] }],
  ['a time limit of none', { tests: [{ run: 'true', timeout: '0s' }] }],
  ['a severity that is none', { noWorse: ['bad'] }],
  ['growth in megabytes', { maxGrowth: '20MB' }],
  ['a secret, which is not the policy’s to name', { secrets: { npm: '/etc/shadow' } }],
] as const) {
  test(`${what} is refused`, () => assert.ok(!verifySchema.safeParse(written).success));
}
