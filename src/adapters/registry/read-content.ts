import { isDigest } from '../../domain/image/digest.ts';
import type { Digest, ImageConfig, Manifest } from '../../domain/image/manifest.ts';
import { parseImageConfig } from '../../domain/image/parse-image-config.ts';
import { isObsoleteType, manifestTypes, parseManifest } from '../../domain/image/parse-manifest.ts';
import { RegistryError, type RepositoryAddress, type ResolvedTag } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { type ContentCache, sha256 } from './content-cache.ts';
import type { PullBudgets } from './pull-budgets.ts';
import { malformed, refusalOf, refused } from './refusal.ts';
import type { RequestCounter } from './request-counter.ts';
import { expectOk, type Session } from './session.ts';
import { apiUrl, type Site } from './site.ts';
import type { Ask, Transport } from './transport.ts';

export type ContentParts = {
  readonly session: Session;
  readonly transport: Transport;
  readonly budgets: PullBudgets;
  readonly cache: ContentCache;
  readonly counter: RequestCounter;
};

const manifestBytes = 4 * 1024 * 1024;
const configBytes = 8 * 1024 * 1024;
const maxRedirects = 5;
// One header with all four, always the same: another set can be answered with another digest.
const accept = { accept: manifestTypes.join(', ') };

/** What a tag stands for: HEAD; where that does not tell the digest, GET, whose bytes do. */
export async function resolveTag(
  parts: ContentParts,
  site: Site,
  address: RepositoryAddress,
  tag: string,
): Promise<ResolvedTag> {
  const what = `cannot resolve ${nameOf(address)}${tag.includes(':') ? '@' : ':'}${tag}`;
  const url = apiUrl(site, address, 'manifests', tag);
  const ask: Ask = { site, kind: 'head', method: 'HEAD', url, headers: accept, maxBytes: 0, what };
  const answer = await parts.session.send(ask, address);
  if (site.profile.countsPulls) parts.budgets.hear(site.name, answer);
  const digest = answer.headers.get('docker-content-digest')?.[0];
  const mediaType = mediaTypeOf(answer);
  if (answer.status === 200 && isDigest(digest) && mediaType !== '') return { digest, mediaType };
  // Where a GET is a pull, HEAD is known to be right about what is missing.
  const isWorthReading =
    answer.status === 200 || answer.status === 405 || (answer.status === 404 && !site.profile.countsPulls);
  if (!isWorthReading) throw refusalOf(answer, what, site);
  const read = await readManifestBytes(parts, site, address, tag, what);
  return { digest: read.digest, mediaType: read.mediaType };
}

export async function readManifest(
  parts: ContentParts,
  site: Site,
  address: RepositoryAddress,
  digest: Digest,
): Promise<Manifest> {
  const what = `cannot read ${nameOf(address)}@${digest}`;
  checkDigest(digest, what, site);
  const bytes = await cached(parts, site, address, digest, what, async () => {
    const read = await readManifestBytes(parts, site, address, digest, what);
    if (read.digest !== digest) throw malformed(what, site, `its bytes have the digest ${read.digest}`);
    return read.bytes;
  });
  const parsed = parseManifest(textOf(bytes), digest);
  if (parsed.kind === 'malformed') throw malformed(what, site, parsed.reason);
  return parsed.manifest;
}

export async function readConfig(
  parts: ContentParts,
  site: Site,
  address: RepositoryAddress,
  digest: Digest,
): Promise<ImageConfig> {
  const what = `cannot read the config ${nameOf(address)}@${digest}`;
  checkDigest(digest, what, site);
  const bytes = await cached(parts, site, address, digest, what, async () => {
    const url = apiUrl(site, address, 'blobs', digest);
    const answer = await readBlob(
      parts,
      { site, kind: 'config', method: 'GET', url, maxBytes: configBytes, what },
      address,
    );
    if (sha256(answer.body) !== digest) throw malformed(what, site, 'its bytes do not match their digest');
    return answer.body;
  });
  const parsed = parseImageConfig(textOf(bytes));
  if (parsed.kind === 'malformed') throw malformed(what, site, parsed.reason);
  return parsed.config;
}

/** From disk; what is not there is asked for, unless it was missing less than a day ago. */
async function cached(
  { cache, counter }: ContentParts,
  site: Site,
  address: RepositoryAddress,
  digest: Digest,
  what: string,
  read: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const known = await cache.read(digest);
  const note = `missing ${site.host} ${nameOf(address)} ${digest}`;
  if (known !== undefined) {
    counter.count(site.name, 'cached');
    return known;
  }
  if ((await cache.readNote(note)) === true)
    throw new RegistryError('not-found', site.name, `${what}: it was not there less than a day ago`);
  try {
    const bytes = await read();
    await cache.write(digest, bytes);
    return bytes;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'not-found') await cache.writeNote(note, true);
    throw error;
  }
}

async function readManifestBytes(
  { session, budgets }: ContentParts,
  site: Site,
  address: RepositoryAddress,
  reference: string,
  what: string,
): Promise<{ readonly bytes: Uint8Array; readonly digest: Digest; readonly mediaType: string }> {
  const url = apiUrl(site, address, 'manifests', reference);
  const ask: Ask = { site, kind: 'manifest', method: 'GET', url, headers: accept, maxBytes: manifestBytes, what };
  const { countsPulls } = site.profile;
  const send = () => session.send(ask, address);
  const answer = countsPulls ? await budgets.spend(site.name, what, send) : await send();
  if (countsPulls && answer.status === 429) throw budgets.exhaust(site.name, what);
  if (countsPulls) budgets.hear(site.name, answer);
  expectOk(answer, ask);
  const mediaType = mediaTypeOf(answer);
  if (isObsoleteType(mediaType)) throw malformed(what, site, 'it has an obsolete format (schema 1)');
  const digest = sha256(answer.body);
  const said = answer.headers.get('docker-content-digest')?.[0];
  if (said !== undefined && said !== digest)
    throw malformed(what, site, `its bytes do not match the digest ${said.slice(0, 80)}`);
  return { bytes: answer.body, digest, mediaType };
}

/** Blobs may lie elsewhere: there no credential is shown, and the address is checked as any other. */
async function readBlob(
  { session, transport }: ContentParts,
  ask: Ask,
  address: RepositoryAddress,
): Promise<HttpAnswer> {
  let answer = await session.send(ask, address);
  let url = ask.url;
  for (let hops = 0; answer.status >= 300 && answer.status < 400; hops += 1) {
    const to = answer.headers.get('location')?.[0] ?? '';
    if (hops === maxRedirects) throw refused(ask.what, ask.site, `it is sent on more than ${maxRedirects} times`);
    if (!URL.canParse(to, url.href)) throw refused(ask.what, ask.site, 'it is sent to no address');
    url = new URL(to, url);
    const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && ask.site.isInsecure);
    if (!isSafe || url.username !== '' || url.password !== '')
      throw refused(ask.what, ask.site, `it is sent to ${url.host}, which is not https`);
    answer =
      url.host === ask.url.host ? await session.send({ ...ask, url }, address) : await transport.send({ ...ask, url });
  }
  return expectOk(answer, ask);
}

function mediaTypeOf({ headers }: HttpAnswer): string {
  return (headers.get('content-type')?.[0] ?? '').split(';')[0]?.trim() ?? '';
}

function checkDigest(digest: Digest, what: string, site: Site): void {
  if (!isDigest(digest)) throw malformed(what, site, 'digests other than sha256 are not read');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

export function nameOf({ registry, repository }: RepositoryAddress): string {
  return `${registry}/${repository}`;
}
