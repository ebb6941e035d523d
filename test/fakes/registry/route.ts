import type { RequestKind } from '../../../src/ports/registry.ts';

/** What a path asks for. One server plays registry, token service, web API and the store that blobs are redirected to. */
export type Route =
  | { readonly kind: 'ping' }
  | { readonly kind: 'manifest'; readonly repository: string; readonly reference: string }
  | { readonly kind: 'blob'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'tags'; readonly repository: string }
  | { readonly kind: 'token' }
  | { readonly kind: 'web-tags'; readonly repository: string; readonly tag?: string }
  | { readonly kind: 'organisation'; readonly namespace: string }
  | { readonly kind: 'user'; readonly namespace: string }
  | { readonly kind: 'blob-store'; readonly digest: string }
  | { readonly kind: 'unknown' };

export function parseRoute(path: string): Route {
  if (path === '/v2/' || path === '/v2') return { kind: 'ping' };
  if (path === '/token' || path === '/v2/token' || path === '/v2/auth') return { kind: 'token' };
  const stored = /^\/blob-store\/(sha256:[0-9a-f]{64})$/.exec(path);
  if (stored?.[1] !== undefined) return { kind: 'blob-store', digest: stored[1] };
  return parseWebRoute(path) ?? parseRegistryRoute(path);
}

/** Docker Hub's web API has two spellings of one listing. */
function parseWebRoute(path: string): Route | undefined {
  const listed =
    /^\/v2\/namespaces\/([^/]+)\/repositories\/([^/]+)\/tags(?:\/([^/]+))?\/?$/.exec(path) ??
    /^\/v2\/repositories\/([^/]+)\/([^/]+)\/tags(?:\/(?!list$)([^/]+))?\/?$/.exec(path);
  if (listed !== null) {
    const [, namespace = '', name = '', tag] = listed;
    return { kind: 'web-tags', repository: `${namespace}/${name}`, ...(tag === undefined ? {} : { tag }) };
  }
  const [, what, namespace = ''] = /^\/v2\/(orgs|users)\/([^/]+)\/?$/.exec(path) ?? [];
  if (what === 'orgs') return { kind: 'organisation', namespace };
  return what === 'users' ? { kind: 'user', namespace } : undefined;
}

function parseRegistryRoute(path: string): Route {
  const [, repository = '', what, rest = ''] = /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(path) ?? [];
  switch (what) {
    case 'manifests':
      return { kind: 'manifest', repository, reference: rest };
    case 'blobs':
      return { kind: 'blob', repository, digest: rest };
    case 'tags':
      return rest === 'list' ? { kind: 'tags', repository } : { kind: 'unknown' };
    default:
      return { kind: 'unknown' };
  }
}

/** The client counts its requests by the same words; whether a blob is a config, which it counts by itself, nobody here knows. */
export function kindOf(method: string, route: Route): RequestKind | 'other' {
  switch (route.kind) {
    case 'ping':
      return 'ping';
    case 'token':
      return 'token';
    case 'manifest':
      return method === 'HEAD' ? 'head' : 'manifest';
    case 'blob':
    case 'blob-store':
      return 'config';
    case 'tags':
    case 'web-tags':
      return 'list';
    case 'organisation':
    case 'user':
      return 'publisher';
    case 'unknown':
      return 'other';
  }
}
