import assert from 'node:assert/strict';
import type { DeadlinesResult } from '../../src/flows/deadlines/list-deadlines.ts';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import { basekeeper, type Run } from './command.ts';
import type { Scanned } from './scanned.ts';

/** Monitors the tree at an instant, with a database of that day. @returns what it wrote down */
export async function look({ trivy, run }: Scanned, at: string): Promise<NonNullable<MonitorResult['deadlines']>> {
  trivy({ updatedAt: `${at.slice(0, 10)}T00:00:00Z` });
  const { stdout, stderr, code } = await run('monitor', '--json', '--now', at);
  assert.equal(code, 0, stderr + stdout);
  const { deadlines } = JSON.parse(stdout) as MonitorResult;
  assert.ok(deadlines !== undefined);
  return deadlines;
}

/** Runs `deadlines` or `report` at an instant. */
export function ask(
  { path, env }: Scanned,
  command: 'deadlines' | 'report',
  at: string,
  ...args: readonly string[]
): Promise<Run> {
  return basekeeper([command, '--policy', `${path}/policy.yaml`, '--now', at, ...args], { cwd: path, env });
}

/** `CVE-2026-0001 critical paused awaiting-base`. */
export async function listed(world: Scanned, at: string): Promise<readonly string[]> {
  const { stdout } = await ask(world, 'deadlines', at, '--json');
  const { episodes } = JSON.parse(stdout) as DeadlinesResult;
  return episodes.map(({ id, severity, state, delay }) => `${id} ${severity} ${state} ${delay?.reason}`);
}
