import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegistryFacts } from '../../../../../src/domain/policy/registry-facts.ts';
import type { Rule, RuleSubject } from '../../../../../src/domain/policy/rule.ts';
import { endOfLife } from '../../../../../src/domain/policy/rules/end-of-life.ts';
import { highFindings } from '../../../../../src/domain/policy/rules/scan/high-findings.ts';
import { scanUnanswered } from '../../../../../src/domain/policy/rules/scan/scan-unanswered.ts';
import { unfixedCritical } from '../../../../../src/domain/policy/rules/scan/unfixed-critical.ts';
import { unpatchedCritical } from '../../../../../src/domain/policy/rules/scan/unpatched-critical.ts';
import type { ScanFacts } from '../../../../../src/domain/policy/scan-facts.ts';
import type { Finding } from '../../../../../src/domain/vulnerability/scan.ts';
import type { Severity } from '../../../../../src/domain/vulnerability/severity.ts';
import { digestOf } from '../../../../contracts/scan-archive.contract.ts';

function finding(id: string, severity: Severity, fixedVersion?: string): Finding {
  return {
    ...{ id, severity, sourcePackage: 'openssl', packages: ['libssl3'], installedVersion: '3.0.18', severities: {} },
    ...(fixedVersion === undefined ? { status: 'affected' } : { status: 'fixed', fixedVersion }),
  };
}

function scanned(findings: readonly Finding[], isEndOfLife = false): ScanFacts {
  return {
    kind: 'scanned',
    ...{ digest: digestOf(1), platform: 'linux/amd64', how: 'scanned', scanner: 'trivy 0.68.2' },
    ...{ databaseAt: '2026-11-25T06:00:00Z', isEndOfLife, findings, suppressed: [] },
  };
}

/** What a rule says of an image that a scanner looked into. */
function said(rule: Rule, scan: ScanFacts | undefined, registry?: RegistryFacts): readonly string[] {
  // As much of a subject as these rules look at.
  const subject = {
    reference: { registry: 'docker.io', repository: 'library/debian', tag: '12', digest: digestOf(1) },
    ...(scan === undefined ? {} : { scan }),
    ...(registry === undefined ? {} : { registry }),
  } as unknown as RuleSubject;
  return rule.find(subject).map(({ reason, fix }) => (fix === undefined ? reason : `${reason} → ${fix}`));
}

const evidence = '(trivy 0.68.2, database of 2026-11-25)';
const rebuilt = 'pull the base anew once it has been rebuilt';

for (const [rule, findings, expected] of [
  [unpatchedCritical, [], []],
  [unpatchedCritical, [finding('CVE-1', 'critical'), finding('CVE-2', 'high', '4')], []],
  [
    unpatchedCritical,
    [finding('CVE-1', 'critical', '3.0.19')],
    [
      `1 CRITICAL finding with a fix: CVE-1 in openssl 3.0.18, fixed in 3.0.19 ${evidence} → ${rebuilt}, or upgrade the package in the Dockerfile`,
    ],
  ],
  [
    unfixedCritical,
    [finding('CVE-1', 'critical', '4'), finding('CVE-2', 'critical'), finding('CVE-3', 'critical')],
    [
      `2 CRITICAL findings without a fix: CVE-2 in openssl 3.0.18, and 1 more ${evidence} → choose a base without the package`,
    ],
  ],
  [unfixedCritical, [finding('CVE-1', 'critical', '4')], []],
  [highFindings, [finding('CVE-1', 'critical'), finding('CVE-2', 'medium', '4')], []],
  [
    highFindings,
    [finding('CVE-1', 'high'), finding('CVE-2', 'high', '4')],
    [`2 HIGH findings, 1 with a fix: CVE-2 in openssl 3.0.18, fixed in 4 ${evidence} → ${rebuilt}`],
  ],
  [
    highFindings,
    [finding('CVE-1', 'high', '4'), finding('CVE-2', 'high', '4')],
    [`2 HIGH findings with a fix: CVE-1 in openssl 3.0.18, fixed in 4, and 1 more ${evidence} → ${rebuilt}`],
  ],
  [highFindings, [finding('CVE-1', 'high')], [`1 HIGH finding, none with a fix: CVE-1 in openssl 3.0.18 ${evidence}`]],
  [scanUnanswered, [], []],
] as const)
  test(`${rule.id} says ${JSON.stringify(expected)}`, () => assert.deepEqual(said(rule, scanned(findings)), expected));

for (const kind of ['unscannable', 'stale', 'failed'] as const)
  test(`an image that is ${kind} is never told as clean, and nothing is told of what is in it`, () => {
    const scan = { kind, message: 'trivy was late' };
    assert.deepEqual(said(scanUnanswered, scan), ['could not verify its vulnerabilities: trivy was late']);
    for (const rule of [unpatchedCritical, unfixedCritical, highFindings, endOfLife])
      assert.deepEqual(said(rule, scan), []);
  });

test('without a scanner no rule says anything', () => {
  for (const rule of [unpatchedCritical, unfixedCritical, highFindings, scanUnanswered])
    assert.deepEqual(said(rule, undefined), []);
});

test('where the tag has moved on from the pinned digest, its new content is named', () => {
  const scan = scanned([finding('CVE-1', 'critical', '3.0.19')]);
  const registry: RegistryFacts = {
    image: { kind: 'found', digest: digestOf(1) },
    tag: { kind: 'moved', digest: digestOf(2) },
  };
  const [text = ''] = said(unpatchedCritical, scan, registry);
  assert.ok(text.endsWith(`→ scan debian:12@${digestOf(2)}, which its tag stands for now`), text);
});

test('a system past its end is told beside its findings, and alone', () => {
  const scan = scanned([finding('CVE-1', 'critical', '3.0.19')], true);
  assert.match(
    said(unpatchedCritical, scan)[0] ?? '',
    /; its system is past its end of life, so that there may be more/,
  );
  assert.deepEqual(said(endOfLife, scanned([], true)), ['its system is past its end of life, says trivy 0.68.2']);
  assert.deepEqual(said(endOfLife, scanned([])), []);
});
