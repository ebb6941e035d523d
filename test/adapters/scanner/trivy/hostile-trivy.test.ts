import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TrivyBounds } from '../../../../src/adapters/scanner/trivy/run-trivy.ts';
import { ScannerError, type ScannerErrorCode } from '../../../../src/ports/scanner.ts';
import { placeImage } from '../../../contracts/scanner.contract.ts';
import type { Mischief } from '../../../fakes/trivy-program/trivy-program.ts';
import { type PlayedTrivy, withTrivy } from './with-trivy.ts';

const refusal = (code: ScannerErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ScannerError, String(error));
  assert.match(error.message, message);
  assert.equal(error.code, code);
  return true;
};

function refusesScan(said: string, played: PlayedTrivy, code: ScannerErrorCode, message: RegExp): void {
  test(said, () =>
    withTrivy(played, async (scanner, _fake, home) => {
      await assert.rejects(scanner.scan(placeImage(home, 'old')), refusal(code, message));
    }),
  );
}

const small: Partial<TrivyBounds> = { maxReportBytes: 20_000 };
const brief: Partial<TrivyBounds> = { timeoutMs: 3000 };

for (const [command, mischief, bounds, code, message] of [
  [
    'image',
    'hangs',
    brief,
    'late',
    /^cannot scan registry\.example\/old:1: Trivy was ended after 3 s; run it by hand to see what takes so long$/,
  ],
  ['convert', 'hangs', brief, 'late', /Trivy was ended after 3 s; run it by hand to see what takes so long$/],
  [
    'image',
    'crashes',
    {},
    'crashed',
    /Trivy was ended by another \(“FATAL panic: out of ideas, token undefined at http:\/\/…@proxy\/”\)$/,
  ],
  ['image', 'says nothing', {}, 'crashed', /Trivy ended with exit code 0$/],
  ['image', 'lacks a database', {}, 'database', /exit code 1 \(“.*The first run cannot skip downloading DB”\)$/],
  [
    'image',
    'writes half',
    {},
    'malformed',
    /what Trivy wrote is no whole JSON document; Trivy ended with exit code 0$/,
  ],
  ['convert', 'writes half an inventory', {}, 'malformed', /is no whole CycloneDX document/],
  ['image', 'writes for ever', small, 'too-large', /Trivy was ended, for it wrote more than 20000 bytes$/],
  ['convert', 'writes for ever', small, 'too-large', /Trivy was ended, for it wrote more than 20000 bytes$/],
  ['image', 'writes 10 GB', small, 'too-large', /wrote more than 20000 bytes$/],
  [
    'image',
    'takes memory for ever',
    { maxMemoryBytes: 400_000_000 },
    'too-large',
    /Trivy was ended, for it took more than 400000000 bytes of memory; an image that makes it do so may be made for that$/,
  ],
  ['image', 'prints for ever', {}, 'too-large', /printed more than/],
  ['image', 'tells of another', {}, 'malformed', /what Trivy wrote is of something else than it was given/],
  ['image', 'writes another format', {}, 'malformed', /what Trivy wrote is/],
  ['image', 'links to a secret', {}, 'crashed', /exit code 0$/],
  ['image', 'writes a pipe', {}, 'crashed', /exit code 0$/],
  ['image', 'sees a renewal', {}, 'database', /the database was renewed meanwhile, twice; try again$/],
  ['version', 'says nothing', {}, 'crashed', /^cannot ask Trivy for its version: .*, and told none$/],
  ['version', 'prints for ever', {}, 'too-large', /printed more than/],
  ['download', 'lacks a database', {}, 'database', /renew Trivy's database: .* name a mirror in TRIVY_DB_REPOSITORY/],
  ['download', 'says nothing', {}, 'database', /Trivy has no database with a date in /],
] as const satisfies readonly (readonly [string, Mischief, Partial<TrivyBounds>, ScannerErrorCode, RegExp])[])
  refusesScan(
    `Trivy that ${mischief} at ${command} is ${code}`,
    { state: { mischief: { [command]: mischief } }, bounds },
    code,
    message,
  );

refusesScan('a disk without room is not filled', { bounds: { minFreeBytes: 2 ** 60 } }, 'too-large', /make room in /);

refusesScan(
  'a release that stole credentials is not used',
  { state: { version: '0.69.4' } },
  'missing',
  /GHSA-69fq-xp46-6x23\): replace it/,
);

test('the exit code does not decide where there is a whole report', () =>
  withTrivy({ state: { mischief: { image: 'exits with 1', convert: 'exits with 1' } } }, async (scanner, _, home) => {
    const { scan } = await scanner.scan(placeImage(home, 'old'));
    assert.equal(scan.findings.length, 4);
  }));

test('what it started ends with it, whether it was ended or ended by itself', async () => {
  for (const mischief of ['hangs', 'leaves a child'] as const)
    await withTrivy({ state: { mischief: { image: mischief } }, bounds: brief }, async (scanner, fake, home) => {
      const ended = scanner.scan(placeImage(home, 'old'));
      if (mischief === 'hangs') await assert.rejects(ended);
      else await ended;
      await fake.childEnded();
    });
});

test('a child that left the group is not waited for', () =>
  withTrivy(
    { state: { mischief: { image: 'leaves a child in a session of its own' } }, bounds: { timeoutMs: 60_000 } },
    async (scanner, fake, home) => {
      const { scan } = await scanner.scan(placeImage(home, 'old'));
      assert.equal(scan.findings.length, 4);
      fake.endChild();
    },
  ));

test('a database that is renewed meanwhile is used for the whole of a scan', () =>
  withTrivy({ state: { mischief: { image: 'sees one renewal' } } }, async (scanner, fake, home) => {
    const { scan } = await scanner.scan(placeImage(home, 'old'));
    assert.equal(scan.databaseAt, '2026-11-25T01:00:00Z');
    assert.deepEqual(fake.runs(), ['version', 'download', 'image', 'image', 'convert']);
  }));

test('version and database are asked once for all scans, and not fetched where a person says so', async () => {
  await withTrivy({}, async (scanner, fake, home) => {
    const image = placeImage(home, 'old');
    const { inventory = '' } = await scanner.scan(image);
    await scanner.scan(image);
    await scanner.rematch(inventory);
    assert.deepEqual(fake.runs(), ['version', 'download', 'image', 'convert', 'image', 'convert', 'sbom']);
  });
  await withTrivy({ isKept: true }, async (scanner, fake, home) => {
    mkdirSync(join(home, 'cache', 'db'), { recursive: true });
    writeFileSync(join(home, 'cache', 'db', 'metadata.json'), '{"UpdatedAt":"2026-11-20T00:00:00Z"}');
    assert.equal((await scanner.describe()).databaseAt, Date.parse('2026-11-20T00:00:00Z'));
    assert.deepEqual(fake.runs(), ['version']);
  });
});

test('to look at it fetches nothing', () =>
  withTrivy({}, async (scanner, fake) => {
    assert.deepEqual(await scanner.inspect(), { version: '0.68.2', place: fake.path });
    assert.deepEqual(fake.runs(), ['version']);
  }));

test('it gets no token of a forge and no variable that takes findings out, and its own secrets are told to nobody', () => {
  const secrets = { TRIVY_TOKEN: 'hunter2-hunter2', TRIVY_DB_REPOSITORY: 'mirror.corp.example/trivy-db' };
  const others = { GITHUB_TOKEN: 'ghp_x', GITLAB_TOKEN: 'glpat-x', AWS_SECRET_ACCESS_KEY: 'x', TRIVY_SEVERITY: 'LOW' };
  const hidden = { TRIVY_IGNOREFILE: '/x', TRIVY_VEX: '/x', TRIVY_CONFIG: '/x', NODE_OPTIONS: '--inspect', CI: 'true' };
  const played = {
    variables: { ...secrets, ...others, ...hidden },
    state: { mischief: { image: 'crashes' } },
  } as const;
  return withTrivy(played, async (scanner, fake, home) => {
    await assert.rejects(
      scanner.scan(placeImage(home, 'old')),
      refusal('crashed', /out of ideas, token … at http:\/\/…@proxy\/”\)$/),
    );
    const got = fake.environment();
    assert.deepEqual(
      Object.keys({ ...others, ...hidden }).filter((name) => name in got),
      [],
    );
    assert.equal(got['TRIVY_DB_REPOSITORY'], secrets.TRIVY_DB_REPOSITORY);
    assert.equal(got['TRIVY_DISABLE_TELEMETRY'], 'true');
  });
});
