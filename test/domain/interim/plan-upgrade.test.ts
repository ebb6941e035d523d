import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReference } from '../../../src/domain/image/reference.ts';
import { planUpgrade } from '../../../src/domain/interim/plan-upgrade.ts';
import { isUpgradeCommand } from '../../../src/domain/interim/upgrade-command.ts';
import type { Finding } from '../../../src/domain/vulnerability/scan.ts';

function finding(packages: readonly string[], type: string, changed: Partial<Finding> = {}): Finding {
  return {
    ...{ id: 'CVE-2026-0001', sourcePackage: 'openssl', packages, installedVersion: '1', severity: 'critical' },
    ...{ severities: {}, status: 'fixed', fixedVersion: '3.0.17-1~deb12u3' },
    purls: packages.map((name) => `pkg:${type}/${name}@1`),
    ...changed,
  };
}

function planned(image: string, findings: readonly Finding[], user?: string) {
  const parsed = parseReference(image);
  assert.ok(parsed.kind === 'ok');
  return planUpgrade(findings, { reference: parsed.reference, user });
}

const mark = '# basekeeper interim CVE-2026-0001 openssl: remove when the base has 3.0.17-1~deb12u3';
const apt = (packages: string) =>
  `RUN apt-get update && apt-get install -y --no-install-recommends --only-upgrade ${packages} && rm -rf /var/lib/apt/lists/*`;

function writes(
  said: string,
  image: string,
  findings: readonly Finding[],
  lines: readonly string[],
  user?: string,
): void {
  test(`${image}: ${said}`, () => {
    const upgrade = planned(image, findings, user);
    assert.deepEqual(upgrade.lines, lines);
    assert.deepEqual(upgrade.left, []);
    assert.ok(isUpgradeCommand((upgrade.run ?? '').slice('RUN '.length)));
  });
}

const deb = finding(['openssl', 'libssl3'], 'deb/debian');

writes('its binary packages, sorted', 'debian:12-slim', [deb], [mark, apt('libssl3 openssl')]);
writes(
  'vulnerabilities of one package and version have one mark, others their own, and one RUN',
  'node:22-slim',
  [
    deb,
    finding(['libssl3'], 'deb/debian', { id: 'CVE-2026-0000' }),
    finding(['g++-12'], 'deb/debian', { id: 'CVE-2026-0009', sourcePackage: 'gcc-12', fixedVersion: '1:12.3-1' }),
  ],
  [
    '# basekeeper interim CVE-2026-0000, CVE-2026-0001 openssl: remove when the base has 3.0.17-1~deb12u3',
    '# basekeeper interim CVE-2026-0009 gcc-12: remove when the base has 1:12.3-1',
    apt('g++-12 libssl3 openssl'),
  ],
);
writes(
  'a lower bound, where the manager has one',
  'alpine:3.24',
  [finding(['libssl3', 'libcrypto3'], 'apk/alpine', { fixedVersion: '3.3.2-r1' })],
  [
    '# basekeeper interim CVE-2026-0001 openssl: remove when the base has 3.3.2-r1',
    "RUN apk add --no-cache --upgrade 'libcrypto3>=3.3.2-r1' 'libssl3>=3.3.2-r1'",
  ],
);
writes(
  'dnf by its name',
  'registry.access.redhat.com/ubi9/ubi:9.6',
  [finding(['openssl-libs'], 'rpm/redhat', { fixedVersion: '1:3.2.2-6.el9' })],
  [
    '# basekeeper interim CVE-2026-0001 openssl: remove when the base has 1:3.2.2-6.el9',
    'RUN dnf upgrade -y --setopt=install_weak_deps=False openssl-libs && dnf clean all',
  ],
);
writes(
  'microdnf by its name',
  'registry.access.redhat.com/ubi9-minimal:9.6',
  [finding(['openssl-libs'], 'rpm/redhat', { fixedVersion: '3.2.2-6.el9' })],
  [
    '# basekeeper interim CVE-2026-0001 openssl: remove when the base has 3.2.2-6.el9',
    'RUN microdnf upgrade -y --nodocs --setopt=install_weak_deps=0 openssl-libs && microdnf clean all',
  ],
);
writes(
  'as root, and as before behind it',
  'debian:12',
  [deb],
  ['USER root', mark, apt('libssl3 openssl'), 'USER node:node'],
  'node:node',
);
for (const root of ['', 'root', '0', '0:0'])
  writes(
    `no USER where it is ${root === '' ? 'root' : root}`,
    'debian:12',
    [deb],
    [mark, apt('libssl3 openssl')],
    root,
  );

for (const [image, found, said] of [
  ['gcr.io/distroless/base-debian12', deb, 'the image has no package manager'],
  ['ubuntu/dotnet-runtime:9.0-24.10_chiseled', deb, 'the image has no package manager'],
  ['registry.access.redhat.com/ubi9-micro', finding(['a'], 'rpm/redhat'), 'the image has no package manager'],
  ['opensuse/leap:15.6', finding(['a'], 'rpm/opensuse'), 'it is not known which package manager the image has'],
  ['node:22', finding(['semver'], 'npm'), 'it is no package of the system: it is upgraded where it is installed'],
  ['node:22', { ...deb, purls: [] }, 'its scan does not tell what kind of package it is'],
  ['debian:12', finding(['a; rm -rf /'], 'deb/debian'), '"a; rm -rf /" is no name that a package has'],
  ['debian:12', finding(['libssl3-'], 'deb/debian'), '"libssl3-" is no name that a package has'],
  ['debian:12', finding(['-o=Dir::Bin=x'], 'deb/debian'), '"-o=Dir::Bin=x" is no name that a package has'],
  ['alpine:3.24', finding(["a'$(id)'"], 'apk/alpine'), '"a\'$(id)\'" is no name that a package has'],
  ['debian:12', { ...deb, fixedVersion: '1\nRUN id' }, 'its scan names it in a form that no mark can have'],
  ['debian:12', { ...deb, packages: [] }, 'its scan names no package'],
] as const)
  test(`${image}: no line, since ${said}`, () => {
    const { lines, left } = planned(image, [found]);
    assert.deepEqual(lines, []);
    assert.deepEqual(
      left.map(({ reason }) => reason),
      [said],
    );
  });

test('a finding of another kind of package is told, and keeps none of the others from being written', () => {
  const other = finding(['Zlib'], 'apk/alpine', { id: 'CVE-2026-0002', sourcePackage: 'Zlib' });
  const { lines, left } = planned('debian:12', [deb, other]);
  assert.deepEqual(lines, [mark, apt('libssl3 openssl')]);
  assert.deepEqual(
    left.map(({ finding: { id }, reason }) => `${id}: ${reason}`),
    ['CVE-2026-0002: its scan tells another kind of package than that of CVE-2026-0001'],
  );
});

test('a user whose name cannot be written keeps the whole from being written', () => {
  const { lines, left } = planned('debian:12', [deb], 'x\nRUN id');
  assert.deepEqual([lines, left.length], [[], 1]);
});

for (const text of [
  'apt-get update && apt-get install -y --no-install-recommends --only-upgrade  && rm -rf /var/lib/apt/lists/*',
  'apt-get update && apt-get install -y --no-install-recommends --only-upgrade a && make && rm -rf /var/lib/apt/lists/*',
  "apk add --no-cache --upgrade 'a>=1' && id",
  'apt-get upgrade -y',
])
  test(`more than an upgrade alone, or less: ${text}`, () => assert.ok(!isUpgradeCommand(text)));
