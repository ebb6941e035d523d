import { randomBytes } from 'node:crypto';
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvironment } from '../config/environment.ts';
import { UsageError } from './failure.ts';

const unfinished = new Set<string>();

/**
 * Writes a whole file or nothing: beside it first, then renamed over it. A link is followed, and the mode of a file that is
 * there is kept; what is no file (a device, a pipe) is written through.
 */
export function writeWhole(path: string, text: string): void {
  try {
    const present = statSync(path, { throwIfNoEntry: false });
    if (present?.isDirectory() === true) throw new UsageError(`cannot write ${path}: it is a folder`);
    if (present !== undefined && !present.isFile()) writeFileSync(path, text);
    else replaceFile(present === undefined ? path : realpathSync(path), text, present?.mode);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new UsageError(`cannot write ${path}: ${isMissing ? 'its folder does not exist' : code}`);
  }
}

function replaceFile(path: string, text: string, mode: number | undefined): void {
  const temporary = join(dirname(path), `.basekeeper-${randomBytes(6).toString('hex')}.tmp`);
  unfinished.add(temporary);
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    if (mode !== undefined) chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
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

export function isOnTerminal(): boolean {
  return process.stdout.isTTY === true;
}

/** Columns of the terminal, within reason; 100 where there is none. */
export function outputWidth(): number {
  return Math.min(160, Math.max(60, process.stdout.columns ?? 100));
}
