import type { ListedTag } from '../../domain/candidates/candidate.ts';
import { isDigest } from '../../domain/image/digest.ts';
import {
  asObject,
  type JsonObject,
  listMember,
  member,
  objectMember,
  parseJsonObject,
} from '../../domain/image/json-value.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { RepositoryAddress, TagListing } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import type { AskRegistry } from './follow-redirects.ts';
import { ListingBounds, maxTags } from './listing-bounds.ts';
import { nameOf } from './read-manifest-bytes.ts';
import { malformed, refused } from './refusal.ts';
import { expectOk } from './session.ts';
import { apiUrl, type Site } from './site.ts';
import type { Ask } from './transport.ts';

// Nine thousand tags are 200 kB; gcr.io tells more of each.
const maxBytes = 32 * 1024 * 1024;
const maxLinkLength = 16_384;
const linkForm = /<([^<>]*)>([^<>]*)/g;
const isNext = /;\s*rel="?next\b/i;
const tagForm = /^\w[\w.-]{0,127}$/;
/** Signatures, attestations and the like of a digest, kept under a tag. */
const artifactForm = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/;

/** All pages of a repository's own list, up to a bound. */
export async function listTags(
  askRegistry: AskRegistry,
  site: Site,
  address: RepositoryAddress,
  clock: () => Instant,
): Promise<TagListing> {
  const what = `cannot list tags of ${nameOf(address)}`;
  const first = apiUrl(site, address, 'tags', 'list');
  const { pageSize } = site.profile;
  first.searchParams.set('n', String(pageSize));
  const seen = new Map<string, ListedTag>();
  // With what is no tag of an image: a page of nothing but signatures is no end.
  const names = new Set<string>();
  let next: URL | undefined = first;
  const bounds = new ListingBounds(clock);
  while (next !== undefined) {
    if (bounds.isReached) return { tags: [...seen.values()], extent: 'truncated' };
    const url: URL = next;
    const ask: Ask = { site, kind: 'list', method: 'GET', url, maxBytes, what };
    const answer = expectOk(await askRegistry(ask, address), ask);
    const document = parseJsonObject(Buffer.from(answer.body).toString('utf8'));
    if (document === undefined) throw malformed(what, site, 'the list is no JSON object');
    bounds.count(answer.body);
    const named = namesIn(document);
    if (named === undefined) throw malformed(what, site, 'the list has no tags');
    const before = names.size;
    const digests = digestsOf(document);
    for (const tag of named) {
      if (names.size === maxTags) return { tags: [...seen.values()], extent: 'truncated' };
      // What is no tag is no news either, and may be of any length.
      if (tagForm.test(tag)) names.add(tag);
      addTag(seen, tag, digests.get(tag));
    }
    // A page without news would be followed for ever.
    if (names.size === before) break;
    next = nextPage(answer, url, ask) ?? afterFullPage(first, url, named, pageSize);
  }
  return { tags: [...seen.values()], extent: 'all' };
}

/** `null` and nothing are an empty list, but for an error that comes with a good status. */
function namesIn(document: JsonObject): readonly string[] | undefined {
  const tags = member(document, 'tags') ?? undefined;
  if (tags === undefined) return member(document, 'errors') === undefined ? [] : undefined;
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : undefined;
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

/** `Link: <…>; rel="next"`, among others perhaps: followed on the same host only. */
function nextPage({ headers }: HttpAnswer, from: URL, { what, site }: Ask): URL | undefined {
  const links = (headers.get('link') ?? []).join(', ').slice(0, maxLinkLength);
  const target = [...links.matchAll(linkForm)].find(([, , parameters = '']) => isNext.test(parameters))?.[1];
  if (target === undefined) return undefined;
  if (!URL.canParse(target, from.href)) throw malformed(what, site, 'the link to its next page is no address');
  const url = new URL(target, from);
  if (url.origin !== from.origin || url.username !== '')
    throw refused(what, site, `its next page is on another host, ${url.host}`);
  // Virtual repositories lose the front of their path in links: what matters is where to go on.
  const next = new URL(from);
  next.search = url.search;
  return next;
}

/** A full page without a link: asked once whether there is more. */
function afterFullPage(first: URL, url: URL, named: readonly string[], pageSize: number): URL | undefined {
  const last = named.at(-1);
  if (named.length !== pageSize || last === undefined) return undefined;
  const next = new URL(first);
  next.searchParams.set('last', last);
  return next.href === url.href ? undefined : next;
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
