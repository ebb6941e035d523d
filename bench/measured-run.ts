import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type MeasuredRun = {
  readonly code: number | null;
  readonly stdout: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Of the programs that it started and waited for; 0 where the system does not tell. */
  readonly programsCpuSeconds: number;
  readonly peakMegabytes: number;
};

type Usage = { readonly usage: NodeJS.ResourceUsage; readonly stat: string };

// Told by the process itself when it ends. Linux keeps what ended children took in hundredths of a second.
const tellUsage = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const stat = '/proc/self/stat';
process.on('exit', () => writeFileSync(process.env.USAGE, JSON.stringify({
  usage: process.resourceUsage(),
  stat: existsSync(stat) ? readFileSync(stat, 'latin1') : '',
})));`;

/** One run of a Node program, timed from outside. @param options.cwd a folder that what it used may be written to, too. */
export async function measuredRun(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<MeasuredRun> {
  const note = join(cwd, 'usage');
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(tellUsage)}`, ...args],
    {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env, USAGE: note },
    },
  );
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const wallSeconds = (performance.now() - start) / 1000;
  const { usage, stat } = JSON.parse(readFileSync(note, 'utf8')) as Usage;
  return {
    code,
    stdout,
    wallSeconds,
    cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
    programsCpuSeconds: childrenSeconds(stat),
    peakMegabytes: Math.round(usage.maxRSS / 1024),
  };
}

/** `cutime` and `cstime`: the 16th and 17th field; the second may hold spaces. @see proc_pid_stat(5) */
function childrenSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / 100;
}
