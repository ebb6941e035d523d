import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedRepository, generatedTags } from '../../test/fakes/registry/fill.ts';
import { measuredRun } from '../measured-run.ts';
import { type Counts, isSame, startRegistryProcess } from '../registry-process.ts';

/**
 * Monitors a load against a registry on this machine that runs as a process of its own: a cold cycle, those that read what
 * waits, and a steady one. Prints figures beside their targets; ends non-zero when a cycle asked for more than it needs.
 */
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, 'like-renovate': { type: 'boolean', default: false } },
});
const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'dist', 'cli', 'main.js');
if (!existsSync(main)) {
  process.stderr.write('dist/ is missing: run npm run -s build first\n');
  process.exit(2);
}

type Load = {
  readonly repositories: number;
  readonly listed: number;
  readonly used: number;
  readonly references: number;
};
const load: Load = options['like-renovate']
  ? { repositories: 100, listed: 50, used: 100, references: 1000 }
  : options.quick
    ? { repositories: 30, listed: 100, used: 160, references: 1000 }
    : { repositories: 150, listed: 100, used: 800, references: 10_000 };
const targets = { cold: '≤ 5 s', steady: '≤ 2 s', memory: '≤ 200 MB' };

const folder = mkdtempSync(join(tmpdir(), 'bench-monitor-'));
const registry = await startRegistryProcess({ repositories: load.repositories, tags: load.listed });
let isExact = true;
const steady: { readonly wallSeconds: number; readonly cpuSeconds: number }[] = [];
try {
  writeLoad(registry.host);
  process.stdout.write(
    `${load.references} references to ${load.used} tags in ${load.repositories} repositories of ${load.listed} tags each\n`,
  );
  const needed = { head: load.used, list: load.repositories, token: load.repositories, ping: 1 };
  await measure('cold', targets.cold, needed);
  for (let cycle = 2; ; cycle += 1) {
    const waiting = await measure(`cycle ${cycle}, reading what waits`, '', undefined);
    if (waiting === 0 && cycle > 2) break;
  }
  for (let round = 0; round < (options.quick ? 1 : 5); round += 1) await measure('steady', targets.steady, needed);
  const [wall, cpu] = [medianOf('wallSeconds'), medianOf('cpuSeconds')];
  process.stdout.write(`${'steady, median'.padEnd(30)}  ${wall.toFixed(2)} s, ${cpu.toFixed(2)} s of CPU\n`);
} finally {
  registry.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (!isExact) process.exitCode = 1;

/** One run of the real command. @returns how many contents wait. */
async function measure(what: string, target: string, needed: Counts | undefined): Promise<number> {
  const { code, stdout, wallSeconds, cpuSeconds, peakMegabytes } = await measuredRun(
    [main, 'monitor', 'tree', '--policy', 'policy.yaml', '--max-reads', '1000', '--json'],
    {
      cwd: folder,
      env: {
        BASEKEEPER_STATE: folder,
        BASEKEEPER_CACHE: join(folder, 'cache'),
        BASEKEEPER_CATALOG: 'shipped',
      },
    },
  );
  if (code !== 0) throw new Error(`monitor ended with ${code}`);
  const result = JSON.parse(stdout) as { readonly waiting: number; readonly verified: { readonly count: number } };
  const counts = await registry.counts();
  const asked = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  const isAsNeeded = needed === undefined || isSame(counts, needed);
  isExact &&= isAsNeeded && result.verified.count === load.used;
  if (what === 'steady') steady.push({ wallSeconds, cpuSeconds });
  const figures = `${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU, ${peakMegabytes} MB`;
  const aims = target === '' ? '' : `  (${target}, ${targets.memory})`;
  const verdict = isAsNeeded ? '' : `  NOT AS NEEDED: ${JSON.stringify(needed)}`;
  process.stdout.write(`${what.padEnd(30)}  ${figures}${aims}  ${asked.join(', ')}${verdict}\n`);
  return result.waiting;
}

function medianOf(figure: 'wallSeconds' | 'cpuSeconds'): number {
  const sorted = steady.map((one) => one[figure]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Twenty references a Dockerfile, the tags in use spread over all repositories. */
function writeLoad(host: string): void {
  const tags = generatedTags(load.listed);
  const used = Array.from({ length: load.used }, (_, at) => {
    const place = Math.floor(at / load.repositories);
    return `${host}/${generatedRepository(at % load.repositories)}:${tags[(place * 7) % tags.length]}`;
  });
  for (let file = 0; file * 20 < load.references; file += 1) {
    const path = join(folder, 'tree', `service-${file % 50}`, `part-${file}`);
    mkdirSync(path, { recursive: true });
    const lines = Array.from({ length: 20 }, (_, at) => `FROM ${used[(file * 20 + at) % used.length]} AS stage-${at}`);
    writeFileSync(join(path, 'Dockerfile'), `${lines.join('\n')}\n`);
  }
  const settings = 'private: true, insecure: true, maxInFlight: 64, requestsPerSecond: 1000';
  writeFileSync(join(folder, 'policy.yaml'), `version: 1\nregistries:\n  "${host}": { ${settings} }\n`);
}
