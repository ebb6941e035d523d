import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseReport } from '../../src/domain/vulnerability/parse-report.ts';
import { type Scan, scanWorth } from '../../src/domain/vulnerability/scan.ts';
import { type ScannedImage, type Scanner, ScannerError } from '../../src/ports/scanner.ts';
import { writeLayout } from '../fakes/os-image/os-image.ts';
import {
  type Database,
  firstDatabase,
  laterDatabase,
  type ScannedImageName,
  scannedImages,
} from '../fakes/os-image/scanned-images.ts';

type Subject = {
  readonly name: string;
  /** A scanner that matches with this database. */
  withScanner(database: Database, use: (scanner: Scanner) => Promise<void>): Promise<void>;
};

/** Writes one of the known images; the folder's name is one that people come up with. */
export function placeImage(folder: string, image: ScannedImageName): ScannedImage {
  const path = join(folder, `team@acme:1 ${image}`);
  const { layers, user } = scannedImages[image];
  writeLayout(path, layers, user);
  const { manifests } = JSON.parse(readFileSync(join(path, 'index.json'), 'utf8')) as {
    manifests: readonly { readonly digest: string }[];
  };
  return { path, name: `registry.example/${image}:1`, digest: manifests[0]?.digest ?? '' };
}

const told = ({ findings }: Scan) =>
  findings.map(({ id, severity, fixedVersion }) => `${id} ${severity}${fixedVersion === undefined ? ' unfixed' : ''}`);

/** Sorted by severity, then id. */
const ofOld = ['CVE-2026-0001 critical', 'CVE-2026-0003 high', 'CVE-2026-0004 high', 'CVE-2026-0002 low unfixed'];

const seen = [
  { image: 'old', worth: 'ok', findings: ofOld, layers: 1, user: '' },
  {
    image: 'new',
    worth: 'ok',
    findings: ['CVE-2026-0004 high', 'CVE-2026-0005 medium', 'CVE-2026-0002 low unfixed'],
    layers: 1,
    user: '65532',
  },
  { image: 'app-on-old', worth: 'ok', findings: ofOld, layers: 2, user: '' },
  { image: 'scratch', worth: 'unscannable', findings: [], layers: 1, user: '' },
  { image: 'end-of-life', worth: 'end-of-life', findings: [], layers: 1, user: '' },
] as const;

const seenLater = [
  { image: 'app-on-old', worth: 'ok', findings: [ofOld[0], 'CVE-2026-0006 critical', ...ofOld.slice(1)] },
  { image: 'scratch', worth: 'unscannable', findings: [] },
  { image: 'end-of-life', worth: 'end-of-life', findings: [] },
] as const;

/** What every scanner has to do, whichever program or server is behind it. Facts of one scan share it: a real one takes seconds. */
export function scannerContract({ name, withScanner }: Subject): void {
  const fact = (
    said: string,
    database: Database,
    run: (scanner: Scanner, folder: string, context: TestContext) => Promise<void>,
  ) =>
    test(`${name} ${said}`, async (context) => {
      const folder = mkdtempSync(join(tmpdir(), 'images-'));
      try {
        await withScanner(database, (scanner) => run(scanner, folder, context));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

  fact('tells which scanner and database answer', laterDatabase, async (scanner) => {
    const { name: scannerName, version, databaseAt } = await scanner.describe();
    assert.equal(scannerName, 'trivy');
    assert.match(version, /^[\w.+-]+$/);
    assert.equal(databaseAt, Date.parse(laterDatabase.updatedAt));
  });

  fact('scans several at a time, each as alone', firstDatabase, async (scanner, folder, context) => {
    const rows = seen.map((row) => ({ ...row, given: placeImage(folder, row.image) }));
    const evidence = await Promise.all(rows.map(({ given }) => scanner.scan(given)));
    for (const [at, { image, worth, findings, layers, user, given }] of rows.entries())
      await context.test(`an image like ${image} is ${worth}`, () => {
        const { scan, report, inventory = '' } = evidence[at] ?? assert.fail('no evidence');
        assert.deepEqual([scanWorth(scan), told(scan)], [worth, findings]);
        assert.deepEqual([scan.layers.length, scan.user, scan.platform], [layers, user, 'linux/amd64']);
        assert.deepEqual([scan.name, scan.digests], [given.name, [given.digest]]);
        assert.equal(scan.databaseAt, firstDatabase.updatedAt);
        const reading = parseReport(report);
        assert.deepEqual(reading.kind === 'scan' && reading.scan.findings, scan.findings);
        for (const text of [report, inventory])
          assert.ok(text.length > 0 && !text.includes(tmpdir()), 'no path of this machine is told');
      });
  });

  fact('matches inventories with a later database', laterDatabase, async (scanner, folder, context) => {
    const rows = seenLater.map((row) => ({ ...row, given: placeImage(folder, row.image) }));
    const first = await Promise.all(rows.map(({ given }) => scanner.scan(given)));
    rmSync(folder, { recursive: true });
    const evidence = await Promise.all(first.map(({ inventory = '' }) => scanner.rematch(inventory)));
    for (const [at, { image, worth, findings }] of rows.entries())
      await context.test(`that of an image like ${image} is ${worth}, without the image`, () => {
        const [before, now] = [first[at]?.scan ?? assert.fail(), evidence[at] ?? assert.fail()];
        assert.deepEqual([scanWorth(now.scan), told(now.scan)], [worth, findings]);
        assert.equal(now.scan.databaseAt, laterDatabase.updatedAt);
        for (const { layer } of now.scan.findings) assert.equal(layer, before.layers[0]);
        assert.deepEqual([now.scan.layers, now.scan.sizeBytes, now.scan.user], [[], undefined, undefined]);
        assert.deepEqual(now.scan.packages, before.packages);
        assert.ok(!now.report.includes(tmpdir()), 'no path of this machine is told');
      });
  });

  fact('takes an image that is not there for no scan', firstDatabase, async (scanner, folder) => {
    const image = { ...placeImage(folder, 'old'), path: join(folder, 'gone') };
    await assert.rejects(
      scanner.scan(image),
      (error) => error instanceof ScannerError && error.code === 'crashed' && error.message.includes(image.name),
    );
  });

  fact('refuses what is no inventory', firstDatabase, async (scanner) => {
    for (const text of ['', '{}', '{"bomFormat":"CycloneDX"', '[]'])
      await assert.rejects(
        scanner.rematch(text),
        (error) => error instanceof ScannerError && error.code === 'malformed',
      );
  });
}
