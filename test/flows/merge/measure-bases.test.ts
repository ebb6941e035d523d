import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultScanSettings } from '../../../src/domain/policy/scan-settings.ts';
import type { UpdatePlan } from '../../../src/domain/update/update-plan.ts';
import { defaultVerify } from '../../../src/domain/verify/verify-settings.ts';
import { measureBases } from '../../../src/flows/merge/measure-bases.ts';
import { Scans } from '../../../src/flows/scan/scan-images.ts';
import { ScannerError } from '../../../src/ports/scanner.ts';
import { debian, hour, now, reference, type ScanWorld, withWorld } from '../scan/scan-world.ts';

const old = { packages: { openssl: '1', perl: '1' }, system: debian };
const mended = { packages: { openssl: '2', perl: '1' }, system: debian };
const worse = { packages: { openssl: '1', perl: '1', zlib: '1' }, system: debian };
const critical = { id: 'CVE-2026-1', severity: 'critical', package: 'openssl', fixedVersion: '2' } as const;
const unfixed = { id: 'CVE-2026-2', severity: 'high', package: 'perl' } as const;
const added = { id: 'CVE-2026-3', severity: 'high', package: 'zlib' } as const;

function plan(to: string): UpdatePlan {
  const from = 'debian:12.1-slim';
  const use = { path: 'Dockerfile', line: 1, role: 'final', before: from, after: to } as const;
  const step = { lane: 'minor', from: reference(from), to: reference(to), reasons: [], uses: [use] } as const;
  return { lane: 'minor', image: 'docker.io/library/debian', steps: [step], files: [] };
}

function measured(
  fact: string,
  use: (world: ScanWorld, to: (tag: string) => ReturnType<typeof measureBases>) => Promise<void>,
) {
  test(fact, () =>
    withWorld(async (world) => {
      world.scanner.advisories = [critical, unfixed, added];
      world.push('debian:12.1-slim', { 'linux/amd64': old });
      world.push('debian:12.2-slim', { 'linux/amd64': mended });
      world.push('debian:12.3-slim', { 'linux/amd64': worse });
      const request = { verify: defaultVerify, now, terms: defaultScanSettings };
      await use(world, (tag) => measureBases(new Scans(world.ports), world.registry, [plan(`debian:${tag}`)], request));
    }),
  );
}

measured('a base that mends and adds nothing passes, with what it mends', async (_, to) => {
  const { gate, comparison } = await to('12.2-slim');
  assert.deepEqual(gate, { kind: 'pass', reasons: [] });
  assert.deepEqual(
    comparison?.fixed.map(({ id }) => id),
    ['CVE-2026-1'],
  );
  assert.deepEqual(
    comparison?.remaining.unfixed.map(({ id }) => id),
    ['CVE-2026-2'],
  );
  assert.deepEqual(comparison?.added, []);
});

measured('a base with a CRITICAL that has a fix fails, and so does one with more HIGH', async (_, to) => {
  const { gate } = await to('12.3-slim');
  assert.deepEqual(gate, {
    kind: 'fail',
    reasons: [
      'debian:12.3-slim: 1 critical finding with a fix: CVE-2026-1 (openssl, fixed in 2)',
      'debian:12.3-slim: 2 high findings, 1 before the update; added: CVE-2026-3 (zlib)',
    ],
  });
});

measured('a base that is not there holds, and nothing is summed up', async (_, to) => {
  const { gate, comparison } = await to('12.9-slim');
  assert.equal(gate?.kind, 'hold');
  assert.match(gate.reasons.join(), /debian:12\.9-slim: the scan of the new image failed/);
  assert.equal(comparison, undefined);
});

measured('without a scanner it holds, and says why', async (world, to) => {
  world.scanner.refusals.set('describe', new ScannerError('missing', 'there is no trivy on PATH: install it'));
  const { gate } = await to('12.2-slim');
  assert.equal(gate?.kind, 'hold');
  assert.match(gate.reasons.join(), /there is no trivy on PATH: install it/);
});

measured('an update without an image holds, and nothing is summed up', async (world) => {
  const request = { verify: defaultVerify, now, terms: defaultScanSettings };
  assert.deepEqual(await measureBases(new Scans(world.ports), world.registry, [], request), {
    gate: { kind: 'hold', reasons: ['it names no image that could be scanned'] },
  });
});

measured('an old database proves nothing', async (world, to) => {
  world.scanner.description = { ...world.scanner.description, databaseAt: now - 72 * hour };
  assert.equal((await to('12.2-slim')).gate?.kind, 'hold');
});

measured('a base that nobody can look into holds', async (world, to) => {
  world.push('debian:12.2-slim', { 'linux/amd64': { packages: {} } });
  assert.equal((await to('12.2-slim')).gate?.kind, 'hold');
});
