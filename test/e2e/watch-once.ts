import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import type { Monitored } from './monitored.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** `monitor --every daily` until it has told of its first cycle; then the signal. */
export async function watchOnce(
  { path, env }: Pick<Monitored, 'path' | 'env'>,
  signal: NodeJS.Signals,
  ...more: readonly string[]
) {
  const args = [
    main,
    'monitor',
    `${path}/tree`,
    '--policy',
    `${path}/policy.yaml`,
    '--every',
    'daily',
    '--json',
    ...more,
  ];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const closed = once(child, 'close');
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    child.kill(signal);
  }
  const [code] = await closed;
  assert.equal(lines.length, 1, stderr);
  const [line = ''] = lines;
  return { code, stderr, line, result: JSON.parse(line) as MonitorResult };
}
