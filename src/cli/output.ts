import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvironment } from '../config/environment.ts';
import { UsageError } from './failure.ts';

const unfinished = new Set<string>();

/** Writes a whole file or nothing: beside it first, then renamed over it. */
export function writeWhole(path: string, text: string): void {
  const temporary = join(dirname(path), `.basekeeper-${randomBytes(6).toString('hex')}.tmp`);
  unfinished.add(temporary);
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`cannot write ${path}: ${code === 'ENOENT' ? 'its folder does not exist' : code}`);
  } finally {
    rmSync(temporary, { force: true });
    unfinished.delete(temporary);
  }
}

/** For an interrupted run. */
export function removeUnfinishedFiles(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
}

/** Colour only on a terminal; `NO_COLOR` wins over it, `--color`/`--no-color` over both. */
export function wantsColor(option: boolean | undefined): boolean {
  if (option !== undefined) return option;
  const { noColor, isDumbTerminal } = readEnvironment();
  return process.stdout.isTTY === true && !noColor && !isDumbTerminal;
}

/** Columns of the terminal, within reason; 100 where there is none. */
export function outputWidth(): number {
  return Math.min(160, Math.max(60, process.stdout.columns ?? 100));
}
