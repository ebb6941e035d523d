import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AutomergeSettings } from '../../../src/domain/merge/automerge-settings.ts';
import type { Check } from '../../../src/domain/merge/checks.ts';
import { decideMerge, flakyChecks, type MergeFacts } from '../../../src/domain/merge/decide-merge.ts';

const now = Date.UTC(2026, 10, 25, 12);
const minute = 60_000;
const settings: AutomergeSettings = { allow: [{}], isPaused: false, waitMinutes: 60 };
const check = (name: string, state: Check['state'], more: Partial<Check> = {}): Check => ({
  name,
  state,
  hasFailedBefore: false,
  ...more,
});
const rules = {
  requiredChecks: [{ name: 'test' }],
  coversAll: false,
  allowsAutoMerge: false,
  methods: ['merge', 'squash'],
} as const satisfies MergeFacts['rules'];
const step = {
  lane: 'patch',
  category: 'preferred',
  to: { registry: 'docker.io', repository: 'library/nginx', tag: '1.28.1' },
} as const;
const green: MergeFacts = {
  now,
  repository: 'acme/shop',
  isDraft: false,
  steps: [step],
  checks: [check('test', 'success'), check('lint', 'neutral')],
  rules,
  settings,
  stoppedBy: undefined,
  mergedToday: 0,
  hasMergedInto: false,
};
const native = { ...rules, allowsAutoMerge: true };
const running = [check('test', 'pending', { startedAt: now - 10 * minute })];
const until = now + 50 * minute;

const rows: readonly (readonly [name: string, facts: Partial<MergeFacts>, told: string])[] = [
  ['green, required and allowed: it is merged', {}, 'merge by merge'],
  ['by the method that is asked for', { settings: { ...settings, method: 'squash' } }, 'merge by squash'],
  [
    'a method that the forge does not allow',
    { settings: { ...settings, method: 'rebase' } },
    'review: the forge does not allow to merge it by rebase',
  ],
  ['a forge that merges nothing', { rules: { ...rules, methods: [] } }, 'review: the forge does not allow to merge it'],
  ['a check runs', { checks: running }, `wait for test`],
  ['a required check has not begun', { checks: [check('lint', 'success')] }, 'wait for test'],
  ['no check has begun', { checks: [] }, 'wait for test'],
  [
    'a check runs that is not required',
    { checks: [check('test', 'success'), check('slow', 'pending')] },
    'wait for slow',
  ],
  [
    'it runs for too long',
    { checks: [check('test', 'pending', { startedAt: now - 60 * minute })] },
    'review: test did not end within 60 minutes',
  ],
  [
    'it never began, and our own status is old',
    { checks: [check('basekeeper/verify', 'pending', { startedAt: now - 61 * minute })] },
    'review: test did not end within 60 minutes',
  ],
  ['the forge may merge it once it is green', { checks: running, rules: native }, 'auto-merge by merge after test'],
  [
    'but not while another one runs that the forge does not wait for',
    { checks: [...running, check('slow', 'pending')], rules: native },
    'wait for slow, test',
  ],
  [
    'unless what is required is made of it',
    { checks: [...running, check('slow', 'pending')], rules: { ...native, coversAll: true } },
    'auto-merge by merge after slow, test',
  ],
  ['nor before the required one has begun', { checks: [], rules: native }, 'wait for test'],
  [
    'nor when it is not allowed to be merged',
    { checks: running, rules: native, settings: { ...settings, allow: [] } },
    'wait for test',
  ],
  [
    'nor when merging is stopped',
    { checks: running, rules: native, stoppedBy: 'BASEKEEPER_NO_MERGE' },
    'wait for test',
  ],
  ['a check is red', { checks: [check('test', 'failure'), check('lint', 'pending')] }, 'review: test failed'],
  [
    'one that is not required is red',
    { checks: [check('test', 'success'), check('lint', 'failure')] },
    'review: lint failed',
  ],
  [
    'two workflows have a check of one name, and one is red',
    { checks: [check('test', 'success'), check('test', 'failure')] },
    'review: test failed',
  ],
  [
    'our own status is red of an earlier run',
    { checks: [check('test', 'success'), check('basekeeper/verify', 'failure')] },
    'merge by merge',
  ],
  [
    'only ours is required',
    { rules: { ...rules, requiredChecks: [{ name: 'basekeeper/verify' }] } },
    'review: no check that its branch requires is green: one that is not ours has to be',
  ],
  [
    'nothing is required',
    { rules: { ...rules, requiredChecks: [] } },
    'review: no check that its branch requires is green: one that is not ours has to be',
  ],
  [
    'the required one was skipped',
    { checks: [check('test', 'neutral')] },
    'review: no check that its branch requires is green: one that is not ours has to be',
  ],
  [
    'another app says what is required of one',
    {
      rules: { ...rules, requiredChecks: [{ name: 'test', appId: 1 }] },
      checks: [check('test', 'success', { appId: 2 })],
    },
    'wait for test',
  ],
  [
    'nobody tells what is required',
    { rules: { ...rules, requiredChecks: undefined } },
    'review: nobody tells which checks its branch requires',
  ],
  [
    'merging by itself is off',
    { settings: { ...settings, allow: [] } },
    'review: merging by itself is off (update.automerge)',
  ],
  [
    'the gate fails',
    { gate: { kind: 'fail', reasons: ['CVE-2026-1 is critical'] } },
    'review: the gate says fail: CVE-2026-1 is critical',
  ],
  ['the gate holds', { gate: { kind: 'hold', reasons: [] } }, 'review: the gate says hold: without a reason'],
  ['the gate passes', { gate: { kind: 'pass', reasons: [] } }, 'merge by merge'],
  ['people wrote to its branch', { doubt: 'its branch is edited by people' }, 'hold: its branch is edited by people'],
  ['a draft', { isDraft: true }, 'hold: it is a draft'],
  ['its checks cannot be read', { checks: undefined }, 'hold: its checks cannot be read now'],
  [
    'stopped by the environment',
    { stoppedBy: 'BASEKEEPER_NO_MERGE' },
    'hold: merging is stopped (BASEKEEPER_NO_MERGE)',
  ],
  [
    'stopped by the policy file',
    { settings: { ...settings, isPaused: true } },
    'hold: merging is stopped (update.automerge.paused)',
  ],
  [
    'the limit of the day is reached',
    { settings: { ...settings, perDay: 2 }, mergedToday: 2 },
    'hold: 2 were merged today, the limit (update.automerge.perDay)',
  ],
  ['one is left of the day', { settings: { ...settings, perDay: 2 }, mergedToday: 1 }, 'merge by merge'],
  [
    'nobody tells what was merged today',
    { settings: { ...settings, perDay: 2 }, mergedToday: undefined },
    'hold: nobody tells how many were merged today (update.automerge.perDay)',
  ],
  [
    'one a run goes into a branch',
    { hasMergedInto: true },
    'hold: another one was merged into its branch in this run: the next run looks at it anew',
  ],
];

function tell(facts: MergeFacts): string {
  const decision = decideMerge(facts);
  switch (decision.kind) {
    case 'merge':
      return `merge by ${decision.method}`;
    case 'auto-merge':
      return `auto-merge by ${decision.method} after ${decision.waitsFor.join(', ')}`;
    case 'wait':
      return `wait for ${decision.waitsFor.join(', ')}`;
    case 'review':
    case 'hold':
      return `${decision.kind}: ${decision.reason}`;
  }
}

for (const [name, facts, told] of rows) test(name, () => assert.equal(tell({ ...green, ...facts }), told));

test('it is waited from when the first check of the commit was seen', () => {
  const decision = decideMerge({
    ...green,
    checks: [...running, check('basekeeper/verify', 'pending', { startedAt: now })],
  });
  assert.deepEqual(decision, { kind: 'wait', waitsFor: ['test'], until });
});

test('a check that is tried again has its time anew', () => {
  const again = check('test', 'pending', { startedAt: now - 600 * minute, triedAt: now - 10 * minute });
  assert.deepEqual(decideMerge({ ...green, checks: [again] }), { kind: 'wait', waitsFor: ['test'], until });
});

test('what is red is told with where it is seen', () => {
  const red = check('test', 'failure', { url: 'https://ci.example/1' });
  const decision = decideMerge({ ...green, checks: [red, check('lint', 'success')] });
  assert.deepEqual(decision, { kind: 'review', reason: 'test failed', proof: 'red', failed: [red] });
});

test('green that waits for its turn is told from what is not ours to judge', () => {
  const told = (facts: Partial<MergeFacts>) => decideMerge({ ...green, ...facts });
  assert.deepEqual(told({ stoppedBy: 'BASEKEEPER_NO_MERGE' }), {
    kind: 'hold',
    reason: 'merging is stopped (BASEKEEPER_NO_MERGE)',
    isGreen: true,
  });
  assert.deepEqual(told({ doubt: 'a fork' }), { kind: 'hold', reason: 'a fork', isGreen: false });
});

test('without any check nothing is proven', () => {
  const decision = decideMerge({ ...green, checks: [], rules: { ...rules, requiredChecks: [] } });
  assert.equal(decision.kind === 'review' && decision.proof, 'none');
});

test('red and then green on the same commit is flaky, and no hindrance', () => {
  const checks = [check('test', 'success', { hasFailedBefore: true }), check('lint', 'success')];
  assert.deepEqual(flakyChecks(checks), ['test']);
  assert.equal(tell({ ...green, checks }), 'merge by merge');
});

const any = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const anyFacts: fc.Arbitrary<MergeFacts> = fc
  .record({
    now: fc.constant(now),
    repository: any('acme/shop', 'acme/api'),
    doubt: any(undefined, 'a fork'),
    isDraft: fc.boolean(),
    steps: any([], [step], [step, { ...step, category: undefined }], [{ ...step, category: 'prohibited' as const }]),
    checks: fc.option(
      fc.array(
        fc.record({
          name: any('test', 'lint', 'basekeeper/verify'),
          state: fc.constantFrom<Check['state']>('pending', 'success', 'failure', 'neutral'),
          hasFailedBefore: fc.boolean(),
        }),
        { maxLength: 4 },
      ),
      { nil: undefined },
    ),
    rules: fc.option(
      fc.record({
        requiredChecks: any(undefined, [], [{ name: 'test' }], [{ name: 'basekeeper/verify' }]),
        coversAll: fc.boolean(),
        allowsAutoMerge: any(undefined, true, false),
        methods: any([], ['merge' as const]),
      }),
      { nil: undefined },
    ),
    gate: any(undefined, { kind: 'pass' as const, reasons: [] }, { kind: 'hold' as const, reasons: [] }),
    settings: any(settings, { ...settings, perDay: 1 }, { ...settings, allow: [] }, { ...settings, isPaused: true }),
    stoppedBy: any(undefined, 'BASEKEEPER_NO_MERGE'),
    mergedToday: any(undefined, 0, 1),
    hasMergedInto: fc.boolean(),
  })
  .map(({ doubt, gate, ...facts }) => ({
    ...facts,
    ...(doubt === undefined ? {} : { doubt }),
    ...(gate === undefined ? {} : { gate }),
  }));

test('whatever is merged is known, ours, allowed, green and required by another than us', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { kind } = decideMerge(facts);
      if (kind !== 'merge' && kind !== 'auto-merge') return;
      assert.ok(facts.checks !== undefined && facts.rules?.requiredChecks !== undefined);
      assert.deepEqual(
        [facts.doubt, facts.isDraft, facts.stoppedBy, facts.hasMergedInto],
        [undefined, false, undefined, false],
      );
      assert.ok(facts.steps.every(({ category }) => category === 'preferred') && facts.steps.length > 0);
      assert.ok(facts.gate === undefined || facts.gate.kind === 'pass');
      assert.ok(facts.settings.perDay === undefined || facts.mergedToday === 0);
      const others = facts.checks.filter(({ name }) => name !== 'basekeeper/verify');
      assert.ok(others.every(({ state }) => state !== 'failure'));
      assert.ok(facts.rules.requiredChecks.some(({ name }) => name === 'test'));
      const proof = others.some(
        ({ name, state }) => name === 'test' && state === (kind === 'merge' ? 'success' : 'pending'),
      );
      assert.ok(proof);
    }),
    { numRuns: 2000 },
  );
});
