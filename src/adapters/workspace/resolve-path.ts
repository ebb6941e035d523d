import type { Tree } from './read-tree.ts';

/** Where a path of a tree leads, links followed as the system would follow them from the root of that tree. */
export type ResolvedPath =
  | { readonly kind: 'file'; readonly path: string; readonly id: string }
  | { readonly kind: 'folder' | 'missing' | 'outside' | 'loop' | 'into-git' };

/** As many as Linux follows. */
const maxLinks = 40;
const maxSteps = 10_000;

/** @param targetOf what a link holds, by the id of its content; `undefined` where that is not at hand, or no path. */
export function resolvePath(path: string, tree: Tree, targetOf: (id: string) => string | undefined): ResolvedPath {
  const waiting = path.split('/').reverse();
  const at: string[] = [];
  let links = 0;
  let steps = 0;
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    steps += 1;
    if (steps > maxSteps) return { kind: 'loop' };
    if (part === '' || part === '.') continue;
    if (part === '.git') return { kind: 'into-git' };
    if (part === '..') {
      if (at.pop() === undefined) return { kind: 'outside' };
      continue;
    }
    at.push(part);
    const here = at.join('/');
    if (tree.folders.has(here)) continue;
    const entry = tree.entries.get(here);
    if (entry === undefined) return { kind: 'missing' };
    if (entry.kind === 'file') {
      return waiting.length === 0 ? { kind: 'file', path: here, id: entry.id } : { kind: 'missing' };
    }
    links += 1;
    if (links > maxLinks) return { kind: 'loop' };
    const target = targetOf(entry.id);
    if (target === undefined || target === '') return { kind: 'missing' };
    if (target.startsWith('/')) return { kind: 'outside' };
    at.pop();
    waiting.push(...target.split('/').reverse());
  }
  return { kind: 'folder' };
}
