import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import { usesOfTree } from '../../../src/domain/deadline/uses-of-tree.ts';
import { defaultWaiverDays } from '../../../src/domain/policy/finding-waiver.ts';
import { compilePattern } from '../../../src/domain/policy/pattern.ts';
import { at } from './lived.ts';
import { clean } from './tracked.ts';

for (const [approvedBy, owner, count] of [
  ['bob', 'ada', 1],
  ['ada', 'ada', 0],
  ['@Ada', 'ada', 0],
  ['acme/security', 'acme/shop', 1],
  ['team:security', '@acme/Security', 0],
  ['security', 'team:security', 1],
  ['acme/security', 'umbrella/security', 1],
] as const)
  test(`a waiver of ${owner} that ${approvedBy} approved stops ${count === 0 ? 'no' : 'the'} clock`, () => {
    const image = compilePattern('**');
    assert.ok(image.kind === 'pattern');
    const waiver = {
      ...{ id: 'W-1', image: image.pattern, rules: ['high-findings'], reason: 'r', owner, approvedBy },
      ...{ expires: '2999-01-01', file: 'f', line: 1 },
    };
    const policy = { deadlines: defaultDeadlineSettings, waivers: [waiver], waiverDays: defaultWaiverDays };
    const reference = { registry: 'docker.io', repository: 'library/debian', tag: '12' };
    const use = { use: { path: 'Dockerfile', role: 'final' }, stage: '0', reference } as const;
    const tree = { repository: 'r', platform: 'linux/amd64', policy, now: at('0d') };
    const [tracked] = usesOfTree([use], tree, () => ({ scan: clean, usedSince: at('0d') }) as never);
    assert.equal(tracked?.waivers.length, count);
  });
