import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../src/domain/deadline/deadline-settings.ts';
import { defaultWaiverDays } from '../../src/domain/policy/finding-waiver.ts';
import { compilePattern } from '../../src/domain/policy/pattern.ts';
import type { Waiver } from '../../src/domain/policy/waiver.ts';
import { parsePackageUrl } from '../../src/domain/vulnerability/suppress/package-url.ts';
import type { Statement, StatementStatus } from '../../src/domain/vulnerability/suppress/statement.ts';
import { exportVex } from '../../src/flows/export-vex.ts';
import { finding, fixed, scanWith } from '../domain/deadline/tracked.ts';

const now = Date.UTC(2026, 10, 25);
const id = 'CVE-2026-0001';
const purls = ['pkg:deb/debian/libssl3@3.0.16-1'];
const image = { registry: 'docker.io', repository: 'library/debian', tag: '12' };
const vulnerable = scanWith([finding({ ...fixed, purls, severity: 'critical' })]);

function said(status: StatementStatus, statedAt = 1): Statement {
  const target = parsePackageUrl('pkg:oci/debian');
  assert.ok(target);
  return {
    path: 'vex.json',
    line: 1,
    ids: [id],
    status,
    statedAt,
    targets: [{ image: target }],
    words: { notes: 'n' },
  };
}

function waiver(changed: Partial<Waiver> = {}): Waiver {
  const compiled = compilePattern('docker.io/library/debian:*');
  assert.equal(compiled.kind, 'pattern');
  return {
    ...{
      id: 'W-1',
      image: compiled.pattern,
      rules: [],
      findings: { ids: [id] },
      reason: 'r',
      owner: 'o',
      approvedBy: 'a',
    },
    ...{ expires: '2026-12-01', file: 'f', line: 1 },
    ...changed,
  };
}

function tree(statements: readonly Statement[], waivers: readonly Waiver[] = []) {
  const use = { tree: 't', path: 'Dockerfile', line: 1, role: 'final', written: 'debian:12' } as const;
  return {
    policy: { waivers, waiverDays: defaultWaiverDays, deadlines: defaultDeadlineSettings },
    suppressions: { statements, findings: [] },
    uses: [{ use, reference: image, stage: '0' }],
  };
}

const exported = (trees: readonly ReturnType<typeof tree>[], scan = vulnerable) => {
  const { statements, disputed } = exportVex(trees, () => scan, now);
  return { told: statements.map(({ status }) => status), disputed: disputed.length };
};

for (const [what, trees, told] of [
  ['nothing said is nothing told', [tree([])], []],
  ['not affected is passed on', [tree([said('not_affected')])], ['not_affected']],
  [
    'the newest statement counts',
    [tree([said('not_affected'), said('under_investigation', 2)])],
    ['under_investigation'],
  ],
  ['fixed, which the scan denies, is not', [tree([said('fixed')])], []],
  ['an ignore file is no judgement', [tree([{ path: '.trivyignore', line: 1, ids: [id], status: 'ignored' }])], []],
  ['a waiver is affected', [tree([], [waiver()])], ['affected']],
  ['a waiver of its rule is, too', [tree([], [waiver({ rules: ['unpatched-critical'] })])], ['affected']],
  ['a waiver of another rule is not', [tree([], [waiver({ rules: ['high-findings'] })])], []],
  ['a waiver that is over is not', [tree([], [waiver({ expires: '2026-11-24' })])], []],
  ['a waiver that is too long is not', [tree([], [waiver({ expires: '2026-12-20' })])], []],
  ['a waiver that its owner approved by another spelling is not', [tree([], [waiver({ approvedBy: '@O' })])], []],
  ['a waiver of another path is not', [tree([], [waiver({ path: 'legacy/**' })])], []],
] as const)
  test(what, () => assert.deepEqual(exported(trees), { told, disputed: 0 }));

test('a content is not affected only if all who use it say so', () => {
  const denies = tree([said('not_affected')]);
  assert.deepEqual(exported([denies, denies]), { told: ['not_affected', 'not_affected'], disputed: 0 });
  assert.deepEqual(exported([denies, tree([])]), { told: [], disputed: 1 });
  assert.deepEqual(exported([denies, tree([], [waiver()])]), { told: ['affected'], disputed: 1 });
});

test('fixed is told of what a scan finds no more, and of no system that nobody watches', () => {
  const trees = [tree([said('fixed')])];
  assert.deepEqual(exported(trees, scanWith([])).told, ['fixed']);
  assert.deepEqual(exported(trees, scanWith([], { isEndOfLife: true })).told, []);
  assert.deepEqual(exported(trees, { kind: 'stale', message: 'old' }).told, []);
});
