import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { loadCatalog } from '../../src/catalog/load.ts';
import { chooseSample } from '../../test/fakes/history/choose-sample.ts';
import { Figures } from '../../test/fakes/history/figures.ts';
import type { Follower } from '../../test/fakes/history/follower.ts';
import type { History } from '../../test/fakes/history/history.ts';
import { replay } from '../../test/fakes/history/replay.ts';
import type { TagWorld } from '../../test/fakes/history/tag-world.ts';
import { replayPage } from './replay-page.ts';

/** Three years of real history, cycle by cycle, through the real monitor. Fails when a promise is broken. */
const root = join(import.meta.dirname, '..', '..');
const data = process.env['BASEKEEPER_DATA'];
const file = join(data ?? '', 'tag-history.json.gz');
const dayMs = 86_400_000;
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

if (data === undefined || !existsSync(file)) {
  process.stderr.write('set BASEKEEPER_DATA to the folder that holds tag-history.json.gz\n');
  process.exit(2);
}

// The file of the named source, in the form that history.ts tells.
const history = JSON.parse(gunzipSync(readFileSync(file)).toString()) as History;
const few = new Set('debian alpine node python golang nginx postgres eclipse-temurin'.split(' '));
const chooseFew = (world: TagWorld): readonly Follower[] =>
  chooseSample(world).filter(({ repository }) => few.has(repository));

const weekly = await run({
  from: '2023-08-01',
  until: options.quick ? '2023-11-01' : '2026-08-20',
  stepDays: 7,
  choose: chooseSample,
});
const short = { from: '2025-08-20', until: options.quick ? '2025-09-20' : '2026-08-20', choose: chooseFew };
const weeklyOfFew = await run({ ...short, stepDays: 7 });
const dailyOfFew = await run({ ...short, stepDays: 1 });

const page = replayPage({
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`,
  weekly,
  weeklyOfFew,
  dailyOfFew,
});
process.stdout.write(page);
const failures = [weekly, weeklyOfFew, dailyOfFew].flatMap(({ figures }) => [...figures.failures]);
for (const [property, examples] of failures)
  process.stderr.write(`broken ${examples.length} times: ${property}\n  ${examples.slice(0, 5).join('\n  ')}\n`);
if (failures.length > 0) process.exit(1);
if (!options.quick) writeFileSync(join(root, 'docs', 'replay.md'), page);

async function run({
  from,
  until,
  stepDays,
  choose,
}: {
  readonly from: string;
  readonly until: string;
  readonly stepDays: number;
  readonly choose: (world: TagWorld) => readonly Follower[];
}) {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  const store = await openStore(join(folder, 'ledger.sqlite'));
  const figures = new Figures();
  const start = performance.now();
  try {
    await replay({
      history,
      catalog: loadCatalog(),
      store,
      from: Date.parse(`${from}T00:00:00Z`),
      until: Date.parse(`${until}T00:00:00Z`),
      stepMs: stepDays * dayMs,
      choose,
      onCycle: (cycle) => {
        figures.add(cycle);
        process.stderr.write(`\r${new Date(cycle.at).toISOString().slice(0, 10)} every ${stepDays} d `);
      },
    });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
  process.stderr.write('\n');
  return { from, until, figures, seconds: (performance.now() - start) / 1000 };
}
