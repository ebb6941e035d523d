import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInterimMark, parseInterimMark } from '../../../src/domain/interim/interim-mark.ts';

for (const [written, ids, sourcePackage, fixedVersion] of [
  [
    'basekeeper interim CVE-2026-1234 openssl: remove when the base has 3.0.17-1~deb12u3',
    ['CVE-2026-1234'],
    'openssl',
    '3.0.17-1~deb12u3',
  ],
  [
    'basekeeper interim CVE-2026-1, GHSA-ab12-cd34-ef56, TEMP-0000000-0AF1 g++: remove when the base has 1:12.2.0+b1',
    ['CVE-2026-1', 'GHSA-ab12-cd34-ef56', 'TEMP-0000000-0AF1'],
    'g++',
    '1:12.2.0+b1',
  ],
] as const)
  test(`reads ${written}, and writes it again`, () => {
    const mark = { ids: [...ids], sourcePackage, fixedVersion };
    assert.deepEqual(parseInterimMark(written), { kind: 'mark', mark });
    assert.equal(formatInterimMark(mark), `# ${written}`);
  });

for (const other of [
  'basekeeper: ignore=no-digest',
  'basekeeper interims are',
  'an interim upgrade',
  'Basekeeper interim X',
])
  test(`"${other}" is none`, () => assert.deepEqual(parseInterimMark(other), { kind: 'none' }));

for (const [written, said] of [
  ['basekeeper interim', 'it does not say "remove when the base has"'],
  ['basekeeper interim: CVE-2026-1 openssl', 'it does not say "remove when the base has"'],
  ['basekeeper interim openssl: remove when the base has 3', 'it names no vulnerability, or no package'],
  ['basekeeper interim CVE-2026-1: remove when the base has 3', 'it names no vulnerability, or no package'],
  [
    'basekeeper interim CVE-2026-1 CVE-2026-2 openssl: remove when the base has 3',
    '"CVE-2026-1 CVE-2026-2" is no vulnerability',
  ],
  ['basekeeper interim cve-2026-1 openssl: remove when the base has 3', '"cve-2026-1" is no vulnerability'],
  ['basekeeper interim CVE-2026-1 $(id): remove when the base has 3', '"$(id)" is no package'],
  ['basekeeper interim CVE-2026-1 openssl: remove when the base has 3 or later', '"3 or later" is no version'],
  [
    `basekeeper interim CVE-2026-1 openssl: remove when the base has ${'3'.repeat(3000)}`,
    'longer than 2000 characters',
  ],
] as const)
  test(`${written.slice(0, 80)} is malformed, and the message says what to write`, () => {
    const reading = parseInterimMark(written);
    assert.equal(reading.kind, 'malformed');
    assert.ok(reading.kind === 'malformed' && reading.reason.includes(said), JSON.stringify(reading));
    assert.match(
      reading.reason,
      /write "# basekeeper interim CVE-2026-1234 PACKAGE: remove when the base has VERSION"/,
    );
  });

test('what no mark can say is not written', () => {
  const version = '3.0\nRUN id';
  assert.equal(formatInterimMark({ ids: ['CVE-2026-1'], sourcePackage: 'openssl', fixedVersion: version }), undefined);
});
