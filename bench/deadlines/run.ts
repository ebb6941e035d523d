import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLedger } from '../../src/adapters/store/open-store.ts';
import { frozenNumbers } from '../../src/domain/deadline/closed-episode.ts';
import { defaultDeadlineSettings } from '../../src/domain/deadline/deadline-settings.ts';
import type { EpisodeEvent, RecordedEvent } from '../../src/domain/deadline/episode.ts';
import { measuredRun } from '../measured-run.ts';

/** Reports over a ledger with a million events, as a user runs them. Prints figures beside their targets; judges nothing. */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'dist', 'cli', 'main.js');
if (!existsSync(main)) {
  process.stderr.write('dist/ is missing: run npm run -s build first\n');
  process.exit(2);
}

const hourMs = 3_600_000;
const now = Date.UTC(2026, 10, 25);
const yearMs = 365 * 24 * hourMs;
const severities = ['critical', 'high', 'medium', 'low'] as const;
const wanted = options.quick ? 50_000 : 1_000_000;

const folder = mkdtempSync(join(tmpdir(), 'bench-deadlines-'));
try {
  const start = performance.now();
  const filled = await fill(join(folder, 'ledger.sqlite'));
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(
    `${filled.events} events of ${filled.episodes} episodes, ${filled.open} open, written in ${seconds.toFixed(0)} s\n`,
  );
  writeFileSync(join(folder, 'policy.yaml'), 'version: 1\n');
  const at = ['--policy', 'policy.yaml', '--now', new Date(now).toISOString()];
  const year = ['--since', new Date(now - yearMs).toISOString()];
  for (const args of [
    ['deadlines'],
    ['report'],
    ['report', ...year],
    ['report', ...year, '--format', 'html', '-o', 'report.html'],
    ['report', ...year, '--format', 'csv', '-o', 'report.csv'],
    ['report', ...year, '--format', 'json', '-o', 'report.json'],
  ]) {
    const env = { BASEKEEPER_STATE: folder, BASEKEEPER_CATALOG: 'shipped' };
    const run = await measuredRun([main, ...args, ...at], { cwd: folder, env });
    const told = `${run.wallSeconds.toFixed(2)} s, CPU ${run.cpuSeconds.toFixed(2)} s, ${run.peakMegabytes} MB`;
    process.stdout.write(`${args.join(' ').padEnd(70)} exit ${run.code}  ${told}  ≤ 2 s\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A year: six events for each episode and the end of nineteen in twenty, over two hundred repositories. */
async function fill(
  path: string,
): Promise<{ readonly events: number; readonly episodes: number; readonly open: number }> {
  const { store, episodes } = await openLedger(path);
  let [events, number, open] = [0, 0, 0];
  while (events < wanted) {
    const batch: RecordedEvent[] = [];
    while (batch.length < 7000) {
      const made = life(number++);
      if (made.at(-1)?.event.what.kind !== 'closed') open += 1;
      batch.push(...made);
    }
    await episodes.append(batch);
    events += batch.length;
  }
  await store.close();
  return { events, episodes: number, open };
}

function life(number: number): readonly RecordedEvent[] {
  const subject = {
    repository: `https://git.example/acme/service-${number % 200}`,
    path: `services/${number % 7}/Dockerfile`,
    stage: '1',
    platform: 'linux/amd64',
    image: `docker.io/library/base-${number % 20}`,
    id: `CVE-2026-${number}`,
    sourcePackage: 'openssl',
  };
  const digest = `sha256:${number.toString(16).padStart(64, '0')}`;
  const detectedAt = now - yearMs + ((number * 7919) % 8000) * hourMs;
  const after = (hours: number) => detectedAt + hours * hourMs;
  const severity = severities[number % 4] ?? 'low';
  const begun: EpisodeEvent[] = [
    { at: after(0), what: { kind: 'detected', digest, severity, scanner: 'trivy 0.68.2' } },
    { at: after(0), what: { kind: 'fix-available', fixedVersion: '3.0.17-1', source: 'scan' } },
    { at: after(10), what: { kind: 'base-available', reference: 'debian:12-slim', digest } },
    { at: after(20), what: { kind: 'proposed', url: `https://git.example/acme/pull/${number}` } },
    { at: after(30), what: { kind: 'merged', digest } },
  ];
  const end = after(40 + (number % 300));
  const released = { at: end, what: { kind: 'released', name: 'v1.2.3', release: 'patch' } } as const;
  const whole = { subject, number: 1, events: [...begun, released] };
  const frozen = frozenNumbers(whole, defaultDeadlineSettings, end);
  const last = { at: end, what: { kind: 'closed', because: 'released', frozen } } as const;
  const all = number % 20 === 0 ? begun : [...whole.events, last];
  return all.map((event) => ({ subject, number: 1, event }));
}
