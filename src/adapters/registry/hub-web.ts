import type { ListedTag } from '../../domain/candidates/candidate.ts';
import { asObject, listMember, member, parseJsonObject, textMember } from '../../domain/image/json-value.ts';
import { readPublishedAt } from '../../domain/image/read-published-at.ts';
import type { Instant } from '../../domain/source/instant.ts';
import { type Publisher, RegistryError, type RepositoryAddress, type TagListing } from '../../ports/registry.ts';
import type { ContentCache } from './content-cache.ts';
import { addTag } from './list-tags.ts';
import { ListingBounds, maxTags } from './listing-bounds.ts';
import { nameOf } from './read-manifest-bytes.ts';
import { malformed, refusalOf, refused } from './refusal.ts';
import { expectOk } from './session.ts';
import type { Site } from './site.ts';
import type { Ask, Transport } from './transport.ts';

const maxBytes = 8 * 1024 * 1024;
const weekMs = 7 * 86_400_000;

/**
 * Docker Hub's web API: names and push dates, newest first. Its digests lag behind the registry and are not looked at.
 *
 * @param known reading ends at the first page of which every tag is known.
 */
export async function listHubTags(
  transport: Transport,
  site: Site,
  webHost: string,
  address: RepositoryAddress,
  { known, clock }: { readonly known: ReadonlySet<string>; readonly clock: () => Instant },
): Promise<TagListing> {
  const what = `cannot list tags of ${nameOf(address)}`;
  const [namespace = '', ...rest] = address.repository.split('/');
  const path = `/v2/namespaces/${encodeURIComponent(namespace)}/repositories/${rest.map(encodeURIComponent).join('/')}/tags`;
  let next: URL | undefined = new URL(`https://${webHost}${path}?page_size=100&page=1&ordering=last_updated`);
  const seen = new Map<string, ListedTag>();
  const bounds = new ListingBounds(clock);
  while (next !== undefined) {
    if (bounds.isReached || seen.size >= maxTags) return { tags: [...seen.values()], extent: 'truncated' };
    const ask: Ask = { site, kind: 'list', method: 'GET', url: next, maxBytes, what };
    const answer = await transport.send(ask);
    // It turns programs away now and then: that says nothing of the repository.
    if (answer.status === 401 || answer.status === 403)
      throw new RegistryError('unavailable', site.name, `${what}: ${webHost} answers ${answer.status}`);
    expectOk(answer, ask);
    const document = parseJsonObject(Buffer.from(answer.body).toString('utf8'));
    const results = listMember(document, 'results');
    if (results === undefined) throw malformed(what, site, 'the answer holds no list');
    bounds.count(answer.body);
    const before = seen.size;
    let isNews = false;
    for (const entry of results) {
      const tag = textMember(asObject(entry), 'name');
      // Plugins and charts are kept among images.
      if (tag === undefined || (textMember(asObject(entry), 'content_type') ?? 'image') !== 'image') continue;
      addTag(seen, tag, undefined, readPublishedAt(textMember(asObject(entry), 'tag_last_pushed')));
      isNews ||= !known.has(tag);
    }
    if (known.size > 0 && !isNews) return { tags: [...seen.values()], extent: 'since-known' };
    if (seen.size === before) break;
    next = nextPage(member(document, 'next'), ask);
  }
  return { tags: [...seen.values()], extent: 'all' };
}

/** `badge` of the organisation that a namespace belongs to; a user's has none. Kept for a week. */
export async function findHubPublisher(
  transport: Transport,
  site: Site,
  webHost: string,
  namespace: string,
  { cache, clock }: { readonly cache: ContentCache; readonly clock: () => Instant },
): Promise<Publisher> {
  const note = `publisher ${webHost} ${namespace}`;
  const kept = readPublisher(await cache.readNote(note, weekMs));
  if (kept !== undefined) return kept;
  const what = `cannot look up the publisher of docker.io/${namespace}`;
  const url = new URL(`https://${webHost}/v2/orgs/${encodeURIComponent(namespace)}/`);
  const answer = await transport.send({ site, kind: 'publisher', method: 'GET', url, maxBytes: 65_536, what });
  // A redirect leads to the page of a user of that name.
  const isNone = answer.status === 404 || (answer.status >= 300 && answer.status < 400);
  if (answer.status === 401 || answer.status === 403)
    throw new RegistryError('unavailable', site.name, `${what}: ${webHost} answers ${answer.status}`);
  if (!isNone && answer.status !== 200) throw refusalOf(answer, what, site);
  const document = isNone ? undefined : parseJsonObject(Buffer.from(answer.body).toString('utf8'));
  if (!isNone && document === undefined) throw malformed(what, site, 'the answer is no JSON object');
  const name = textMember(document, 'full_name') || textMember(document, 'orgname');
  const publisher: Publisher = {
    badge: badges.get(textMember(document, 'badge') ?? '') ?? 'none',
    ...(name === undefined || name === '' ? {} : { name: name.slice(0, 200) }),
    checkedAt: clock(),
  };
  await cache.writeNote(note, publisher);
  return publisher;
}

const badges: ReadonlyMap<string, Publisher['badge']> = new Map([
  ['verified_publisher', 'verified-publisher'],
  ['open_source', 'sponsored-open-source'],
]);

function readPublisher(kept: unknown): Publisher | undefined {
  const object = asObject(kept);
  const badge = [...badges.values(), 'none' as const].find((one) => one === textMember(object, 'badge'));
  const checkedAt = member(object, 'checkedAt');
  const name = textMember(object, 'name');
  if (badge === undefined || typeof checkedAt !== 'number') return undefined;
  return { badge, checkedAt, ...(name === undefined ? {} : { name }) };
}

function nextPage(next: unknown, { url, what, site }: Ask): URL | undefined {
  if (typeof next !== 'string' || next === '') return undefined;
  if (!URL.canParse(next, url.href)) throw malformed(what, site, 'the link to its next page is no address');
  const target = new URL(next, url);
  if (target.origin !== url.origin) throw refused(what, site, `its next page is on another host, ${target.host}`);
  return target;
}
