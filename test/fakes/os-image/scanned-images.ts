import type { Advisory } from '../trivy-db/trivy-db.ts';
import { debianLayer, type Layer } from './os-image.ts';

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

export type ScannedImageName = keyof typeof scannedImages;

/** The images that the reports in test/fixtures/scans are of: written again, they have the same digests. */
export const scannedImages = {
  old: { layers: [debianLayer('12.9', old)], user: '' },
  new: { layers: [debianLayer('12.12', fresh)], user: '65532' },
  'app-on-old': { layers: [debianLayer('12.9', old), app], user: '' },
  scratch: { layers: [app], user: '' },
  'end-of-life': { layers: [debianLayer('8.11', old)], user: '' },
} as const;

const debian = { system: 'debian 12' } as const;

/** The database that these reports were made with. */
export const firstDatabase = {
  updatedAt: '2026-11-25T00:00:00Z',
  advisories: [
    {
      ...debian,
      sourcePackage: 'openssl',
      id: 'CVE-2026-0001',
      fixedVersion: '3.0.17-1~deb12u3',
      severity: 'CRITICAL',
    },
    { ...debian, sourcePackage: 'openssl', id: 'CVE-2026-0002', severity: 'LOW' },
    {
      ...debian,
      sourcePackage: 'curl',
      id: 'CVE-2026-0003',
      fixedVersion: '7.88.1-10+deb12u14',
      severity: 'HIGH',
    },
    { ...debian, sourcePackage: 'perl', id: 'CVE-2026-0004', fixedVersion: '5.36.0-7+deb12u3', severity: 'HIGH' },
    { ...debian, sourcePackage: 'xz-utils', id: 'CVE-2026-0005', fixedVersion: '5.4.1-2', severity: 'MEDIUM' },
  ],
} as const satisfies Database;

/** The next one: it knows one more of tar. */
export const laterDatabase: Database = {
  updatedAt: '2026-11-25T06:00:00Z',
  advisories: [
    ...firstDatabase.advisories,
    {
      ...debian,
      sourcePackage: 'tar',
      id: 'CVE-2026-0006',
      fixedVersion: '1.34+dfsg-1.2+deb12u2',
      severity: 'CRITICAL',
    },
  ],
};

export type Database = { readonly updatedAt: string; readonly advisories: readonly Advisory[] };
