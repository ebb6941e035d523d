import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check } from '../../../src/domain/merge/checks.ts';
import type { MergeDecision } from '../../../src/domain/merge/decide-merge.ts';
import { maxVerificationLength } from '../../../src/domain/merge/verification-section.ts';
import type { Finding } from '../../../src/domain/vulnerability/scan.ts';
import type { Verification } from '../../../src/flows/merge/settle-run.ts';
import { verificationText } from '../../../src/render/merge/verification.ts';

const check = (name: string, state: Check['state'], more: Partial<Check> = {}): Check => ({
  ...{ name, state, hasFailedBefore: false },
  ...more,
});
const text = (decision: MergeDecision, more: Partial<Verification> = {}) =>
  verificationText({ decision, headRevision: 'a'.repeat(40), checks: [], flaky: [], measurement: {}, ...more });
const merge = { kind: 'merge', method: 'merge' } as const;
const until = Date.UTC(2026, 10, 25, 12, 30);
const red = (failed: readonly Check[]) => ({ kind: 'review', reason: 'test failed', proof: 'red', failed }) as const;

for (const [decision, said] of [
  [merge, /^\*\*Every check is green, and the policy lets it be merged by itself, unless .*\*\* \(`aaaaaaaaaaaa`\)$/],
  [{ kind: 'wait', waitsFor: ['a', 'b'], until }, /^\*\*Waits for a, b, until 2026-11-25T12:30Z\.\*\*/],
  [{ kind: 'auto-merge', method: 'merge', waitsFor: ['a'], until }, /^\*\*It is merged here once a is green\.\*\*/],
  [
    { kind: 'hold', reason: 'merging is stopped', isGreen: true },
    /^\*\*Every check is green; merging is stopped\.\*\*/,
  ],
  [red([]), /^\*\*A review is asked for: test failed\.\*\*/],
] as const satisfies readonly (readonly [MergeDecision, RegExp])[])
  test(`the comment on ${decision.kind} says so first`, () => assert.match(text(decision).comment, said));

test('a red check is a link where it has an address, and nothing in it is Markdown', () => {
  const { comment } = text(
    red([
      check('unit', 'failure', { url: 'https://ci.example/run/1?a=b', description: '2 of 9 <b>@acme/team</b>' }),
      check('[x](http://evil)', 'failure', { url: 'javascript:alert(1)' }),
      check('e2e', 'failure', { url: 'https://ci.example/a) [evil](https://evil.example' }),
    ]),
  );
  assert.match(comment, /\n- \[unit\]\(https:\/\/ci\.example\/run\/1\?a=b\): 2 of 9 /);
  assert.doesNotMatch(comment, /<b>|\]\(http:\/\/evil\)|javascript|\]\(https:\/\/evil/);
  assert.match(comment, /\n- e2e$/);
});

test('what is flaky is told', () =>
  assert.match(text(merge, { flaky: ['unit'] }).comment, /\n\nFlaky: unit passed on the same commit/));

test('the table tells checks by state, and that nothing was scanned', () => {
  const checks = [
    check('unit', 'success'),
    check('lint', 'success'),
    check('e2e', 'failure'),
    check('docs', 'neutral'),
  ];
  assert.equal(
    text(merge, { checks }).section,
    [
      '### Verified',
      '',
      '| `aaaaaaaaaaaa` | |',
      '| --- | --- |',
      '| checks green | 2: unit, lint |',
      '| checks red | 1: e2e |',
      '| checks skipped | 1: docs |',
      '| CVEs | not scanned |',
    ].join('\n'),
  );
});

test('and what a scan found, by severity, with megabytes and the gate', () => {
  const finding = (severity: Finding['severity']) => ({ severity }) as Finding;
  const comparison = {
    fixed: [finding('critical'), finding('high'), finding('high')],
    remaining: { patchable: [], unfixed: [finding('low')] },
    added: [],
    sizeDifferenceBytes: -12_300_000,
  };
  const measurement = { gate: { kind: 'fail', reasons: ['a | b'] }, comparison } as const;
  const rows = text(merge, { measurement }).section.split('\n').slice(4);
  assert.deepEqual(rows, [
    '| checks | none |',
    '| gate | fail: a \\| b |',
    '| CVEs fixed | 3: 1 critical, 2 high |',
    '| CVEs remaining, with a fix | 0 |',
    '| CVEs remaining, without | 1: 1 low |',
    '| CVEs added | 0 |',
    '| size | −12.3 MB |',
  ]);
});

test('however many checks there are and whatever they are called, the table has its room', () => {
  const states = ['success', 'failure', 'pending', 'neutral'] as const;
  const checks = states.flatMap((state) =>
    Array.from({ length: 300 }, (_, at) => check(`${state}${at}${'|<[*'.repeat(200)}`, state)),
  );
  const reasons = Array.from({ length: 50 }, () => '|'.repeat(1000));
  const { comment, section } = text(red(checks), { checks, measurement: { gate: { kind: 'fail', reasons } } });
  assert.ok(section.length < maxVerificationLength - 100, String(section.length));
  assert.match(section, /, 292 more \|/);
  assert.ok(comment.length < 65_000, String(comment.length));
});
