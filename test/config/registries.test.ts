import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { applyPolicyFile, buildDefaultPolicy } from '../../src/config/build-policy.ts';
import { describePolicy } from '../../src/config/describe-policy.ts';
import type { PolicyProblem } from '../../src/config/read-policy-file.ts';
import { readPolicyFile } from '../../src/config/read-policy-file.ts';
import type { RegistrySettings } from '../../src/domain/policy/registry-settings.ts';
import { allRules } from '../../src/domain/policy/rules/all-rules.ts';

function read(text: string) {
  const reading = readPolicyFile(text, 'basekeeper.yaml');
  if (reading.kind === 'problems') return { problems: reading.problems, policy: undefined };
  const problems: PolicyProblem[] = [];
  const context = { rules: allRules, today: '2026-11-23', problems };
  return { problems, policy: applyPolicyFile(buildDefaultPolicy(allRules), reading.file, context) };
}

const plain: RegistrySettings = { isPrivate: false, isInsecure: false };

for (const [written, host, settings] of [
  ['ghcr.io: {}', 'ghcr.io', plain],
  ['localhost:5000: { private: true, insecure: true }', 'localhost:5000', { isPrivate: true, isInsecure: true }],
  ['"[::1]:5000": {}', '[::1]:5000', plain],
  ['GHCR.io: {}', 'ghcr.io', plain],
  ['index.docker.io: { maxInFlight: 64 }', 'docker.io', { ...plain, maxInFlight: 64 }],
  ['docker.io: { requestsPerSecond: 1000 }', 'docker.io', { ...plain, requestsPerSecond: 1000 }],
  ['docker.io: { endpoint: "https://h.example/hub/" }', 'docker.io', { ...plain, endpoint: 'https://h.example/hub' }],
  [
    'a.example: { endpoint: "http://10.0.0.1:5000", insecure: true, private: true }',
    'a.example',
    { endpoint: 'http://10.0.0.1:5000', isPrivate: true, isInsecure: true },
  ],
] as const) {
  test(`reads ${written}`, () => {
    const { policy, problems } = read(`version: 1\nregistries:\n  ${written}\n`);
    assert.deepEqual(problems, []);
    assert.deepEqual(policy?.registries, new Map([[host, settings]]));
    const again = read(stringify(policy === undefined ? {} : describePolicy(policy)));
    assert.deepEqual(again.policy?.registries, policy?.registries, 'what show prints reads back');
  });
}

test('nothing is said of registries by default', () => {
  assert.deepEqual(buildDefaultPolicy(allRules).registries, new Map());
});

const noHost = 'is no registry host: write it as in an image name, without https:// and path';

for (const [written, problem] of [
  ['ghcr: {}', `3: registries.ghcr ${noHost}`],
  ['https://ghcr.io: {}', `3: registries.https://ghcr.io ${noHost}`],
  ['ghcr.io/acme: {}', `3: registries.ghcr.io/acme ${noHost}`],
  ['ghcr.io/: {}', `3: registries.ghcr.io/ ${noHost}`],
  ['"*.corp.example": {}', `3: registries.*.corp.example ${noHost}`],
  ['user@corp.example: {}', `3: registries.user@corp.example ${noHost}`],
  ['corp.example:99999: {}', `3: registries.corp.example:99999 ${noHost}`],
  ['docker.io: {}\n  index.docker.io: {}', '4: registries.index.docker.io names the same registry as docker.io'],
  ['a.example: { endpoints: x }', '3: registries.a.example.endpoints is not known; did you mean endpoint?'],
  ['a.example: { maxInFlight: 65 }', '3: registries.a.example.maxInFlight must be a whole number from 1 to 64'],
  ['a.example: { maxInFlight: 1.5 }', '3: registries.a.example.maxInFlight must be a whole number from 1 to 64'],
  [
    'a.example: { requestsPerSecond: 0 }',
    '3: registries.a.example.requestsPerSecond must be a whole number from 1 to 1000',
  ],
  [
    'a.example:\n    private: true\n    endpoint: h.example',
    '5: registries.a.example.endpoint is no web address: write https://host/path',
  ],
  [
    'a.example: { endpoint: "file:///etc/passwd" }',
    '3: registries.a.example.endpoint is no web address: write https://host/path',
  ],
  [
    'a.example: { endpoint: "https://me:hunter2@h.example" }',
    '3: registries.a.example.endpoint may hold no user or password: log in with docker login, its credentials are used',
  ],
  [
    'a.example: { endpoint: "https://h.example/?" }',
    '3: registries.a.example.endpoint may hold no query and no fragment',
  ],
  [
    'a.example: { endpoint: "https://h.example#x" }',
    '3: registries.a.example.endpoint may hold no query and no fragment',
  ],
  [
    'a.example: { endpoint: "http://h.example" }',
    '3: registries.a.example.endpoint is plain HTTP: write https://, or add insecure: true',
  ],
] as const) {
  test(`refuses ${written.replaceAll('\n', ' ')}`, () => {
    const { problems } = read(`version: 1\nregistries:\n  ${written}\n`);
    assert.deepEqual(
      problems.map(({ line, message }) => `${line}: ${message}`),
      [problem],
    );
  });
}
