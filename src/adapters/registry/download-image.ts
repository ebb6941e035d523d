import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageBlobs, readImageBlobs } from '../../domain/image/image-blobs.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { type DownloadedImage, RegistryError, type RepositoryAddress } from '../../ports/registry.ts';
import { BlobFile } from './blob-file.ts';
import { readWholeManifest, textOf } from './read-content.ts';
import { type ContentParts, nameOf, plainBytes } from './read-manifest-bytes.ts';
import { malformed, refused } from './refusal.ts';
import { expectOk } from './session.ts';
import { apiUrl, type Site } from './site.ts';
import type { Ask } from './transport.ts';

type Download = {
  readonly address: RepositoryAddress;
  readonly digest: Digest;
  readonly folder: string;
  readonly maxBytes: number;
  /** The longest silence while a blob comes. */
  readonly idleMs: number;
};

const blobsAtOnce = 3;
// Container runtimes mount at most 127 layers.
const maxBlobs = 1000;
const leastTimeoutMs = 60_000;
// What comes more slowly than 64 KiB a second keeps a place at its host for too long.
const slowestBytesPerMs = 64;

/** Into a folder beside the wanted one, which takes its name when all of it is there. */
export async function downloadImage(parts: ContentParts, site: Site, download: Download): Promise<DownloadedImage> {
  const { address, digest, folder } = download;
  const what = `cannot download ${nameOf(address)}@${digest}`;
  const { bytes, manifest } = await readWholeManifest(parts, { site, address, digest, what });
  if (manifest.kind === 'index')
    throw refused(what, site, "it is an index over platforms; ask for the digest of one platform's image");
  const blobs = readImageBlobs(textOf(bytes), manifest);
  if (blobs === undefined) throw malformed(what, site, 'its manifest gives one blob two sizes');
  const sizeBytes = checkBounds(blobs, site, what, download.maxBytes);
  const partial = `${folder}.${randomBytes(6).toString('hex')}.part`;
  try {
    if ((await lstat(folder).catch(() => undefined)) !== undefined)
      throw new RegistryError('unwritable', site.name, `${what}: ${folder} is there already`);
    await mkdir(partial, { mode: 0o700 });
    await mkdir(join(partial, 'blobs', 'sha256'), { recursive: true, mode: 0o700 });
    await writeBlobs(parts, site, { ...download, folder: partial }, blobs);
    await writeFile(pathOf(partial, digest), bytes, { mode: 0o600 });
    const descriptor = { mediaType: blobs.mediaType, digest, size: bytes.length };
    await writeJson(join(partial, 'index.json'), { schemaVersion: 2, manifests: [descriptor] });
    await writeJson(join(partial, 'oci-layout'), { imageLayoutVersion: '1.0.0' });
    await rename(partial, folder);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw cause instanceof RegistryError ? cause : unwritable(cause, what, site, folder);
  }
  return { folder, sizeBytes };
}

function checkBounds({ sizes, foreign }: ImageBlobs, site: Site, what: string, maxBytes: number): number {
  if (foreign.length > 0)
    throw refused(
      what,
      site,
      `its layer ${foreign[0]} lies at an address of its own (urls), and only what the registry itself holds is downloaded`,
    );
  if (sizes.size > maxBlobs) throw refused(what, site, `it has more than ${maxBlobs} layers`);
  const sizeBytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (sizeBytes > maxBytes)
    throw new RegistryError(
      'too-large',
      site.name,
      `${what}: its ${sizeBytes} bytes are more than the ${maxBytes} allowed`,
    );
  return sizeBytes;
}

/** The first that fails ends the others, and all have ended before it is told. */
async function writeBlobs(
  parts: ContentParts,
  site: Site,
  download: Download,
  { sizes }: Pick<ImageBlobs, 'sizes'>,
): Promise<void> {
  const failed = new AbortController();
  const failures: unknown[] = [];
  const waiting = sizes.entries();
  const work = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done && !failed.signal.aborted; next = waiting.next())
      try {
        await writeBlob(parts, site, download, next.value, failed.signal);
      } catch (error) {
        failures.push(error);
        failed.abort();
      }
  };
  await Promise.all(Array.from({ length: blobsAtOnce }, work));
  if (failures.length > 0) throw failures[0];
}

async function writeBlob(
  { ask: askRegistry }: ContentParts,
  site: Site,
  { address, digest: imageDigest, folder, idleMs }: Download,
  [digest, sizeBytes]: readonly [Digest, number],
  signal: AbortSignal,
): Promise<void> {
  const what = `cannot download ${digest} of ${nameOf(address)}@${imageDigest}`;
  const file = new BlobFile(pathOf(folder, digest));
  const ask: Ask = {
    ...{ site, kind: 'blob', method: 'GET', headers: plainBytes, what, idleMs, signal },
    url: apiUrl(site, address, 'blobs', digest),
    // Of what an image says of itself nothing but this is read.
    maxBytes: sizeBytes,
    timeoutMs: leastTimeoutMs + Math.ceil(sizeBytes / slowestBytesPerMs),
    receiver: file,
  };
  try {
    expectOk(await askRegistry(ask, address), ask);
    const written = await file.finish();
    if (written.sizeBytes !== sizeBytes)
      throw malformed(what, site, `it has ${written.sizeBytes} bytes, and its manifest says ${sizeBytes}`);
    if (written.digest !== digest) throw malformed(what, site, 'its bytes do not match their digest');
  } finally {
    await file.close();
  }
}

function pathOf(folder: string, digest: Digest): string {
  return join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
}

function writeJson(path: string, value: object): Promise<void> {
  return writeFile(path, JSON.stringify(value), { mode: 0o600 });
}

function unwritable(cause: unknown, what: string, site: Site, folder: string): RegistryError {
  const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
  return new RegistryError('unwritable', site.name, `${what}: ${folder} cannot be written${code}`, { cause });
}
