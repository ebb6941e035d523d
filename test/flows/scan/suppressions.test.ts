import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openWorkspace } from '../../../src/adapters/workspace/open-workspace.ts';
import type { Finding } from '../../../src/domain/vulnerability/scan.ts';
import { suppress } from '../../../src/domain/vulnerability/suppress/suppress.ts';
import type { VexSource } from '../../../src/domain/vulnerability/suppress/vex-source.ts';
import { readSuppressions } from '../../../src/flows/scan/read-suppressions.ts';
import { statementFindings } from '../../../src/flows/scan/statement-findings.ts';

const author = 'security@example.com';
const vex = [{ path: 'vex/**/*.json', author }];
const image = {
  imageDigest: `sha256:${'a'.repeat(64)}`,
  repository: 'docker.io/library/debian',
  today: '2026-11-25',
} as const;

function vexOf(by: string, id: string): string {
  const statement = {
    vulnerability: { name: id },
    products: [{ '@id': 'pkg:oci/debian' }],
    status: 'not_affected',
    justification: 'component_not_present',
  };
  const document = { '@context': 'https://openvex.dev/ns/v0.2.0', author: by, timestamp: '2026-11-01T00:00:00Z' };
  return JSON.stringify({ ...document, statements: [statement] });
}

function finding(id: string): Finding {
  return {
    ...{ id, sourcePackage: 'a', packages: ['a'], installedVersion: '1', severity: 'high', severities: {} },
    ...{ status: 'affected', purls: ['pkg:deb/debian/a@1'] },
  };
}

async function read(
  context: TestContext,
  files: Readonly<Record<string, string | Buffer>>,
  sources: readonly VexSource[] = vex,
) {
  const root = mkdtempSync(join(tmpdir(), 'basekeeper-suppressions-'));
  context.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return readSuppressions(await openWorkspace(root), { vex: sources });
}

test('a tree says by VEX and ignore files what is taken out of its images', async (context) => {
  const { statements, findings } = await read(context, {
    'vex/base/debian.json': vexOf(author, 'CVE-2026-1'),
    '.trivyignore': 'CVE-2026-2\n',
    '.trivyignore.yaml': 'vulnerabilities:\n  - id: CVE-2026-3\n',
  });
  assert.deepEqual(findings, []);
  const found = ['CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3', 'CVE-2026-4'].map(finding);
  const { findings: left, suppressed, ...told } = suppress(found, statements, image);
  assert.deepEqual(left, [finding('CVE-2026-4')]);
  assert.deepEqual(
    suppressed.map(({ id, status, source }) => [id, status, source]),
    [
      ['CVE-2026-1', 'not_affected', 'vex/base/debian.json:1'],
      ['CVE-2026-2', 'ignored', '.trivyignore:1'],
      ['CVE-2026-3', 'ignored', '.trivyignore.yaml:2'],
    ],
  );
  assert.deepEqual(statementFindings(statements, [told], { today: image.today, isPartial: false }), []);
});

test('VEX of who is not listed for its path counts nothing, and is told', async (context) => {
  const sources = [...vex, { path: 'other/*.json', author: 'other@example.com' }];
  const files = { 'vex/a.json': vexOf('other@example.com', 'CVE-2026-1'), 'other/b.json': vexOf(author, 'CVE-2026-2') };
  const { statements, findings } = await read(context, files, sources);
  assert.deepEqual(statements, []);
  assert.deepEqual(
    findings.map(({ rule, path, reason }) => [rule, path, reason.split(' is ')[0]]),
    [
      ['unlisted-vex', 'other/b.json', 'its author "security@example.com"'],
      ['unlisted-vex', 'vex/a.json', 'its author "other@example.com"'],
    ],
  );
});

test('without authors in the policy no VEX is looked at', async (context) => {
  const nothing = { statements: [], findings: [] };
  assert.deepEqual(await read(context, { 'vex/a.json': '{' }, []), nothing);
  assert.deepEqual(await read(context, { 'node_modules/vex/a.json': '{' }, [{ path: '**/*.json', author }]), nothing);
});

test('ignore files count at the root alone', async (context) => {
  assert.deepEqual(await read(context, { 'app/.trivyignore': 'CVE-2026-1' }), { statements: [], findings: [] });
});

test('what cannot be read is told with its place, and the rest counts', async (context) => {
  const { statements, findings } = await read(context, {
    'vex/a.json': '{\n',
    'vex/b.json': Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x00]),
    '.trivyignore': 'CVE-2026-1 exp:soon\nCVE-2026-2\n',
    '.trivyignore.yaml': '- a\n',
  });
  assert.deepEqual(
    findings.map(({ rule, verdict, path, line }) => [rule, verdict, path, line]),
    [
      ['invalid-json', 'warn', 'vex/a.json', 2],
      ['unreadable-suppression', 'warn', 'vex/b.json', undefined],
      ['invalid-ignore-file', 'warn', '.trivyignore', 1],
      ['invalid-ignore-file', 'warn', '.trivyignore.yaml', 1],
    ],
  );
  assert.deepEqual(
    statements.map(({ ids }) => ids),
    [['CVE-2026-2']],
  );
});

test('what has ended and what nothing has a use for is told', async (context) => {
  const { statements } = await read(context, {
    'vex/a.json': vexOf(author, 'CVE-2026-9'),
    '.trivyignore': 'CVE-2026-1\nCVE-2026-2 exp:2026-11-01\nCVE-2026-3\nAVD-DS-0002\n',
    '.trivyignore.yaml': 'vulnerabilities:\n  - id: CVE-2026-4\n    purls: ["pkg:deb/debian/a@2"]\n',
  });
  const images = [['CVE-2026-1', 'CVE-2026-2'], ['CVE-2026-4']].map((ids) =>
    suppress(ids.map(finding), statements, image),
  );
  const told = (isPartial: boolean) =>
    statementFindings(statements, images, { today: image.today, isPartial }).map(
      ({ rule, path, line, reason }) => `${rule} ${path}:${line} ${reason}`,
    );
  const expired =
    'expired-statement .trivyignore:2 what it says of CVE-2026-2 ended on 2026-11-01: renew it with a reason, or remove it';
  assert.deepEqual(told(true), [expired]);
  assert.deepEqual(told(false), [
    'unused-statement vex/a.json:1 what it says of CVE-2026-9 takes nothing out: no image has that finding; correct or remove it',
    expired,
    'unused-statement .trivyignore:3 what it says of CVE-2026-3 takes nothing out: no image has that finding; correct or remove it',
    'unused-statement .trivyignore.yaml:2 what it says of CVE-2026-4 takes nothing out: pkg:deb/debian/a@2 is not pkg:deb/debian/a@1, which is installed; correct or remove it',
  ]);
});

test('a file of a hundred thousand unused entries does not bury the report', async (context) => {
  const entries = Array.from({ length: 100_000 }, (_, at) => `CVE-1999-${at}`).join('\n');
  const { statements } = await read(context, { '.trivyignore': entries });
  const found = statementFindings(statements, [], { today: image.today, isPartial: false });
  assert.deepEqual(found.slice(99), [
    {
      ...{ rule: 'unused-statement', verdict: 'warn', path: '.trivyignore', line: 100 },
      reason: 'what it says of CVE-1999-99 takes nothing out: no image has that finding; correct or remove it',
    },
    {
      ...{ rule: 'unused-statement', verdict: 'warn', path: '.trivyignore', line: 101 },
      reason: '99900 more of its statements are the same: correct or remove them',
    },
  ]);
});
