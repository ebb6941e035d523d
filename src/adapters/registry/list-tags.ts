import type { ListedTag } from '../../domain/candidates/candidate.ts';
import { isDigest } from '../../domain/image/digest.ts';
import { asObject, type JsonObject, listMember, objectMember, parseJsonObject } from '../../domain/image/json-value.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import type { RepositoryAddress, TagListing } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { nameOf } from './read-content.ts';
import { malformed, refused } from './refusal.ts';
import { expectOk, type Session } from './session.ts';
import { apiUrl, type Site } from './site.ts';
import type { Ask } from './transport.ts';

// Nine thousand tags are 200 kB; gcr.io tells more of each.
const maxBytes = 32 * 1024 * 1024;
const maxPages = 200;
const tagForm = /^\w[\w.-]{0,127}$/;
/** Signatures, attestations and the like of a digest, kept under a tag. */
const artifactForm = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/;

/** All pages of a repository's own list, up to a bound. */
export async function listTags(session: Session, site: Site, address: RepositoryAddress): Promise<TagListing> {
  const what = `cannot list tags of ${nameOf(address)}`;
  const first = apiUrl(site, address, 'tags', 'list');
  const { pageSize } = site.profile;
  first.searchParams.set('n', String(pageSize));
  const seen = new Map<string, ListedTag>();
  let next: URL | undefined = first;
  for (let page = 0; next !== undefined; page += 1) {
    if (page === maxPages) return { tags: [...seen.values()], extent: 'truncated' };
    const url: URL = next;
    const ask: Ask = { site, kind: 'list', method: 'GET', url, maxBytes, what };
    const answer = expectOk(await session.send(ask, address), ask);
    const document = parseJsonObject(Buffer.from(answer.body).toString('utf8'));
    if (document === undefined) throw malformed(what, site, 'the list is no JSON object');
    const named = (listMember(document, 'tags') ?? []).filter((tag): tag is string => typeof tag === 'string');
    const before = seen.size;
    const digests = digestsOf(document);
    for (const tag of named) addTag(seen, tag, digests.get(tag));
    // A page without news would be followed for ever.
    if (seen.size === before && page > 0) break;
    next = nextPage(answer, url, ask) ?? afterFullPage(first, url, named, pageSize);
  }
  return { tags: [...seen.values()], extent: 'all' };
}

/** Names that are tags of images, each once. */
export function addTag(seen: Map<string, ListedTag>, tag: string, digest?: Digest, pushedAt?: string): void {
  if (!tagForm.test(tag) || artifactForm.test(tag) || seen.has(tag)) return;
  seen.set(tag, {
    tag,
    ...(digest === undefined ? {} : { digest }),
    ...(pushedAt === undefined ? {} : { pushedAt }),
  });
}

/** `Link: <…>; rel="next"`: followed on the same host only. */
function nextPage({ headers }: HttpAnswer, from: URL, { what, site }: Ask): URL | undefined {
  for (const header of headers.get('link') ?? []) {
    const found = /^\s*<([^<>]{1,4096})>\s*;[^,]{0,200}\brel="?next"?/i.exec(header);
    const target = found?.[1];
    if (target === undefined) continue;
    if (!URL.canParse(target, from.href)) throw malformed(what, site, 'the link to its next page is no address');
    const url = new URL(target, from);
    if (url.origin !== from.origin || url.username !== '')
      throw refused(what, site, `its next page is on another host, ${url.host}`);
    // Virtual repositories lose their prefix in links: what matters is where to go on.
    return url.pathname === from.pathname ? url : withLast(from, url.searchParams.get('last'));
  }
  return undefined;
}

/** A full page without a link: asked once whether there is more. */
function afterFullPage(first: URL, url: URL, named: readonly string[], pageSize: number): URL | undefined {
  if (named.length !== pageSize || url.href === withLast(first, named.at(-1) ?? null)?.href) return undefined;
  return withLast(first, named.at(-1) ?? null);
}

function withLast(url: URL, last: string | null): URL | undefined {
  if (last === null) return undefined;
  const next = new URL(url);
  next.searchParams.set('last', last);
  return next;
}

/** gcr.io and Artifact Registry: each digest with its tags. Their dates are those of reproducible builds, often 1970. */
function digestsOf(document: JsonObject): ReadonlyMap<string, Digest> {
  const digests = new Map<string, Digest>();
  for (const [digest, entry] of Object.entries(objectMember(document, 'manifest') ?? {})) {
    if (!isDigest(digest)) continue;
    for (const tag of listMember(asObject(entry), 'tag') ?? []) if (typeof tag === 'string') digests.set(tag, digest);
  }
  return digests;
}
