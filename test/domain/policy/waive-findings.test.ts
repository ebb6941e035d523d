import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countWaiver } from '../../../src/domain/policy/exceptions.ts';
import { defaultWaiverDays } from '../../../src/domain/policy/finding-waiver.ts';
import { compilePattern } from '../../../src/domain/policy/pattern.ts';
import { waiveFindings } from '../../../src/domain/policy/waive-findings.ts';
import type { Waiver } from '../../../src/domain/policy/waiver.ts';
import { severities } from '../../../src/domain/vulnerability/severity.ts';
import { finding, scanWith } from '../deadline/tracked.ts';

const reference = { registry: 'docker.io', repository: 'library/debian', tag: '12' };
const terms = { waiverDays: defaultWaiverDays, unknownAs: 'high', today: '2026-11-25' } as const;

function waiverOf(changed: Partial<Waiver>): Waiver {
  const compiled = compilePattern('docker.io/library/debian:*');
  assert.equal(compiled.kind, 'pattern');
  const people = { reason: 'r', owner: 'o', approvedBy: 'a' };
  return {
    ...people,
    id: 'W',
    image: compiled.pattern,
    rules: [],
    expires: '2026-12-01',
    file: 'f',
    line: 1,
    ...changed,
  };
}

const ids = fc.constantFrom('CVE-2026-1', 'CVE-2026-2', 'GHSA-X');
const packages = fc.constantFrom('openssl', 'zlib');
const findingsOf = fc.uniqueArray(
  fc.record({ id: ids, sourcePackage: packages, severity: fc.constantFrom(...severities) }),
  { selector: ({ id, sourcePackage }) => `${id} ${sourcePackage}` },
);
const waiversOf = fc.array(
  fc.record({
    findings: fc.record({ ids: fc.array(ids), sourcePackage: packages }, { requiredKeys: ['ids'] }),
    rules: fc.subarray(['unpatched-critical', 'unfixed-critical', 'high-findings', 'deadlines']),
    expires: fc.constantFrom('2026-11-24', '2026-11-25', '2026-12-20', '2027-05-01'),
  }),
);

test('what is left and what is waived is all there was, and no waiver outlives its severity', () => {
  fc.assert(
    fc.property(findingsOf, waiversOf, (written, waivers) => {
      const scan = scanWith(written.map((one) => finding(one)));
      const counted = waivers.map((changed) => countWaiver(waiverOf(changed)));
      const after = waiveFindings(scan, counted, { path: 'Dockerfile', reference }, terms);
      assert.ok(scan.kind === 'scanned' && after.kind === 'scanned');
      const both = [...after.findings, ...(after.waived ?? []).map(({ finding: one }) => one)];
      assert.deepEqual(new Set(both), new Set(scan.findings));
      for (const {
        finding: { severity },
        by,
      } of after.waived ?? []) {
        assert.ok(by.until >= terms.today);
        if (severity === 'critical') assert.ok(by.until <= '2026-12-02');
        if (severity === 'unknown') assert.ok(by.until <= '2026-12-25', 'as bad as the policy takes it for');
      }
    }),
  );
});

test('a waiver of another image or path takes nothing out', () => {
  const scan = scanWith([finding({ id: 'CVE-2026-1' })]);
  const place = { path: 'Dockerfile', reference };
  const findings = { ids: ['CVE-2026-1'] };
  for (const [changed, where] of [
    [{ findings, path: 'legacy/**' }, place],
    [{ findings }, { ...place, reference: { ...reference, repository: 'library/alpine' } }],
    [{ rules: ['high-findings'] }, place],
  ] as const)
    assert.equal(waiveFindings(scan, [countWaiver(waiverOf(changed))], where, terms), scan);
});
