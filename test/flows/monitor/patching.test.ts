import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openLedger } from '../../../src/adapters/store/open-store.ts';
import { loadCatalog } from '../../../src/catalog/load.ts';
import type { Failure } from '../../fakes/history/candidate-checks.ts';
import { smallHistory } from '../../fakes/history/small-history.ts';
import { someTags } from '../../fakes/history/some-tags.ts';
import { type Exposure, exposuresOf } from '../../fakes/patching/exposures.ts';
import type { FixList } from '../../fakes/patching/fix-list.ts';
import { paces } from '../../fakes/patching/patched-repository.ts';
import { PatchingChecks } from '../../fakes/patching/patching-checks.ts';
import { type PaceFigures, paceFigures, supplierFigures } from '../../fakes/patching/patching-figures.ts';
import { replayPatching } from '../../fakes/patching/replay-patching.ts';

const dayMs = 86_400_000;

/** In the small history debian:bookworm-slim is made on 2025-09-15, 2025-10-20, 2025-11-24. */
const list: FixList = {
  source: 'written for this test',
  made: '2026-11-26',
  images: { 'debian:bookworm-slim': { release: 'bookworm', base: ['openssl', 'zlib'], sources: ['openssl', 'zlib'] } },
  releases: {
    bookworm: {
      pointReleases: ['2025-10-18'],
      missing: [],
      uploads: [
        // Made for the base of the same day, and too late for it.
        fix('openssl', '3', '2025-10-20T08:00:00Z', 'security', ['CVE-2025-0003']),
        fix('openssl', '2', '2025-10-01T08:00:00Z', 'security', ['CVE-2025-0001', 'CVE-2025-0002']),
        fix('zlib', '2', '2025-09-20T08:00:00Z', 'point', ['CVE-2025-0004']),
        // Named once more: it counts for the first.
        fix('zlib', '3', '2025-10-02T08:00:00Z', 'point', ['CVE-2025-0004']),
      ],
    },
  },
};

function fix(
  source: string,
  version: string,
  at: string,
  suite: 'security' | 'point',
  cves: readonly string[],
): FixList['releases'][string]['uploads'][number] {
  return { source, version, at, suite, cves };
}

let failures: readonly Failure[] = [];
let exposures: readonly Exposure[] = [];
let figures: readonly PaceFigures[] = [];

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patching-'));
  const ledger = await openLedger(join(folder, 'ledger.sqlite'));
  const checks = new PatchingChecks(ledger.episodes);
  try {
    const replay = await replayPatching({
      ...{ list, ledger, folder, paces, catalog: loadCatalog() },
      history: someTags(smallHistory(), (name) => name.startsWith('debian:')),
      images: ['debian:bookworm-slim'],
      from: Date.parse('2025-09-25T06:00:00Z'),
      until: Date.parse('2025-12-08T06:00:00Z'),
      stepMs: dayMs,
      securityDelayMs: 0,
      onCycle: (cycle) => checks.afterCycle(cycle),
    });
    exposures = exposuresOf(replay, list);
    await checks.atEnd(replay, exposures);
    failures = checks.failures;
    figures = await paceFigures(replay, exposures, ledger.episodes);
  } finally {
    await ledger.store.close();
    rmSync(folder, { recursive: true });
  }
});
after(() => assert.equal(exposures.length, 9));

test('what the ledger tells is what happened', () => assert.deepEqual(failures, []));

for (const [pace, version, mendedAt] of [
  ['at once', 'openssl 2', '2025-10-21T06:02:00Z'],
  ['at once', 'openssl 3', '2025-11-25T06:02:00Z'],
  ['24 h to merge, 24 h to release', 'openssl 2', '2025-10-23T06:00:00Z'],
  ['merged on Mondays, 24 h to release', 'openssl 2', '2025-10-28T09:00:00Z'],
  ['at once', 'zlib 2', '2025-10-21T06:02:00Z'],
] as const)
  test(`${version} is mended at ${mendedAt} by a team that works ${pace}`, () => {
    const found = exposures.find(
      ({ repository, fix: { source, version: own } }) =>
        repository.pace.name === pace && `${source} ${own}` === version,
    );
    assert.equal(found?.mendedAt, Date.parse(mendedAt));
  });

test('shares count fixes, the program counts episodes', () => {
  const [atOnce] = figures;
  assert.deepEqual([atOnce?.fixes, atOnce?.episodes, atOnce?.unseen, atOnce?.open], [3, 4, 0, 0]);
  assert.deepEqual(atOnce?.fromFix, { '48 h': 0, '7 d': 1 / 3, '30 d': 2 / 3 });
});

test("the supplier's time is that of images, whoever uses them", () => {
  const [all, security, point] = supplierFigures(exposures);
  assert.deepEqual([all?.of, security?.of, point?.of], [3, 2, 1]);
  assert.equal(point?.median, 2);
});
