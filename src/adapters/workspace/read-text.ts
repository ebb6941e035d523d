import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { WorkspaceError } from '../../ports/workspace.ts';
import { decodeText, tooLarge } from './decode-text.ts';

/**
 * Reads a file of the tree, whatever lies there by now: the place is resolved again, opened without following or waiting,
 * and only then believed. Synchronous calls: small files come several times faster than through the thread pool.
 */
export function readText(root: string, path: string, maxBytes: number): string {
  return decodeText(readBytes(resolveInside(root, path), path, maxBytes), path);
}

/** The real place of a file of the tree. @throws WorkspaceError */
export function resolveInside(root: string, path: string): string {
  try {
    const real = realpathSync(join(root, path));
    const inside = relative(root, real);
    if (inside === '..' || inside.startsWith(`..${sep}`))
      throw new WorkspaceError('outside', `${path} leads out of the tree`);
    if (inside.split(sep).includes('.git')) throw new WorkspaceError('outside', `${path} leads into .git`);
    // Not opened to find out: opening a device can do things.
    if (!lstatSync(real).isFile()) throw new WorkspaceError('unreadable', `${path} is no file`);
    return real;
  } catch (error) {
    throw asWorkspaceError(error, path);
  }
}

function readBytes(file: string, path: string, maxBytes: number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { size } = statOpen(descriptor, path);
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    // One byte more shows a file that grew meanwhile.
    const buffer = Buffer.allocUnsafe(size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    if (length > maxBytes) throw tooLarge(path, maxBytes);
    return buffer.subarray(0, length);
  } catch (error) {
    throw asWorkspaceError(error, path);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function statOpen(descriptor: number, path: string): { readonly size: number } {
  const kind = fstatSync(descriptor);
  if (!kind.isFile()) throw new WorkspaceError('unreadable', `${path} is no file`);
  return kind;
}

function asWorkspaceError(error: unknown, path: string): WorkspaceError {
  if (error instanceof WorkspaceError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new WorkspaceError('not-found', `there is no file ${path}`, { cause: error });
  const reason =
    code === 'EACCES' || code === 'EPERM'
      ? 'permission denied'
      : code === 'ELOOP'
        ? 'a link leads back to itself'
        : code;
  return new WorkspaceError('unreadable', `cannot read ${path}: ${reason}`, { cause: error });
}
