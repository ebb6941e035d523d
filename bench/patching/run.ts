import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { openLedger } from '../../src/adapters/store/open-store.ts';
import { loadCatalog } from '../../src/catalog/load.ts';
import type { History } from '../../test/fakes/history/history.ts';
import { smallHistory } from '../../test/fakes/history/small-history.ts';
import { someTags } from '../../test/fakes/history/some-tags.ts';
import { exposuresOf } from '../../test/fakes/patching/exposures.ts';
import type { FixList } from '../../test/fakes/patching/fix-list.ts';
import { paces } from '../../test/fakes/patching/patched-repository.ts';
import { PatchingChecks } from '../../test/fakes/patching/patching-checks.ts';
import { paceFigures, supplierFigures } from '../../test/fakes/patching/patching-figures.ts';
import { replayPatching } from '../../test/fakes/patching/replay-patching.ts';
import { comparePackages, type PackageComparison } from './compare-packages.ts';
import { type PatchingRun, patchingPage } from './patching-page.ts';

/** A year of real fixes through the real monitor, ledger and deadlines. Fails when what the ledger tells is not what happened. */
const root = join(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const data = process.env['BASEKEEPER_DATA'];
const file = join(data ?? '', 'tag-history.json.gz');
const isReal = data !== undefined && existsSync(file);
if (!isReal && !options.quick) {
  process.stderr.write('set BASEKEEPER_DATA to the folder that holds tag-history.json.gz and packages.json\n');
  process.exit(2);
}
const debianTag = /^debian:(?:bullseye|bookworm|trixie)(?:-202[56]\d{4})?(?:-slim)?$/;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const list = JSON.parse(readFileSync(join(import.meta.dirname, 'debian-fixes.json'), 'utf8')) as FixList;
const history = readHistory();
const images = isReal ? Object.keys(list.images) : ['debian:bookworm-slim'];
if (!isReal)
  process.stderr.write(
    'BASEKEEPER_DATA is not set: the fixes are real, the images are the small history of the tests; five of six images and the comparison with a real package list are left out\n',
  );

const from = '2025-08-20';
const until = options.quick ? '2025-11-20' : '2026-08-20';
const runs: PatchingRun[] = [];
for (const securityDelayDays of options.quick ? [0] : [0, 4])
  for (const stepDays of [1, 7]) runs.push(await run(stepDays, securityDelayDays));

const packages: readonly PackageComparison[] = isReal ? comparePackages(join(data, 'packages.json'), list) : [];
const page = patchingPage({ from, until, list, images, runs, packages });
process.stdout.write(page);
const failures = runs.flatMap((one) => one.failures);
for (const [property, examples] of Map.groupBy(failures, (one) => one.property))
  process.stderr.write(
    `broken ${examples.length} times: ${property}\n${examples
      .slice(0, 5)
      .map(({ example }) => `  ${example}\n`)
      .join('')}`,
  );
const isOther = packages.some(({ others }) => others.length > 1);
if (isOther) process.stderr.write('the list of fixes does not tell which packages were in an image of December 2024\n');
if (failures.length > 0 || isOther) process.exit(1);
if (!options.quick) writeFileSync(join(root, 'docs', 'patching-replay.md'), page);

function readHistory(): History {
  if (!isReal) return smallHistory();
  const all = JSON.parse(gunzipSync(readFileSync(file)).toString()) as History;
  // What is built on Debian's own images, and these by all the names that tell their day.
  return someTags(all, (name) => list.images[name] !== undefined || debianTag.test(name));
}

async function run(stepDays: number, securityDelayDays: number): Promise<PatchingRun> {
  const folder = mkdtempSync(join(tmpdir(), 'patching-'));
  const ledger = await openLedger(join(folder, 'ledger.sqlite'));
  const checks = new PatchingChecks(ledger.episodes);
  try {
    const replay = await replayPatching({
      ...{ history, list, ledger, folder, images, paces, catalog: loadCatalog() },
      from: Date.parse(`${from}T06:00:00Z`),
      until: Date.parse(`${until}T06:00:00Z`),
      stepMs: stepDays * dayMs,
      securityDelayMs: securityDelayDays * dayMs,
      onCycle: async (cycle) => {
        await checks.afterCycle(cycle);
        process.stderr.write(`\r${new Date(cycle.at).toISOString().slice(0, 10)} every ${stepDays} d `);
      },
    });
    const exposures = exposuresOf(replay, list);
    await checks.atEnd(replay, exposures);
    return {
      ...{ stepDays, securityDelayDays, cycles: replay.cycles.length, failures: checks.failures },
      paces: await paceFigures(replay, exposures, ledger.episodes),
      supplier: supplierFigures(exposures),
    };
  } finally {
    await ledger.store.close();
    rmSync(folder, { recursive: true });
    process.stderr.write('\n');
  }
}
