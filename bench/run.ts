import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dockerfile, writeTree } from './corpus.ts';

/** Measures what is published (`dist`), as a user runs it. Prints numbers beside their targets; judges nothing. */
const root = join(import.meta.dirname, '..');
const main = join(root, 'dist', 'cli', 'main.js');
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const rounds = options.quick ? 3 : 9;

if (!existsSync(main)) {
  process.stderr.write('dist/ is missing: run npm run -s build first\n');
  process.exit(2);
}

type Row = { readonly what: string; readonly measured: string; readonly target: string };
const rows: Row[] = [];
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  await measureReader();
  measureTree(options.quick ? 1000 : 5000);
  measureStart();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const width = Math.max(...rows.map(({ what }) => what.length));
const columns = Math.max(...rows.map(({ measured }) => measured.length));
process.stdout.write(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, medians of ${rounds}\n`,
);
for (const { what, measured, target } of rows)
  process.stdout.write(`${what.padEnd(width)}  ${measured.padEnd(columns)}  ${target}\n`);

async function measureReader(): Promise<void> {
  const { parseDockerfile } = (await import(join(root, 'dist', 'domain', 'dockerfile', 'parse-dockerfile.js'))) as {
    parseDockerfile: (text: string, context: { buildArgs: Record<string, string> }) => { uses: readonly unknown[] };
  };
  const texts = Array.from({ length: 4000 }, (_, seed) => dockerfile(seed));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const read = (list: readonly string[]) => {
    const start = performance.now();
    for (const text of list) parseDockerfile(text, { buildArgs: {} });
    return performance.now() - start;
  };
  read(texts);
  const ms = median(Array.from({ length: rounds }, () => read(texts)));
  rows.push({
    what: `reader, ${texts.length} realistic files, warm`,
    measured: `${(bytes / ms / 1000).toFixed(1)} MB/s, ${Math.round((texts.length / ms) * 1000)} files/s`,
    target: '≥ 20 MB/s',
  });
  const hostile: readonly (readonly [name: string, make: (size: number) => string])[] = [
    ['continuation lines', (size) => `FROM alpine\nRUN a \\\n${'  b \\\n'.repeat(size)}  c\n`],
    [
      'stages on stages',
      (size) =>
        `FROM alpine AS s0\n${Array.from({ length: size / 4 }, (_, at) => `FROM s${at} AS s${at + 1}\n`).join('')}`,
    ],
    ['nested ${', (size) => `ARG A=1\nFROM alpine:${'${B:-'.repeat(size / 8)}3${'}'.repeat(size / 8)}\n`],
    ['dollar signs', (size) => `ARG A=${'$'.repeat(size)}\nFROM alpine\n`],
    ['heredocs', (size) => `FROM alpine\n${'RUN <<E\nFROM x\nE\n'.repeat(size / 4)}`],
  ];
  for (const [name, make] of hostile) {
    const [small, large] = [make(8000), make(32000)];
    const time = (text: string) => median(Array.from({ length: rounds }, () => read([text])));
    time(small);
    const [a, b] = [time(small), time(large)];
    rows.push({
      what: `hostile: ${name}, ${(large.length / 1000).toFixed(0)} kB`,
      measured: `${b.toFixed(1)} ms; ×${(b / a).toFixed(1)} for ×4`,
      target: 'about ×4 (linear)',
    });
  }
}

function measureTree(count: number): void {
  const tree = join(folder, 'tree');
  writeTree(tree, count);
  execFileSync('git', ['init', '-q'], { cwd: tree });
  execFileSync('git', ['add', '-A'], { cwd: tree });
  const runs = Array.from({ length: options.quick ? 2 : 5 }, () => timed(['check', tree, '--json']));
  const seconds = median(runs.map(({ ms }) => ms)) / 1000;
  const peak = median(runs.map(({ peakBytes }) => peakBytes)) / 1e6;
  rows.push({
    what: `check of a git tree, ${count} Dockerfiles of ${count * 3} files`,
    measured: `${seconds.toFixed(2)} s, ${peak.toFixed(0)} MB peak, ${Math.round(count / seconds)} files/s`,
    target: count === 5000 ? '≤ 3 s, ≤ 300 MB' : '',
  });
}

function measureStart(): void {
  const one = join(folder, 'Dockerfile');
  writeFileSync(one, dockerfile(1));
  timed(['check', one]);
  const bare = median(Array.from({ length: rounds }, () => timedNode(['-e', '0']).ms));
  const check = median(Array.from({ length: rounds }, () => timed(['check', one]).ms));
  rows.push({
    what: 'check of one file over bare node -e 0',
    measured: `${(check - bare).toFixed(0)} ms (${check.toFixed(0)} against ${bare.toFixed(0)})`,
    target: '≤ 150 ms',
  });
}

type Timed = { readonly ms: number; readonly peakBytes: number };

function timed(args: readonly string[]): Timed {
  return timedNode([main, ...args]);
}

/** Peak memory is the process's own word, written by a preloaded exit handler. */
function timedNode(args: readonly string[]): Timed {
  const note = join(folder, 'peak');
  const preload = `data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.PEAK,String(process.resourceUsage().maxRSS)))`;
  const start = performance.now();
  const result = spawnSync(process.execPath, ['--import', preload, ...args], {
    stdio: 'ignore',
    env: { ...process.env, PEAK: note, CI: '', BASEKEEPER_CATALOG: 'shipped' },
  });
  const ms = performance.now() - start;
  if (result.status !== 0 && result.status !== 1) throw new Error(`${args.join(' ')} exited ${result.status}`);
  return { ms, peakBytes: Number(execFileSync('cat', [note], { encoding: 'utf8' })) * 1024 };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
