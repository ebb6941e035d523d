import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult } from '../../../src/flows/check-result.ts';
import { checkExitCode } from '../../../src/flows/exit-code.ts';
import { html } from '../../../src/render/html.ts';
import { markdown } from '../../../src/render/markdown.ts';
import { palette } from '../../../src/render/palette.ts';
import { scanBlock } from '../../../src/render/scans.ts';
import { judge } from '../judged.ts';
import { debian, now, type ScanWorld, withWorld } from './scan-world.ts';

const Dockerfile = 'FROM debian:12-slim\nUSER 1\n';
const advisories = [
  { id: 'CVE-2026-1', severity: 'critical', package: 'openssl', fixedVersion: '3.0.19' },
  { id: 'CVE-2026-2', severity: 'critical', package: 'zlib', fixedVersion: '1.3.1' },
  { id: 'CVE-2026-3', severity: 'medium', package: 'openssl', fixedVersion: '3.0.19' },
] as const;

const fact = (said: string, run: (world: ScanWorld) => Promise<void>) =>
  test(said, () =>
    withWorld(async (world) => {
      world.push('debian:12-slim', {
        'linux/amd64': { packages: { openssl: '3.0.18', zlib: '1.3.0' }, system: debian },
      });
      world.scanner.advisories = [...advisories];
      await run(world);
    }),
  );

const policyOf = (...waivers: readonly string[]) =>
  `version: 1\nwaivers:\n${waivers.map((fields, at) => `  - { id: W-${at + 1}, image: "docker.io/library/debian:*", reason: not reachable, owner: team, approvedBy: lead, ${fields} }\n`).join('')}`;

function told(result: CheckResult) {
  return (result.files[0]?.uses[0]?.rules ?? [])
    .filter(({ rule }) => rule === 'unpatched-critical')
    .map(
      ({ verdict, reason, waiver }) =>
        `${verdict} ${reason.split(' (')[0]}${waiver === undefined ? '' : ` – ${waiver.id} until ${waiver.until}`}`,
    );
}

const complaints = ({ policyFindings }: CheckResult) =>
  policyFindings.map(({ rule, reason, line }) => `${line}: ${rule}: ${reason}`);

for (const [said, waivers, rows, exitCode] of [
  [
    'a waiver of one vulnerability leaves the others of the rule, and is counted beside them',
    ['vulnerability: CVE-2026-1, expires: 2026-12-02'],
    ['fail 1 CRITICAL finding with a fix, 1 more waived: CVE-2026-2 in zlib 1.3.0, fixed in 1.3.1'],
    1,
  ],
  [
    'where each of them is waived the rule is, until the first waiver ends',
    [
      'vulnerability: cve-2026-1, expires: 2026-12-02',
      'vulnerability: CVE-2026-2, rule: unpatched-critical, expires: 2026-11-30',
    ],
    [
      'waived 2 CRITICAL findings with a fix, waived: CVE-2026-1 in openssl 3.0.18, fixed in 3.0.19, and 1 more – W-1, W-2 until 2026-11-30',
    ],
    0,
  ],
  [
    'a waiver may name the source package: in another one the vulnerability stays',
    ['vulnerability: [CVE-2026-1, CVE-2026-2], package: zlib, expires: 2026-12-02'],
    ['fail 1 CRITICAL finding with a fix, 1 more waived: CVE-2026-1 in openssl 3.0.18, fixed in 3.0.19'],
    1,
  ],
  [
    'a waiver of deadlines leaves the verdict as it is',
    ['vulnerability: [CVE-2026-1, CVE-2026-2], rule: deadlines, expires: 2026-12-02'],
    ['fail 2 CRITICAL findings with a fix: CVE-2026-1 in openssl 3.0.18, fixed in 3.0.19, and 1 more'],
    1,
  ],
  [
    'a waiver of a rule that does not judge the finding leaves it',
    ['vulnerability: [CVE-2026-1, CVE-2026-2], rule: high-findings, expires: 2026-12-02'],
    ['fail 2 CRITICAL findings with a fix: CVE-2026-1 in openssl 3.0.18, fixed in 3.0.19, and 1 more'],
    1,
  ],
  [
    'what has expired waives nothing',
    ['vulnerability: [CVE-2026-1, CVE-2026-2], expires: 2026-11-24'],
    ['fail 2 CRITICAL findings with a fix: CVE-2026-1 in openssl 3.0.18, fixed in 3.0.19, and 1 more'],
    1,
  ],
] as const)
  fact(said, async (world) => {
    const result = await world.judge({ Dockerfile }, { policy: policyOf(...waivers) });
    assert.deepEqual(told(result), rows);
    assert.equal(checkExitCode(result, 'fail', 'fail'), exitCode);
  });

fact('a waiver that is too long for what it names does not count, and what to write is said', async (world) => {
  const result = await world.judge(
    { Dockerfile },
    { policy: policyOf('vulnerability: [CVE-2026-1, CVE-2026-3], expires: 2026-12-20') },
  );
  assert.match(told(result)[0] ?? '', /^fail 2 CRITICAL findings/);
  assert.deepEqual(complaints(result), [
    '3: overlong-waiver: waiver W-1 does not count for CVE-2026-1 in openssl: it expires on 2026-12-20, and for CRITICAL findings the longest allowed is 7 days ahead; write expires: 2026-12-02 or an earlier day',
  ]);
  assert.deepEqual(
    result.scans?.waivers.map(({ findings }) =>
      findings.map(({ id, severity, effect }) => `${id} ${severity} ${effect}`),
    ),
    [['CVE-2026-3 medium waived']],
  );
});

fact('a waiver that matches nothing is a finding, and so is what of its list does', async (world) => {
  const policy = policyOf(
    'vulnerability: [CVE-2026-3, CVE-2020-1], expires: 2026-12-02',
    'vulnerability: CVE-2020-2, expires: 2026-12-02',
  );
  assert.deepEqual(complaints(await world.judge({ Dockerfile }, { policy })), [
    '3: unused-waiver: waiver W-1 names CVE-2020-1, which no image of its pattern has: take it out of the list',
    '4: unused-waiver: waiver W-2 covers nothing: no image of its pattern has CVE-2020-2; remove it',
  ]);
  const unscanned = await judge({ Dockerfile }, { policy, now: new Date(now).toISOString() });
  assert.deepEqual(complaints(unscanned), [], 'a run that does not scan cannot tell');
});

fact('what is waived stays visible with its end and who approved it', async (world) => {
  const result = await world.judge(
    { Dockerfile },
    { policy: policyOf('vulnerability: CVE-2026-3, expires: 2027-01-15') },
  );
  const { scans } = result;
  assert.ok(scans);
  const options = { color: false, width: 100, verbose: false, rules: [] };
  const reports = [markdown.render(result, options), html.render(result, options)].map((report) =>
    report.replaceAll('\\', ''),
  );
  for (const report of [scanBlock(scans, palette(false), 200), ...reports])
    assert.match(
      report,
      /waived: CVE-2026-3 in openssl \(MEDIUM\) of debian:12-slim until 2027-01-15 by W-1, approved by lead: not reachable/,
    );
  const [image] = scans.images;
  assert.ok(image?.scan.kind === 'scanned');
  assert.equal(image.scan.findings.length, 3, 'the table of images has all of them');
});
