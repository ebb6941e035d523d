import type { RepositoryAddress } from '../../ports/registry.ts';

/** What a key of a credential file stands for: a host, or a namespace of it. */
export type KeyScope = { readonly host: string; readonly path: string };

/** Docker Hub answers to three names; references know one of them. */
const hubHosts: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** Docker's name for Docker Hub, in files and to helpers. */
export const hubKey = 'https://index.docker.io/v1/';

/**
 * The keys that hold for a repository, the best first: the longest namespace, then the form that `docker login` writes.
 *
 * A host is compared as a whole and with its port, a namespace part by part: a key never holds for a name that merely begins
 * or ends like it.
 */
export function matchKeys(keys: Iterable<string>, { registry, repository }: RepositoryAddress): readonly string[] {
  const host = registry.toLowerCase();
  const own = host === 'docker.io' ? hubKey : host;
  const found: { readonly key: string; readonly path: string }[] = [];
  for (const key of keys) {
    const scope = scopeOf(key);
    if (scope.host === host && isWithin(repository, scope.path)) found.push({ key, path: scope.path });
  }
  // Sorting is stable: the order of the file decides what is left.
  const rank = (key: string) => (key === own ? 0 : 1);
  return found.sort((a, b) => b.path.length - a.path.length || rank(a.key) - rank(b.key)).map(({ key }) => key);
}

/** `host`, `https://host`, `https://host/v1/`, `host/v2/` are all of a host; any other path is a namespace. */
export function scopeOf(key: string): KeyScope {
  const named = key.replace(/^https?:\/\//i, '');
  const slash = named.indexOf('/');
  const host = (slash < 0 ? named : named.slice(0, slash)).toLowerCase();
  const path = slash < 0 ? '' : withoutEndSlash(named.slice(slash + 1));
  return { host: hubHosts.has(host) ? 'docker.io' : host, path: path === 'v1' || path === 'v2' ? '' : path };
}

function isWithin(repository: string, path: string): boolean {
  return path === '' || repository === path || repository.startsWith(`${path}/`);
}

function withoutEndSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
