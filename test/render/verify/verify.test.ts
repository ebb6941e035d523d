import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VerifiedSide, VerifyResult } from '../../../src/flows/verify/verify-result.ts';
import { renderVerifyMarkdown } from '../../../src/render/verify/markdown.ts';
import { renderVerify } from '../../../src/render/verify/text.ts';
import { finding } from '../../domain/verify/facts.ts';

const databaseAt = '2026-11-25T06:00:00.000Z';

function side(reference: string, sizeBytes: number, findings: number): VerifiedSide {
  return {
    bases: [{ reference, digest: null }],
    build: { kind: 'built', digest: `sha256:${'a'.repeat(64)}`, sizeBytes, isReused: false },
    scan: {
      ...{ kind: 'scanned', worth: 'ok', databaseAt, findings, suppressed: [], isReused: false },
      system: { family: 'debian', release: '12.12', isEndOfLife: false },
    },
  };
}

const revision = { commit: 'c', tree: 't' };
const result: VerifyResult = {
  schemaVersion: 1,
  now: '2026-11-25T12:00:00.000Z',
  from: { name: 'main', ...revision },
  to: { name: 'update', ...revision },
  builder: 'buildah 1.28.2',
  scanner: { name: 'trivy', version: '0.68.2', databaseAt },
  images: [
    {
      ...{ name: 'acme/shop', path: 'Dockerfile', decision: 'fail', sizeDifferenceBytes: -13_000_000 },
      before: side('docker.io/library/node:22-slim', 80_000_000, 3),
      after: side('docker.io/library/node:24-slim', 67_000_000, 2),
      findings: {
        fixed: [finding('CVE-1 openssl critical 3.1'), finding('CVE-2 zlib high 2')],
        remaining: { patchable: [], unfixed: [finding('CVE-3 bash low')] },
        added: [finding('CVE-4 perl critical 5.2')],
      },
    },
  ],
  tests: [
    {
      ...{ command: { run: 'npm test | tee out', in: 'host', timeoutMs: 1000 }, isReused: false, log: 'tests/1.log' },
      ...{ after: { kind: 'red' }, before: { kind: 'green' } },
    },
  ],
  gate: {
    decision: 'fail',
    reasons: [
      {
        ...{ outcome: 'fail', check: 'critical', image: 'acme/shop' },
        text: '1 critical finding with a fix: CVE-4 (perl, fixed in 5.2)',
      },
      { outcome: 'note', check: 'platforms', text: 'platforms of the bases were not compared, @everybody <b>' },
    ],
  },
  leftOut: ['not everything was checked out: vendor (a submodule)'],
  evidence: '/state/verify/1a2b',
  reused: { builds: 1, scans: 0, tests: 0 },
};

test('text says the decision, the reasons, what was measured and with what', () => {
  assert.equal(
    renderVerify(result, { color: false, width: 100 }),
    `fail: the update makes something worse (main → update, 1 image)

  fail  acme/shop: 1 critical finding with a fix: CVE-4 (perl, fixed in 5.2)
  note  platforms of the bases were not compared, @everybody <b>

acme/shop  fail
  built on  node:22-slim → node:24-slim
  before    80.0 MB, debian 12.12, 3 findings
  after     67.0 MB, debian 12.12, 2 findings
  size      13.0 MB smaller

  severity  fixed  remaining, with a fix  without  added
  critical      1                      0        0      1
  high          1                      0        0      0
  medium        0                      0        0      0
  low           0                      0        1      0
  unknown       0                      0        0      0

Tests
  npm test | tee out  on this machine  red; before the update green  tests/1.log

left out: not everything was checked out: vendor (a submodule)
Made by buildah 1.28.2; trivy 0.68.2 with its database of 2026-11-25T06:00:00.000Z.
Taken from an earlier run with the same inputs: 1 build.
Evidence: /state/verify/1a2b
`,
  );
});

test('Markdown for a pull request is one table, in which nothing of a repository is markup', () => {
  const text = renderVerifyMarkdown(result);
  assert.match(text, /^\*\*fail\*\*: the update makes something worse\.\n/);
  assert.ok(
    text.includes(
      '| `acme/shop` | node:22-slim → node:24-slim | 1 critical, 1 high | 0 | 1 low | 1 critical | 67.0 MB (−13.0 MB) | fail |',
    ),
    text,
  );
  assert.doesNotMatch(text, /@everybody|<b>/);
  assert.ok(text.includes('<code>npm test &#124; tee out</code>'), text);
});
