import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PatchJson } from '../../src/render/patching/json.ts';
import { ask, listed, look } from './followed.ts';
import { inScannedTree } from './scanned.ts';

const author = 'security@example.com';

function vex(id: string, status: string, at: string): string {
  return JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    ...{ '@id': 'https://example.com/vex-1', author, timestamp: at, version: 1 },
    statements: [
      {
        ...{ vulnerability: { name: id }, products: [{ '@id': 'pkg:oci/debian' }], status },
        ...(status === 'not_affected' ? { justification: 'vulnerable_code_not_in_execute_path' } : {}),
      },
    ],
  });
}

test('what VEX documents and waivers of a tree say ends or stops the time, with who says so', () =>
  inScannedTree({ Dockerfile: 'FROM debian:12-slim\n', '.trivyignore': 'CVE-2026-0001\n' }, async (world) => {
    world.push('library/debian', '12-slim', 'old');
    const policy = join(world.path, 'policy.yaml');
    await appendFile(policy, `deadlines: { releases: branch }\nvex: [{ path: "vex/*.json", author: "${author}" }]\n`);
    const plain = await readFile(policy, 'utf8');
    await mkdir(join(world.path, 'tree/vex'));
    const document = join(world.path, 'tree/vex/own.json');

    // Said before it is seen: it is never followed. What a list of the tree ignores is.
    await writeFile(document, vex('CVE-2026-0003', 'not_affected', '2026-11-01T00:00:00Z'));
    const first = await look(world, '2026-11-25T08:00:00Z');
    const states = async (at: string) => (await listed(world, at)).filter((line) => !line.includes('watching')).sort();
    assert.deepEqual(await states('2026-11-25T09:00:00Z'), [
      'CVE-2026-0001 critical paused awaiting-base',
      'CVE-2026-0004 high paused awaiting-base',
    ]);
    assert.deepEqual(
      first.words.notAffected.map(({ id, source }) => `${id} ${source}`),
      ['CVE-2026-0003 vex/own.json:1'],
    );

    // Said when it is followed already: that ends it. A waiver names one finding, and stops that alone.
    await writeFile(document, vex('CVE-2026-0004', 'not_affected', '2026-11-02T00:00:00Z'));
    const waiver = 'image: "docker.io/library/debian:*", reason: not reachable, owner: team, approvedBy: lead';
    await writeFile(
      policy,
      `${plain}waivers:
  - { id: W-1, ${waiver}, vulnerability: CVE-2026-0003, expires: 2026-12-20 }
  - { id: W-2, ${waiver}, vulnerability: CVE-2026-0001, expires: 2026-12-20 }
  - { id: W-3, ${waiver}, vulnerability: CVE-2020-0001, expires: 2026-12-20 }
`,
    );
    const second = await look(world, '2026-11-26T08:00:00Z');
    assert.equal(second.closed, 1);
    assert.deepEqual(
      second.words.waivers.map(({ id, until, approvedBy, findings }) => [
        id,
        until,
        approvedBy,
        findings.map((one) => one.id),
      ]),
      [['W-1', '2026-12-20', 'lead', ['CVE-2026-0003']]],
    );
    assert.deepEqual(
      second.words.waiverFindings.map(({ rule, reason }) => `${rule}: ${reason.slice(0, 60)}`),
      [
        ...[1, 2, 3].map((at) => `unproven-waiver: that lead approved of waiver W-${at} is not proven: the policy f`),
        'unused-waiver: waiver W-3 covers nothing: no image of its pattern has CVE-2',
        'overlong-waiver: waiver W-2 does not count for CVE-2026-0001 in openssl: it e',
      ],
    );
    assert.deepEqual(await states('2026-11-26T09:00:00Z'), [
      'CVE-2026-0001 critical paused awaiting-base',
      'CVE-2026-0003 high paused waived',
      'CVE-2026-0006 critical paused awaiting-base',
    ]);
    const report = await ask(world, 'report', '2026-11-26T09:00:00Z', '--since', '2026-11-01', '--format', 'json');
    const { episodes, total } = JSON.parse(report.stdout) as PatchJson;
    const ended = episodes.find(({ id }) => id === 'CVE-2026-0004')?.closed;
    assert.equal(
      `${ended?.because} by ${ended?.source}: ${ended?.statement}`,
      'not-applicable by vex/own.json:1: vulnerable_code_not_in_execute_path',
    );
    assert.equal(total.closedInTime + total.closedLate + total.openLate, 0, 'it is out of the count');
    for (const format of ['text', 'markdown', 'html', 'csv']) {
      const { stdout } = await ask(
        world,
        'report',
        '2026-11-26T09:00:00Z',
        '--since',
        '2026-11-01',
        '--format',
        format,
      );
      assert.match(stdout, /W-1/, format);
    }
    const shown = await ask(world, 'deadlines', '2026-11-26T09:00:00Z');
    assert.match(shown.stdout, /waived until 2026-12-20 by W-1, approved by lead/);
  }));
