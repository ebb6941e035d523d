import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import { startFakeRegistry } from '../../test/fakes/registry/fake-registry.ts';
import { measuredRun } from '../measured-run.ts';
import { baseImages } from './base-images.ts';
import { findTrivy } from './find-trivy.ts';
import { playedScanner, realScanner } from './scanners.ts';

/**
 * Scans the bases of a fleet against a registry on this machine: with nothing known, again, and with a newer database. Ends non-zero
 * when a content was scanned twice, or an image was downloaded to be matched anew. With a real Trivy (BASEKEEPER_TRIVY, else PATH)
 * the figures are those of a user; without one a program plays it, and they tell only what is ours.
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const main = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'main.js');
if (!existsSync(main)) {
  process.stderr.write('dist/ is missing: run npm run -s build first\n');
  process.exit(2);
}

const load = options.quick ? { repositories: 50, bases: 5 } : { repositories: 500, bases: 20 };
const now = '2026-11-25T08:00:00Z';

const folder = mkdtempSync(join(tmpdir(), 'bench-scan-'));
const registry = await startFakeRegistry();
const program = findTrivy();
const scanner = program === undefined ? playedScanner(folder) : realScanner(folder, program);
let isExact = true;
try {
  for (const [at, image] of baseImages(folder, load.bases, scanner.isReal).entries())
    registry.content.pushBuilt({ repository: `team/base-${at}`, tag: '1' }, image);
  writeLoad(new URL(registry.origin).host);
  process.stdout.write(`${load.repositories} repositories on ${load.bases} bases, ${scanner.about}\n`);
  scanner.putDatabase('first');
  await measure('nothing known', { scanned: load.bases, rematched: 0, kept: 0, reported: 0 });
  await measure('the same database', { scanned: 0, rematched: 0, kept: load.bases, reported: 0 });
  scanner.putDatabase('later');
  await measure('a newer database', { scanned: 0, rematched: load.bases, kept: 0, reported: 0 });
} finally {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
}
if (!isExact) process.exitCode = 1;

/** One run of the real command. */
async function measure(what: string, needed: NonNullable<MonitorResult['scans']>['contents']): Promise<void> {
  registry.log.clear();
  const args = ['monitor', '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--scan', '--now', now, '--json'];
  const { code, stdout, ...figures } = await measuredRun([main, ...args], {
    cwd: folder,
    env: {
      ...scanner.env,
      BASEKEEPER_STATE: folder,
      BASEKEEPER_CACHE: join(folder, 'cache'),
      BASEKEEPER_CATALOG: 'shipped',
    },
  });
  if (code !== 0) throw new Error(`monitor ended with ${code}`);
  const { scans } = JSON.parse(stdout) as MonitorResult;
  const contents = scans?.contents;
  const told = Object.entries(contents ?? {}).flatMap(([way, count]) => (count === 0 ? [] : [`${count} ${way}`]));
  // The registry counts a layer where it counts configs.
  const downloads = (registry.log.counts()['config'] ?? 0) > 0;
  const isAsNeeded = JSON.stringify(contents) === JSON.stringify(needed) && downloads === needed.scanned > 0;
  const uses = scans?.images.reduce((sum, image) => sum + image.uses.length, 0);
  isExact &&= isAsNeeded && uses === load.repositories * 2;
  const { wallSeconds, cpuSeconds, programsCpuSeconds, peakMegabytes } = figures;
  const spent = `${wallSeconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU and ${programsCpuSeconds.toFixed(1)} s of the scanner's, ${peakMegabytes} MB`;
  process.stdout.write(`${what.padEnd(18)}  ${spent}  ${told.join(', ')}${isAsNeeded ? '' : '  NOT AS NEEDED'}\n`);
}

/** A Dockerfile a repository, which builds on one base and ships on the next. */
function writeLoad(host: string): void {
  const base = (at: number) => `${host}/team/base-${at % load.bases}:1`;
  const names = Array.from({ length: load.repositories }, (_, at) => `service-${at}`);
  for (const [at, name] of names.entries()) {
    mkdirSync(join(folder, name));
    const text = `FROM ${base(at)} AS build\nFROM ${base(at + 1)}\nCOPY --from=build /a /a\n`;
    writeFileSync(join(folder, name, 'Dockerfile'), text);
  }
  writeFileSync(
    join(folder, 'fleet.yaml'),
    `version: 1\nrepositories:\n${names.map((name) => `  - path: ${name}\n`).join('')}`,
  );
  const settings = 'private: true, insecure: true, maxInFlight: 64, requestsPerSecond: 1000';
  writeFileSync(join(folder, 'policy.yaml'), `version: 1\nregistries:\n  "${host}": { ${settings} }\n`);
}
