import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
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

/** What every scanner has to do, whichever program or server is behind it. */
export function scannerContract({ name, withScanner }: Subject): void {
  const fact = (said: string, database: Database, run: (scanner: Scanner, folder: string) => Promise<void>) =>
    test(`${name}: ${said}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'images-'));
      try {
        await withScanner(database, (scanner) => run(scanner, folder));
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

  for (const [image, worth, findings, layers, user] of [
    ['old', 'ok', ofOld, 1, ''],
    ['new', 'ok', ['CVE-2026-0004 high', 'CVE-2026-0005 medium', 'CVE-2026-0002 low unfixed'], 1, '65532'],
    ['app-on-old', 'ok', ofOld, 2, ''],
    ['scratch', 'unscannable', [], 1, ''],
    ['end-of-life', 'end-of-life', [], 1, ''],
  ] as const)
    fact(`an image like ${image} is ${worth}`, firstDatabase, async (scanner, folder) => {
      const given = placeImage(folder, image);
      const { scan } = await scanner.scan(given);
      assert.deepEqual([scanWorth(scan), told(scan)], [worth, findings]);
      assert.deepEqual([scan.layers.length, scan.user, scan.platform], [layers, user, 'linux/amd64']);
      assert.deepEqual([scan.name, scan.digests], [given.name, [given.digest]]);
      assert.equal(scan.databaseAt, firstDatabase.updatedAt);
    });

  fact('leaves the report whole, and no path of this machine in it', firstDatabase, async (scanner, folder) => {
    const { scan, report, inventory = '' } = await scanner.scan(placeImage(folder, 'old'));
    const reading = parseReport(report);
    assert.deepEqual(reading.kind === 'scan' && reading.scan.findings, scan.findings);
    for (const text of [report, inventory]) assert.ok(text.length > 0 && !text.includes(tmpdir()));
  });

  fact('matches an inventory with a later database, without the image', laterDatabase, async (scanner, folder) => {
    const { scan: first, inventory = '' } = await scanner.scan(placeImage(folder, 'app-on-old'));
    rmSync(folder, { recursive: true });
    const { scan, report } = await scanner.rematch(inventory);
    assert.deepEqual(told(scan), ['CVE-2026-0001 critical', 'CVE-2026-0006 critical', ...ofOld.slice(1)]);
    assert.equal(scan.databaseAt, laterDatabase.updatedAt);
    assert.deepEqual(
      scan.findings.map(({ layer }) => layer),
      scan.findings.map(() => first.layers[0]),
    );
    assert.deepEqual([scan.layers, scan.sizeBytes, scan.user], [[], undefined, undefined]);
    assert.deepEqual(scan.packages, first.packages);
    assert.ok(!report.includes(tmpdir()));
  });

  for (const [image, worth] of [
    ['scratch', 'unscannable'],
    ['end-of-life', 'end-of-life'],
  ] as const)
    fact(`the inventory of an image like ${image} stays ${worth}`, laterDatabase, async (scanner, folder) => {
      const { inventory = '' } = await scanner.scan(placeImage(folder, image));
      assert.equal(scanWorth((await scanner.rematch(inventory)).scan), worth);
    });

  fact('scans several at a time, each as alone', firstDatabase, async (scanner, folder) => {
    const images = (['old', 'new', 'app-on-old'] as const).map((image) => placeImage(folder, image));
    const evidence = await Promise.all(images.map((image) => scanner.scan(image)));
    assert.deepEqual(
      evidence.map(({ scan }) => [scan.name, scan.findings.length, scan.layers.length]),
      images.map(({ name: of }, at) => [of, [4, 3, 4][at], [1, 1, 2][at]]),
    );
  });

  fact('an image that is not there is no scan', firstDatabase, async (scanner, folder) => {
    const image = { ...placeImage(folder, 'old'), path: join(folder, 'gone') };
    await assert.rejects(
      scanner.scan(image),
      (error) => error instanceof ScannerError && error.code === 'crashed' && error.message.includes(image.name),
    );
  });

  fact('what is no inventory is refused', firstDatabase, async (scanner) => {
    for (const text of ['', '{}', '{"bomFormat":"CycloneDX"', '[]'])
      await assert.rejects(
        scanner.rematch(text),
        (error) => error instanceof ScannerError && error.code === 'malformed',
      );
  });
}
