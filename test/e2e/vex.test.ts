import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { vexProblems } from '../fakes/open-vex-schema.ts';
import { basekeeper, type Run } from './command.ts';
import { inScannedTree, type Scanned, scanNow } from './scanned.ts';

const author = 'security@example.com';

function vex(...statements: readonly (readonly [id: string, status: string, more?: object])[]): string {
  return JSON.stringify({
    ...{ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'https://example.com/vex-1', author, version: 1 },
    timestamp: '2026-11-01T00:00:00Z',
    statements: statements.map(([name, status, more]) => ({
      ...{ vulnerability: { name }, products: [{ '@id': 'pkg:oci/debian' }], status },
      ...more,
    })),
  });
}

const files = {
  Dockerfile: 'FROM debian:12-slim\n',
  'vex/own.json': vex(
    ['CVE-2026-0003', 'not_affected', { justification: 'vulnerable_code_not_in_execute_path' }],
    ['CVE-2026-0002', 'under_investigation'],
    ['CVE-2026-0004', 'fixed'],
    ['CVE-2020-0001', 'fixed'],
  ),
};

function vexExport({ path, env }: Scanned, ...args: readonly string[]): Promise<Run> {
  const fixed = ['--policy', join(path, 'policy.yaml'), '--now', scanNow];
  return basekeeper(['vex', 'export', join(path, 'tree'), ...fixed, ...args], { cwd: path, env });
}

test('what is said and waived of scanned images is one valid document, and nothing is said that nobody said', () =>
  inScannedTree(files, async (world) => {
    world.push('library/debian', '12-slim', 'old');
    world.trivy();
    await appendFile(
      join(world.path, 'policy.yaml'),
      `vex: [{ path: "vex/*.json", author: "${author}" }]
vexAuthor: ${author}
waivers:
  - { id: W-1, image: "docker.io/library/debian:*", vulnerability: CVE-2026-0001, reason: not reachable, owner: team, approvedBy: lead, expires: 2026-12-01 }
`,
    );
    const file = join(world.path, 'out.json');
    const { code, stderr } = await vexExport(world, '-o', file);
    assert.equal(code, 0, stderr);
    const text = await readFile(file, 'utf8');
    const document = JSON.parse(text) as { statements: readonly Record<string, unknown>[]; author: string };
    assert.deepEqual(vexProblems(document), []);
    assert.equal(document.author, author);
    const told = document.statements.map((one) => [
      (one.vulnerability as { name: string }).name,
      ...[one.status, one.justification ?? one.action_statement ?? null, one.timestamp ?? null],
    ]);
    assert.deepEqual(told, [
      ['CVE-2020-0001', 'fixed', null, '2026-11-01T00:00:00Z'],
      [
        ...['CVE-2026-0001', 'affected'],
        ...[
          'The risk is accepted until 2026-12-01. Update openssl to 3.0.17-1~deb12u3, or to an image that has it.',
          null,
        ],
      ],
      ['CVE-2026-0002', 'under_investigation', null, '2026-11-01T00:00:00Z'],
      ['CVE-2026-0003', 'not_affected', 'vulnerable_code_not_in_execute_path', '2026-11-01T00:00:00Z'],
    ]);
    assert.equal((await vexExport(world)).stdout, text, 'said again it is the same');
  }));

test('a document needs an author and something to say, and tells what it says nothing of', () =>
  inScannedTree({ Dockerfile: 'FROM debian:12-slim\n' }, async (world) => {
    const file = join(world.path, 'out.json');
    world.trivy();
    const unscanned = await vexExport(world, '-o', file, '--author', author);
    assert.equal(unscanned.code, 3);
    assert.match(unscanned.stderr, /not in the document: .*debian:12-slim/);
    world.push('library/debian', '12-slim', 'old');
    const anonymous = await vexExport(world, '-o', file);
    assert.equal(anonymous.code, 2);
    assert.match(anonymous.stderr, /needs an author: write vexAuthor/);
    const empty = await vexExport(world, '-o', file, '--author', author);
    assert.equal(empty.code, 0, empty.stderr);
    assert.match(empty.stderr, /nothing to export: .*nothing was written/);
    assert.equal(existsSync(file), false);
  }));
