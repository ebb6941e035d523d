import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowsStep, type MergeStep } from '../../../src/domain/merge/allow-merge.ts';
import type { AutomergeRule } from '../../../src/domain/merge/automerge-settings.ts';

const nginx: MergeStep = {
  lane: 'patch',
  category: 'preferred',
  to: { registry: 'docker.io', repository: 'library/nginx', tag: '1.28.1' },
};

for (const [what, rules, step, isAllowed] of [
  ['no rule allows nothing', [], {}, false],
  ['a rule without words allows all', [{}], {}, true],
  ['but no prohibited image', [{}], { category: 'prohibited' }, false],
  ['unless it is said', [{ categories: ['prohibited'] }], { category: 'prohibited' }, true],
  ['and none that nobody can place', [{ categories: ['preferred'] }, {}], { category: undefined }, false],
  ['by category', [{ categories: ['permitted'] }], {}, false],
  ['by lane', [{ lanes: ['digest', 'patch'] }], {}, true],
  ['a fix of the policy is of no lane', [{ lanes: ['patch'] }], { lane: 'policy' }, false],
  ['an interim upgrade is for people to look at', [{}], { lane: 'interim' }, false],
  ['and so is its removal', [{ images: ['docker.io/library/*'] }], { lane: 'interim-end' }, false],
  ['by image', [{ images: ['docker.io/library/*'] }], {}, true],
  ['by another image', [{ images: ['ghcr.io/**'] }], {}, false],
  ['by repository', [{ repositories: ['acme/*'] }], {}, true],
  ['by repository, whatever its case', [{ repositories: ['ACME/shop'] }], {}, true],
  ['by another repository', [{ repositories: ['other/*', 'acme/api'] }], {}, false],
  ['all that one rule says has to hold', [{ lanes: ['patch'], categories: ['permitted'] }], {}, false],
  ['one of several rules is enough', [{ lanes: ['digest'] }, { lanes: ['patch'] }], {}, true],
] as const satisfies readonly (readonly [string, readonly AutomergeRule[], Partial<MergeStep>, boolean])[])
  test(what, () => assert.equal(allowsStep(rules, { ...nginx, ...step }, 'acme/shop'), isAllowed));
