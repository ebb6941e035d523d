import { isDigest } from '../../domain/image/digest.ts';
import type { Digest, ImageConfig, Manifest } from '../../domain/image/manifest.ts';
import { parseImageConfig } from '../../domain/image/parse-image-config.ts';
import { parseManifest } from '../../domain/image/parse-manifest.ts';
import { RegistryError, type RepositoryAddress } from '../../ports/registry.ts';
import { sha256 } from './content-cache.ts';
import type { AskRegistry } from './follow-redirects.ts';
import { type ContentParts, nameOf, plainBytes, readManifestBytes } from './read-manifest-bytes.ts';
import { malformed } from './refusal.ts';
import { expectOk } from './session.ts';
import { apiUrl, type Site } from './site.ts';
import type { Ask } from './transport.ts';

const configBytes = 8 * 1024 * 1024;

/** By digest; the bytes are checked against it. */
export async function readManifest(
  parts: ContentParts,
  site: Site,
  address: RepositoryAddress,
  digest: Digest,
): Promise<Manifest> {
  const what = `cannot read ${nameOf(address)}@${digest}`;
  return (await readWholeManifest(parts, { site, address, digest, what })).manifest;
}

/** With its bytes as they are. */
export async function readWholeManifest(
  parts: ContentParts,
  wanted: Wanted,
): Promise<{ readonly bytes: Uint8Array; readonly manifest: Manifest }> {
  const { site, address, digest, what } = wanted;
  checkDigest(digest, what, site);
  const bytes = await cached(parts, wanted, async (reader) => {
    const read = await readManifestBytes(reader, site, address, digest, what);
    if (read.digest !== digest) throw malformed(what, site, `its bytes have the digest ${read.digest}`);
    return read.bytes;
  });
  const parsed = parseManifest(textOf(bytes), digest);
  if (parsed.kind === 'malformed') throw malformed(what, site, parsed.reason);
  return { bytes, manifest: parsed.manifest };
}

export async function readConfig(
  parts: ContentParts,
  site: Site,
  address: RepositoryAddress,
  digest: Digest,
): Promise<ImageConfig> {
  const what = `cannot read the config ${nameOf(address)}@${digest}`;
  checkDigest(digest, what, site);
  const bytes = await cached(parts, { site, address, digest, what }, async (reader) => {
    const url = apiUrl(site, address, 'blobs', digest);
    const ask: Ask = { site, kind: 'config', method: 'GET', url, headers: plainBytes, maxBytes: configBytes, what };
    const answer = expectOk(await reader.ask(ask, address), ask);
    if (sha256(answer.body) !== digest) throw malformed(what, site, 'its bytes do not match their digest');
    return answer.body;
  });
  const parsed = parseImageConfig(textOf(bytes));
  if (parsed.kind === 'malformed') throw malformed(what, site, parsed.reason);
  return parsed.config;
}

/** Who asks for what is being read already waits for that. */
function cached(
  parts: ContentParts,
  { site, address, digest, what }: Wanted,
  read: (parts: ContentParts) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const key = `${site.host} ${nameOf(address)} ${digest}`;
  const known = parts.reading.get(key);
  if (known !== undefined) return known;
  const reading = readOnce(parts, { site, address, digest, what }, `missing ${key}`, read).finally(() =>
    parts.reading.delete(key),
  );
  parts.reading.set(key, reading);
  return reading;
}

/** From disk; what is not there is asked for, unless it was missing less than a day ago. */
async function readOnce(
  parts: ContentParts,
  { site, digest, what }: Wanted,
  note: string,
  read: (parts: ContentParts) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const { cache, counter } = parts;
  const known = await cache.read(digest);
  if (known !== undefined) {
    counter.count(site.name, 'cached');
    return known;
  }
  if ((await cache.readNote(note)) === true)
    throw new RegistryError('not-found', site.name, `${what}: it was not there less than a day ago`);
  // A 401 is told as missing too, and a login changes that.
  let isMissing = false;
  const ask: AskRegistry = async (...asked) => {
    const answer = await parts.ask(...asked);
    isMissing = answer.status === 404;
    return answer;
  };
  try {
    const bytes = await read({ ...parts, ask });
    await cache.write(digest, bytes);
    return bytes;
  } finally {
    if (isMissing) await cache.writeNote(note, true);
  }
}

export type Wanted = {
  readonly site: Site;
  readonly address: RepositoryAddress;
  readonly digest: Digest;
  /** What fails if this does. */
  readonly what: string;
};

function checkDigest(digest: Digest, what: string, site: Site): void {
  if (!isDigest(digest)) throw malformed(what, site, 'digests other than sha256 are not read');
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
