import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianLayer, type Layer, writeLayout } from '../../test/fakes/os-image/os-image.ts';
import { writeTrivyDb } from '../../test/fakes/trivy-db/trivy-db.ts';

/** Makes the reports in test/fixtures/scans with a real Trivy: `node scripts/scans/make-reports.ts TRIVY`. */
const [, , trivy = 'trivy'] = process.argv;
const target = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'scans');
const folder = mkdtempSync(join(tmpdir(), 'scans-'));

const old = [
  { name: 'libssl3', version: '3.0.17-1~deb12u2', source: 'openssl' },
  { name: 'openssl', version: '3.0.17-1~deb12u2' },
  { name: 'curl', version: '7.88.1-10+deb12u12' },
  { name: 'perl-base', version: '5.36.0-7+deb12u2', source: 'perl' },
  { name: 'tar', version: '1.34+dfsg-1.2+deb12u1' },
];
const fresh = [
  { name: 'libssl3', version: '3.0.17-1~deb12u3', source: 'openssl' },
  { name: 'openssl', version: '3.0.17-1~deb12u3' },
  { name: 'perl-base', version: '5.36.0-7+deb12u2', source: 'perl' },
  { name: 'tar', version: '1.34+dfsg-1.2+deb12u1' },
  { name: 'xz-utils', version: '5.4.1-1' },
];
const app: Layer = { 'usr/local/bin/app': 'an app' };
const images: Readonly<Record<string, readonly Layer[]>> = {
  old: [debianLayer('12.9', old)],
  new: [debianLayer('12.12', fresh)],
  'app-on-old': [debianLayer('12.9', old), app],
  scratch: [app],
  'end-of-life': [debianLayer('8.11', old)],
};

const database = writeTrivyDb(
  [
    {
      system: 'debian 12',
      sourcePackage: 'openssl',
      id: 'CVE-2026-0001',
      fixedVersion: '3.0.17-1~deb12u3',
      severity: 'CRITICAL',
    },
    { system: 'debian 12', sourcePackage: 'openssl', id: 'CVE-2026-0002', severity: 'LOW' },
    {
      system: 'debian 12',
      sourcePackage: 'curl',
      id: 'CVE-2026-0003',
      fixedVersion: '7.88.1-10+deb12u14',
      severity: 'HIGH',
    },
    {
      system: 'debian 12',
      sourcePackage: 'perl',
      id: 'CVE-2026-0004',
      fixedVersion: '5.36.0-7+deb12u3',
      severity: 'HIGH',
    },
    {
      system: 'debian 12',
      sourcePackage: 'xz-utils',
      id: 'CVE-2026-0005',
      fixedVersion: '5.4.1-2',
      severity: 'MEDIUM',
    },
  ],
  '2026-11-25T00:00:00Z',
);
mkdirSync(join(folder, 'cache', 'db'), { recursive: true });
writeFileSync(join(folder, 'cache', 'db', 'trivy.db'), database.database);
writeFileSync(join(folder, 'cache', 'db', 'metadata.json'), database.metadata);
writeFileSync(join(folder, 'ignore'), 'CVE-2026-0001\n');

for (const [name, layers] of Object.entries(images)) scan(name, layers, []);
scan('suppressed', images['old'] ?? [], ['--ignorefile', join(folder, 'ignore'), '--show-suppressed']);
rmSync(folder, { recursive: true });

function scan(name: string, layers: readonly Layer[], more: readonly string[]): void {
  const layout = join(folder, name);
  writeLayout(layout, layers, name === 'new' ? '65532' : '');
  const report = join(folder, `${name}.json`);
  const silent = [
    '--skip-db-update',
    '--skip-java-db-update',
    '--offline-scan',
    '--skip-version-check',
    '--disable-telemetry',
  ];
  const args = [
    'image',
    '--input',
    layout,
    '--format',
    'json',
    '--scanners',
    'vuln',
    '--cache-dir',
    join(folder, 'cache'),
  ];
  execFileSync(trivy, [...args, ...silent, ...more, '-o', report], { stdio: ['ignore', 'ignore', 'inherit'] });
  // Names of the machine that it was made on are no part of it.
  const text = readFileSync(report, 'utf8').replaceAll(layout, `registry.example/${name}`).replaceAll(`${folder}/`, '');
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${name}.json`), text);
}
