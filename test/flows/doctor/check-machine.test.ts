import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkCache,
  checkCatalog,
  checkCredentials,
  checkGit,
  checkLedger,
  checkProxies,
  checkScanner,
  checkTrivy,
} from '../../../src/flows/doctor/check-machine.ts';
import type { DoctorCheck } from '../../../src/flows/doctor/doctor-result.ts';
import { ScannerError } from '../../../src/ports/scanner.ts';

function tells(check: DoctorCheck | undefined, state: string, says: string, remedy: string | null = null): void {
  assert.deepEqual([check?.state, check?.says, check?.remedy], [state, says, remedy]);
}

for (const [proxies, state, says] of [
  [{}, 'ok', 'none is set: hosts are asked directly'],
  [{ https: 'proxy.corp:3128' }, 'ok', 'proxy.corp:3128'],
  [
    { https: 'http://me:hunter2@proxy.corp:3128/', no: '.corp,10.0.0.0/8' },
    'ok',
    'proxy.corp:3128; asked directly: .corp,10.0.0.0/8',
  ],
  [{ http: 'socks5://me:hunter2@proxy.corp' }, 'warn', 'is no http or https address'],
  [{ http: 'http://:hunter2@' }, 'warn', 'is no http or https address'],
] as const) {
  test(`${JSON.stringify(proxies)} is told without a password`, () => {
    const [check] = checkProxies(proxies);
    tells(check, state, says, state === 'warn' ? 'write it as http://host:port' : null);
    assert.ok(!JSON.stringify(check).includes('hunter2'));
  });
}

test('credentials are told by file and helper', () => {
  assert.deepEqual(
    checkCredentials([]).map(({ state, says }) => [state, says]),
    [['ok', 'no file and no helper: registries are asked anonymously']],
  );
  const [file, store, broken] = checkCredentials([
    { source: 'f', hosts: ['a.example', 'b.example/x'], problems: [] },
    { source: 'h', hosts: ['*'], problems: [] },
    { source: 'g', hosts: ['c.example'], problems: ['g, d.example: "auth" is not base64; log in again'] },
  ]);
  tells(file, 'ok', 'for a.example, b.example/x');
  tells(store, 'ok', 'for every other host');
  tells(broken, 'warn', 'for c.example; g, d.example: "auth" is not base64; log in again');
});

test('programs are told with their version', () => {
  const found = { kind: 'found', path: '/bin/x', version: '1.2' } as const;
  const broken = { kind: 'broken', path: '/bin/x', reason: 'exit code 4' } as const;
  const missing = { kind: 'missing' } as const;
  tells(checkGit(found), 'ok', '1.2 at /bin/x');
  tells(checkGit(broken), 'warn', '/bin/x told no version (exit code 4)', 'install it anew');
  tells(checkGit(missing), 'warn', 'not on PATH', 'install it: --changed-since and remote repositories need it');
  tells(checkScanner('grype', found), 'ok', '1.2 at /bin/x; no command needs it yet');
  tells(
    checkScanner('grype', broken),
    'warn',
    '/bin/x told no version (exit code 4); no command needs it yet',
    'install it anew',
  );
  tells(checkScanner('grype', missing), 'ok', 'not on PATH; no command needs it yet');
});

const now = Date.parse('2026-11-25T12:00:00Z');
const installed = (version: string, hours?: number) =>
  checkTrivy(
    {
      kind: 'installed',
      scanner: {
        version,
        place: '/bin/trivy',
        ...(hours === undefined ? {} : { databaseAt: now - hours * 3_600_000 }),
      },
    },
    now,
  );

test('Trivy is told with its version beside the tested one, and a release that stole credentials with what to do', () => {
  tells(installed('0.68.2')[0], 'ok', '0.68.2 at /bin/trivy');
  tells(installed('v0.70.0')[0], 'ok', 'v0.70.0 at /bin/trivy; 0.68.2 is the one that is tested');
  tells(
    installed('0.69.4')[0],
    'warn',
    '0.69.4 at /bin/trivy',
    'release 0.69.4 stole credentials (GHSA-69fq-xp46-6x23): replace it, and renew every secret that it could read',
  );
});

test('a database is told with its age, and is stale after two days', () => {
  tells(installed('0.68.2')[1], 'ok', 'none yet: the first scan fetches it');
  tells(installed('0.68.2', 1)[1], 'ok', 'of 2026-11-25T11:00:00Z, 1 hour old');
  tells(installed('0.68.2', 48)[1], 'ok', 'of 2026-11-23T12:00:00Z, 48 hours old');
  tells(
    installed('0.68.2', 49)[1],
    'warn',
    'of 2026-11-23T11:00:00Z, 49 hours old: scans prove nothing',
    'let a scan renew it, or see why its server or mirror is behind',
  );
});

test('no Trivy is no fault until somebody names one', () => {
  const error = new ScannerError('missing', 'no trivy on PATH: install it');
  const failed = (isNamed: boolean) => checkTrivy({ kind: 'failed', error, isNamed }, now)[0];
  tells(failed(false), 'ok', 'no trivy on PATH: install it; only scans of images need it');
  tells(failed(true), 'warn', 'no trivy on PATH: install it');
});

test('an unusable ledger is a problem, an unusable cache a warning', () => {
  const path = '/s/ledger';
  const unusable = { kind: 'unusable', path, reason: 'it is broken' } as const;
  tells(
    checkLedger({ kind: 'ledger', path, version: 2, sizeBytes: 2_400_000 }),
    'ok',
    'version 2, 2.4 MB, at /s/ledger',
  );
  tells(checkLedger({ kind: 'absent', path }), 'ok', 'none yet; basekeeper monitor makes /s/ledger');
  tells(checkLedger(unusable), 'problem', 'it is broken', 'mend it, or set BASEKEEPER_STATE to another folder');
  tells(
    checkLedger({ kind: 'homeless' }),
    'warn',
    'there is no home folder to keep it in',
    'set BASEKEEPER_STATE to a folder',
  );
  const cache = { kind: 'cache', path: '/c', files: 7, sizeBytes: 999 } as const;
  tells(checkCache({ ...cache, isCountedWhole: true }), 'ok', '7 files, 999 bytes, at /c');
  tells(checkCache({ ...cache, isCountedWhole: false }), 'ok', 'more than 7 files, 999 bytes, at /c');
  tells(checkCache(unusable), 'warn', 'it is broken', 'mend it, or set BASEKEEPER_CACHE to another folder');
});

test('a stale catalog is a warning', () => {
  const overview = {
    asOf: '2026-08-22',
    sources: [],
    counts: { repositories: 0, retired: 0, products: 0, vendors: 0 },
  };
  tells(
    checkCatalog({ ...overview, ageDays: 1, isStale: false, isRenewed: false, notes: [] }),
    'ok',
    'of 2026-08-22, 1 day old',
  );
  tells(
    checkCatalog({ ...overview, ageDays: 93, isStale: true, isRenewed: false, notes: [] }),
    'warn',
    'of 2026-08-22, 93 days old',
    'update basekeeper',
  );
});
