import { createHash } from 'node:crypto';
import { alpineLayer, debianLayer, type Layer } from '../../test/fakes/os-image/os-image.ts';
import type { Advisory } from '../../test/fakes/trivy-db/trivy-db.ts';

const debian = (release: string, ...packages: readonly [name: string, version: string, source?: string][]) =>
  debianLayer(
    release,
    packages.map(([name, version, source]) => ({ name, version, ...(source === undefined ? {} : { source }) })),
  );

/** What the bases of the demo hold, by repository and tag. No program is in them: nothing but what a scanner and a scale look at. */
export const bases: Readonly<Record<string, Readonly<Record<string, Layer>>>> = {
  'library/debian': {
    'bookworm-20261005-slim': {
      ...debian('12.12', ['libssl3', '3.0.17-1~deb12u2', 'openssl'], ['zlib1g', '1:1.2.13.dfsg-1', 'zlib']),
      'usr/lib/content': incompressible(9_000_000),
      'usr/share/doc/content': incompressible(4_000_000),
    },
    'bookworm-20261116-slim': {
      ...debian('12.13', ['libssl3', '3.0.17-1~deb12u3', 'openssl'], ['zlib1g', '1:1.2.13.dfsg-1', 'zlib']),
      'usr/lib/content': incompressible(9_000_000),
    },
  },
  'library/python': {
    '3.14.1-slim-bookworm': debian('12.12', ['libexpat1', '2.5.0-1+deb12u1', 'expat']),
    '3.14.2-slim-bookworm': debian('12.13', ['libexpat1', '2.5.0-1+deb12u2', 'expat']),
  },
  'library/node': { '24.11.0-alpine3.22': alpineLayer('3.22.2', [{ name: 'c-ares', version: '1.34.5-r0' }]) },
  'library/nginx': { '1.28.0': debian('12.12', ['libcurl4', '7.88.1-10+deb12u12', 'curl']) },
  'library/ruby': { '3.4.7-slim-bookworm': debian('12.12', ['libyaml-0-2', '0.2.5-1', 'libyaml']) },
};

/** Nobody has found these: whatever the demo shows as fixed is fixed in its own bases alone. */
const system = 'debian 12';
const first: readonly Advisory[] = [
  { system, id: 'DEMO-2026-0001', sourcePackage: 'openssl', fixedVersion: '3.0.17-1~deb12u3', severity: 'CRITICAL' },
  { system, id: 'DEMO-2026-0002', sourcePackage: 'openssl', fixedVersion: '3.0.17-1~deb12u3', severity: 'HIGH' },
  { system, id: 'DEMO-2026-0003', sourcePackage: 'zlib', severity: 'HIGH' },
  { system, id: 'DEMO-2026-0004', sourcePackage: 'expat', fixedVersion: '2.5.0-1+deb12u2', severity: 'CRITICAL' },
  // Fixed, and in no base.
  {
    ...{ system: 'alpine 3.22', id: 'DEMO-2026-0005', sourcePackage: 'c-ares' },
    ...{ fixedVersion: '1.34.6-r0', severity: 'CRITICAL' },
  },
  { system, id: 'DEMO-2026-0006', sourcePackage: 'libyaml', fixedVersion: '0.2.5-1+deb12u1', severity: 'HIGH' },
];

/** What the database of the second day knows besides: a fix that no base has yet. */
const second: Advisory = {
  ...{ system, id: 'DEMO-2026-0007', sourcePackage: 'curl' },
  ...{ fixedVersion: '7.88.1-10+deb12u14', severity: 'HIGH' },
};

export const databases = {
  first: { advisories: first, updatedAt: '2026-11-25T04:00:00Z' },
  second: { advisories: [...first, second], updatedAt: '2026-11-26T04:00:00Z' },
} as const;

/** The same for everybody; text, since layers of the demo are. */
function incompressible(length: number): string {
  const parts: string[] = [];
  for (let at = 0; parts.length * 86 < length; at++)
    parts.push(createHash('sha512').update(`${length} ${at}`).digest('base64url'));
  return parts.join('').slice(0, length);
}
