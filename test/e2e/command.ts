import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The day of all end-to-end runs. */
export const today = '2026-11-23';

export type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** Runs the real program. `CI` is not set unless `env` sets it; the catalog is the shipped one, whatever was renewed on this machine. */
export function basekeeper(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string>; readonly uid?: number } = {},
): Promise<Run> {
  const { command, args: all, environment } = basekeeperCommand(args);
  return run(command, all, {
    cwd: options.cwd ?? tmpdir(),
    env: { ...environment, ...options.env },
    ...(options.uid === undefined ? {} : { uid: options.uid }),
  });
}

/** How the real program is started. */
export function basekeeperCommand(args: readonly string[]) {
  const { CI: _ci, NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...rest } = process.env;
  return { command: process.execPath, args: [main, ...args], environment: { ...rest, BASEKEEPER_CATALOG: 'shipped' } };
}

export function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string | undefined>; uid?: number },
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder with these files, removed by `remove`. */
export async function makeTree(
  files: Readonly<Record<string, string | Buffer>>,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tree-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
