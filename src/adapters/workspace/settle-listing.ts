import { lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { ListFilter, Listing, Refused } from '../../ports/workspace.ts';
import type { Found } from './list-git.ts';
import { type LinkTarget, settleLinks } from './settle-links.ts';

/**
 * Looks at each name found: files stay, deleted ones go, links are followed once. The calls are synchronous: 50,000 of them
 * take a fifth of a second, and a multiple of that through the thread pool.
 */
export function settleListing(root: string, { paths, refused }: Found, filter: ListFilter): Listing {
  const files = new Set<string>();
  const links: string[] = [];
  const refusals: Refused[] = [...refused];
  for (const path of paths) {
    const kind = lookAt(join(root, path));
    if (kind === undefined) continue;
    if (kind.isFile()) files.add(path);
    else if (kind.isSymbolicLink()) links.push(path);
    else if (kind.isDirectory()) refusals.push(...refuseRepository(root, path));
    else refusals.push({ path, reason: 'it is no file (a socket, pipe or device)', severity: 'info' });
  }
  settleLinks({ follow: (path) => follow(root, path), links: links.sort(), files, refusals, filter });
  return { paths: [...files].sort(), refused: refusals.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function follow(root: string, path: string): LinkTarget {
  let real: string;
  try {
    real = realpathSync(join(root, path));
  } catch (error) {
    const isLoop = error instanceof Error && 'code' in error && error.code === 'ELOOP';
    return { kind: 'refused', reason: isLoop ? 'the link leads back to itself' : 'the link leads nowhere' };
  }
  const target = relative(root, real).split(sep).join('/');
  if (target === '..' || target.startsWith('../')) return { kind: 'refused', reason: 'the link leads out of the tree' };
  if (target.split('/').includes('.git')) return { kind: 'refused', reason: 'the link leads into .git' };
  const kind = lookAt(real);
  if (kind?.isDirectory() === true) return { kind: 'folder' };
  return kind?.isFile() === true
    ? { kind: 'file', path: target }
    : { kind: 'refused', reason: 'the link leads to no file' };
}

/** Git lists another repository inside this one as one name. An empty folder is a submodule that was not fetched. */
function refuseRepository(root: string, path: string): readonly Refused[] {
  try {
    if (readdirSync(join(root, path)).length === 0) return [];
  } catch {
    // Unreadable: said like any other, for what may be in it.
  }
  const reason = 'it is a git repository of its own (a submodule); check it by itself';
  return [{ path: path.replace(/\/$/, ''), reason, severity: 'info' }];
}

function lookAt(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
