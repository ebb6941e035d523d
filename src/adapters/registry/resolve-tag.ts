import { isDigest } from '../../domain/image/digest.ts';
import { manifestTypes, parseManifest } from '../../domain/image/parse-manifest.ts';
import type { RepositoryAddress, ResolvedTag } from '../../ports/registry.ts';
import {
  type ContentParts,
  type ManifestBytes,
  manifestHeaders,
  mediaTypeOf,
  nameOf,
  readManifestBytes,
} from './read-manifest-bytes.ts';
import { malformed, refusalOf } from './refusal.ts';
import { apiUrl, type Site } from './site.ts';
import type { Ask } from './transport.ts';

/** What a tag stands for: HEAD; where that does not tell the digest, GET, whose bytes do. */
export async function resolveTag(
  parts: ContentParts,
  site: Site,
  address: RepositoryAddress,
  tag: string,
): Promise<ResolvedTag> {
  // A digest stands for itself, if it is there.
  const what = `cannot resolve ${nameOf(address)}${tag.includes(':') ? '@' : ':'}${tag}`;
  const url = apiUrl(site, address, 'manifests', tag);
  const ask: Ask = { site, kind: 'head', method: 'HEAD', url, headers: manifestHeaders, maxBytes: 0, what };
  const answer = await parts.ask(ask, address);
  if (site.profile.countsPulls) parts.budgets.hear(site.name, answer);
  const digest = answer.headers.get('docker-content-digest')?.[0];
  if (answer.status === 200) {
    const mediaType = mediaTypeOf(answer, ask);
    // A page that some proxy answers with is none, whatever headers it kept.
    if (isDigest(digest) && manifestTypes.includes(mediaType)) return asAsked({ digest, mediaType }, tag, what, site);
  }
  // Where a GET is a pull, HEAD is known to be right about what is missing.
  const isWorthReading =
    answer.status === 200 || answer.status === 405 || (answer.status === 404 && !site.profile.countsPulls);
  if (!isWorthReading) throw refusalOf(answer, what, site);
  return asAsked(describe(await readManifestBytes(parts, site, address, tag, what), what, site), tag, what, site);
}

/** What is asked for by digest has that digest and no other. */
function asAsked(resolved: ResolvedTag, tag: string, what: string, site: Site): ResolvedTag {
  if (tag.includes(':') && resolved.digest !== tag)
    throw malformed(what, site, `another digest is answered, ${resolved.digest}`);
  return resolved;
}

/** A page that some proxy answers with has a digest too, and another one each time: it has to be a manifest. */
function describe({ bytes, digest, mediaType }: ManifestBytes, what: string, site: Site): ResolvedTag {
  const parsed = parseManifest(Buffer.from(bytes).toString('utf8'), digest, mediaType);
  if (parsed.kind === 'malformed') throw malformed(what, site, parsed.reason);
  return { digest, mediaType };
}
