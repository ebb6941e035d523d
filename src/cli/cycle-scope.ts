import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

/** Names what cycles are over: the same for the same folders, or the same fleet file. */
export function scopeOf(paths: readonly string[], { fleet }: { readonly fleet?: string }): string {
  const roots = fleet === undefined ? paths.map((path) => resolve(path)).sort() : [`fleet ${resolve(fleet)}`];
  const named = roots.length === 0 ? [resolve('.')] : roots;
  return createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 16);
}

/** Names the cycles in which a scanner told something. */
export function scanScope(scope: string): string {
  return `${scope} scan`;
}
