import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvironment } from '../config/environment.ts';
import { UsageError } from './failure.ts';

const unfinished = new Set<string>();

/**
 * Writes a whole file or nothing: beside it first, then renamed over it. A link is followed, and the mode of a file that is
 * there is kept; what is no file (a device, a pipe) is written through.
 */
export function writeWhole(path: string, text: string): void {
  orUnwritable(path, () => {
    const target = placeOf(path);
    if (!target.isFile) return writeFileSync(path, text);
    const temporary = temporaryBeside(target.path);
    try {
      writeFileSync(temporary, text, { flag: 'wx' });
      takePlace(temporary, target);
    } finally {
      forget(temporary);
    }
  });
}

/** `writeWhole` for what is too long to be one text. @returns what `produce` returns */
export async function writeWholeBy<T>(
  path: string,
  produce: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const target = orUnwritable(path, () => placeOf(path));
  const append = (to: string) => async (text: string) => orUnwritable(path, () => appendFileSync(to, text));
  if (!target.isFile) return produce(append(path));
  const temporary = temporaryBeside(target.path);
  try {
    orUnwritable(path, () => writeFileSync(temporary, '', { flag: 'wx' }));
    const produced = await produce(append(temporary));
    orUnwritable(path, () => takePlace(temporary, target));
    return produced;
  } finally {
    forget(temporary);
  }
}

type Place = { readonly path: string; readonly isFile: boolean; readonly mode?: number };

function placeOf(path: string): Place {
  const present = statSync(path, { throwIfNoEntry: false });
  if (present === undefined) return { path, isFile: true };
  if (present.isDirectory()) throw new UsageError(`cannot write ${path}: it is a folder`);
  return present.isFile() ? { path: realpathSync(path), isFile: true, mode: present.mode } : { path, isFile: false };
}

function temporaryBeside(path: string): string {
  const temporary = join(dirname(path), `.basekeeper-${randomBytes(6).toString('hex')}.tmp`);
  unfinished.add(temporary);
  return temporary;
}

function takePlace(temporary: string, { path, mode }: Place): void {
  if (mode !== undefined) chmodSync(temporary, mode & 0o7777);
  renameSync(temporary, path);
}

/** Gone already where it took its place. */
function forget(temporary: string): void {
  rmSync(temporary, { force: true });
  unfinished.delete(temporary);
}

function orUnwritable<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new UsageError(`cannot write ${path}: ${isMissing ? 'its folder does not exist' : code}`);
  }
}

/** For an interrupted run. */
export function removeUnfinishedFiles(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
}

/** Waits until it is taken: what is long is not piled up in memory. */
export async function printAll(text: string): Promise<void> {
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
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
