import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLayout } from '../../test/fakes/os-image/os-image.ts';
import {
  firstDatabase,
  laterDatabase,
  type ScannedImageName,
  scannedImages,
} from '../../test/fakes/os-image/scanned-images.ts';
import { placeDatabase } from '../../test/fakes/trivy-db/place-database.ts';
import { realTrivy } from './real-trivy.ts';

/** Makes the reports in test/fixtures/scans with a real Trivy: `npm run trivy`, then `node scripts/scans/make-reports.ts`. */
const trivy = realTrivy;
const target = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'scans');
const folder = mkdtempSync(join(tmpdir(), 'scans-'));

const asked = ['--format', 'json', '--list-all-pkgs', '--scanners', 'vuln'];
const silent = [
  '--skip-db-update',
  '--skip-java-db-update',
  '--offline-scan',
  '--skip-version-check',
  '--disable-telemetry',
];

placeDatabase(join(folder, 'cache'), firstDatabase);
placeDatabase(join(folder, 'later'), laterDatabase);
writeFileSync(join(folder, 'ignore'), 'CVE-2026-0001\n');

const names = Object.keys(scannedImages) as readonly ScannedImageName[];
for (const name of names) scan(name, name, []);
scan('suppressed', 'old', ['--ignorefile', join(folder, 'ignore'), '--show-suppressed']);
for (const name of names) {
  // What a later database says of the inventory, and nothing of the image.
  const inventory = join(target, `${name}.inventory.json`);
  run(['convert', '--format', 'cyclonedx', '-o', inventory, join(target, `${name}.json`)]);
  const report = join(target, `${name}.rematched.json`);
  run(['sbom', inventory, ...asked, '--cache-dir', join(folder, 'later'), ...silent, '-o', report]);
  writeFileSync(report, readFileSync(report, 'utf8').replaceAll(`${target}/`, ''));
}
rmSync(folder, { recursive: true });

function run(args: readonly string[]): void {
  execFileSync(trivy, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function scan(name: string, image: ScannedImageName, more: readonly string[]): void {
  const layout = join(folder, name);
  writeLayout(layout, scannedImages[image].layers, scannedImages[image].user);
  const report = join(folder, `${name}.json`);
  run(['image', '--input', layout, ...asked, '--cache-dir', join(folder, 'cache'), ...silent, ...more, '-o', report]);
  // Names of the machine that it was made on are no part of it.
  const text = readFileSync(report, 'utf8').replaceAll(layout, `registry.example/${name}`).replaceAll(`${folder}/`, '');
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${name}.json`), text);
}
