import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scan } from '../../src/domain/vulnerability/scan.ts';
import type { KeptScan, ScanArchive } from '../../src/ports/scan-archive.ts';

type Subject = {
  readonly name: string;
  /** Opens an empty archive that is gone when `use` ends. */
  withArchive(use: (archive: ScanArchive) => Promise<void>): Promise<void>;
};

const day = 86_400_000;
const start = Date.UTC(2026, 10, 23);

/** A scan as Trivy leaves it, made on the day of its database. */
export function keptScan(digest: string, databaseAt = start, more: Partial<KeptScan> = {}): KeptScan {
  const scan: Scan = {
    scanner: { name: 'trivy', version: '0.68.2' },
    name: 'docker.io/library/debian:12-slim',
    digests: [],
    layers: [digest],
    system: { family: 'debian', release: '12.13', isEndOfLife: false },
    packages: [],
    hasPackages: true,
    findings: [],
    suppressed: [],
  };
  return {
    ...{ digest, databaseAt, scannedAt: databaseAt + 1, scan },
    report: '{"SchemaVersion":2}',
    inventory: '{"bomFormat":"CycloneDX"}',
    ...more,
  };
}

export const digestOf = (at: number) => `sha256:${at.toString(16).padStart(64, '0')}`;

/** What every archive has to do, whatever it lies in. */
export function scanArchiveContract({ name, withArchive }: Subject): void {
  const fact = (said: string, run: (archive: ScanArchive) => Promise<void>) =>
    test(`${name}: ${said}`, () => withArchive(run));

  fact('what was never kept is not found', async (archive) => {
    assert.equal(await archive.find(digestOf(1), 'trivy'), undefined);
  });
  fact('a scan is found as it was kept, with its evidence', async (archive) => {
    const kept = keptScan(digestOf(1));
    await archive.keep(kept);
    assert.deepEqual(await archive.find(digestOf(1), 'trivy'), kept);
    assert.equal(await archive.find(digestOf(2), 'trivy'), undefined);
  });
  fact('a scan without an inventory has none', async (archive) => {
    const { inventory: _, ...bare } = keptScan(digestOf(1));
    await archive.keep(bare);
    assert.deepEqual(await archive.find(digestOf(1), 'trivy'), bare);
  });
  fact('the newest database is found, whatever order scans were kept in', async (archive) => {
    for (const days of [2, 0, 1]) await archive.keep(keptScan(digestOf(1), start + days * day));
    assert.equal((await archive.find(digestOf(1), 'trivy'))?.databaseAt, start + 2 * day);
  });
  fact('a scan with the same database takes the place of the earlier', async (archive) => {
    await archive.keep(keptScan(digestOf(1)));
    await archive.keep(keptScan(digestOf(1), start, { report: '{"again":true}' }));
    assert.equal((await archive.find(digestOf(1), 'trivy'))?.report, '{"again":true}');
  });
  fact('scans of another scanner are told apart', async (archive) => {
    const trivy = keptScan(digestOf(1));
    const grype = { ...trivy, databaseAt: start + day, scan: { ...trivy.scan, scanner: { name: 'grype' as const } } };
    await archive.keep(grype);
    assert.equal(await archive.find(digestOf(1), 'trivy'), undefined);
    await archive.keep(trivy);
    assert.deepEqual(await archive.find(digestOf(1), 'trivy'), trivy);
    assert.deepEqual(await archive.find(digestOf(1), 'grype'), grype);
  });
  fact('many scans are kept at once', async (archive) => {
    const digests = Array.from({ length: 40 }, (_, at) => digestOf(at % 8));
    await Promise.all(digests.map((digest, at) => archive.keep(keptScan(digest, start + at))));
    for (let at = 32; at < 40; at += 1)
      assert.equal((await archive.find(digestOf(at % 8), 'trivy'))?.databaseAt, start + at);
  });
}
