import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weigh } from '../../../src/domain/advise/weigh.ts';
import type { Finding, Scan } from '../../../src/domain/vulnerability/scan.ts';
import { parseSeverity, type Severity } from '../../../src/domain/vulnerability/severity.ts';

/** `critical openssl 3.1`: severity, package and fix version, if there is one. */
function scan(...findings: readonly string[]): Scan {
  return {
    ...{
      scanner: { name: 'trivy' },
      name: '',
      digests: [],
      layers: [],
      packages: [],
      hasPackages: true,
      suppressed: [],
    },
    findings: findings.map((text): Finding => {
      const [word, sourcePackage = '', fixedVersion] = text.split(' ');
      const severity = parseSeverity(word);
      return {
        ...{ id: `CVE-${sourcePackage}`, sourcePackage, packages: [sourcePackage], installedVersion: '1' },
        ...{ severity, severities: {}, status: 'affected', ...(fixedVersion === undefined ? {} : { fixedVersion }) },
      };
    }),
  };
}

const present = scan('critical openssl 3', 'high curl', 'high perl 5', 'low tar 1');

for (const [threshold, patchable, move] of [
  ['critical', 0, { fixed: 2, fixedWeighty: 1, added: 2, addedWeighty: 0 }],
  ['high', 2, { fixed: 2, fixedWeighty: 1, added: 2, addedWeighty: 1 }],
  ['low', 3, { fixed: 2, fixedWeighty: 2, added: 2, addedWeighty: 2 }],
] as const satisfies readonly (readonly [Severity, number, object])[])
  test(`from ${threshold} on ${patchable} could be patched`, () => {
    const weight = weigh(scan('high curl', 'high perl 5', 'high xz 5', 'medium zlib 2'), present, threshold);
    assert.equal(weight.patchable, patchable);
    assert.deepEqual(weight.move, move);
    assert.deepEqual(weight.bySeverity, { critical: 0, high: 3, medium: 1, low: 0, unknown: 0 });
    assert.equal(weight.remaining, 4);
  });

test('where the present base could not be looked into, nothing is said of a move', () =>
  assert.equal(weigh(present, undefined, 'high').move, undefined));
