import { randomBytes } from 'node:crypto';
import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TreeWriter } from '../../ports/tree-writer.ts';
import { WorkspaceError } from '../../ports/workspace.ts';
import { readText, resolveInside } from './read-text.ts';

/** @param root an absolute folder, or one file. */
export function openTreeWriter(root: string, isFolder: boolean): TreeWriter {
  const folder = isFolder ? root : dirname(root);
  const nameOf = (path: string) => (isFolder ? path : basename(root));
  return { replace: async (path, before, after) => replace(folder, nameOf(path), before, after) };
}

function replace(folder: string, path: string, before: string, after: string): void {
  const place = resolveInside(folder, path);
  if (presentText(folder, path, Buffer.byteLength(before)) !== before)
    throw new WorkspaceError('changed', `${path} was changed meanwhile and is left as it is: run the command again`);
  const temporary = join(dirname(place), `.basekeeper-${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(temporary, after, { flag: 'wx' });
    chmodSync(temporary, statSync(place).mode & 0o7777);
    renameSync(temporary, place);
  } catch (error) {
    rmSync(temporary, { force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new WorkspaceError('unwritable', `cannot write ${path}: ${code}`, { cause: error });
  }
}

/** @returns `undefined` for what is longer, or no text any more. */
function presentText(folder: string, path: string, maxBytes: number): string | undefined {
  try {
    return readText(folder, path, maxBytes);
  } catch (error) {
    const isOther = error instanceof WorkspaceError && ['too-large', 'binary', 'not-text'].includes(error.code);
    if (isOther) return undefined;
    throw error;
  }
}
