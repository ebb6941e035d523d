import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { isDigest } from '../../domain/image/digest.ts';
import { asObject, listMember, parseJsonObject, textMember } from '../../domain/image/json-value.ts';
import type { Digest, ImageManifest } from '../../domain/image/manifest.ts';
import { parseImageConfig } from '../../domain/image/parse-image-config.ts';
import { parseManifest } from '../../domain/image/parse-manifest.ts';
import { formatPlatform } from '../../domain/image/platform.ts';
import { BuilderError } from '../../ports/builder.ts';

export type ArchivedImage = { readonly digest: Digest; readonly sizeBytes: number; readonly platform: string };

const block = 512;
const maxEntries = 10_000;
const maxDocumentBytes = 4 * 1024 * 1024;

/**
 * Reads which image an OCI archive holds. Layers are passed over, not read: whoever scans them checks them.
 *
 * @throws BuilderError `malformed` for what is missing, cut short, or no archive of exactly one image.
 */
export async function readArchive(path: string, log: string): Promise<ArchivedImage> {
  const refuse = (reason: string, cause?: unknown) =>
    new BuilderError('malformed', `the builder said that it succeeded, but ${reason}`, log, { cause });
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (cause) {
    throw refuse('left no archive', cause);
  }
  try {
    const documents = await readDocuments(file);
    const index = documents.get('index.json');
    const manifest = index === undefined ? undefined : manifestOf(index, documents);
    if (manifest === undefined) throw refuse('its archive holds no single image');
    const config = parseImageConfig(blobOf(documents, manifest.configDigest) ?? '');
    if (config.kind === 'malformed') throw refuse(`the config of its image cannot be read: ${config.reason}`);
    return {
      digest: manifest.digest,
      sizeBytes: manifest.sizeBytes,
      platform: formatPlatform(config.config.platform),
    };
  } catch (cause) {
    if (cause instanceof BuilderError) throw cause;
    throw refuse('its archive is cut short or no archive', cause);
  } finally {
    await file.close();
  }
}

/** An index in the index, as buildx writes one for a single image, is followed once. */
function manifestOf(text: string, documents: ReadonlyMap<string, string>, depth = 0): ImageManifest | undefined {
  const children = (listMember(parseJsonObject(text), 'manifests') ?? []).flatMap((child) => {
    const digest = textMember(asObject(child), 'digest');
    return isDigest(digest) ? [digest] : [];
  });
  const [digest] = children;
  if (digest === undefined || children.length > 1) return undefined;
  const blob = blobOf(documents, digest);
  if (blob === undefined) return undefined;
  const parsed = parseManifest(blob, digest);
  if (parsed.kind === 'malformed') return undefined;
  if (parsed.manifest.kind === 'image') return parsed.manifest;
  return depth === 0 ? manifestOf(blob, documents, 1) : undefined;
}

/** A blob that is not what its name says is not there. */
function blobOf(documents: ReadonlyMap<string, string>, digest: Digest): string | undefined {
  const text = documents.get(`blobs/sha256/${digest.slice('sha256:'.length)}`);
  const isSame = text !== undefined && `sha256:${createHash('sha256').update(text).digest('hex')}` === digest;
  return isSame ? text : undefined;
}

/** The small files of the archive, by name. */
async function readDocuments(file: FileHandle): Promise<ReadonlyMap<string, string>> {
  const { size: archiveBytes } = await file.stat();
  const documents = new Map<string, string>();
  let at = 0;
  for (let count = 0; count < maxEntries; count += 1) {
    const header = await readAt(file, at, block);
    if (header.every((byte) => byte === 0)) return documents;
    const size = sizeOf(header);
    const start = at + block;
    if (start + size > archiveBytes) throw new Error('cut short');
    const name = header.subarray(0, 100).toString().split('\0', 1)[0] ?? '';
    // `{` begins each of them; what else is small is a layer.
    if (size > 0 && size <= maxDocumentBytes) {
      const body = await readAt(file, start, size);
      if (body[0] === 0x7b) documents.set(name, body.toString());
    }
    at = start + Math.ceil(size / block) * block;
  }
  throw new Error('too many entries');
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length) throw new Error('cut short');
  return buffer;
}

/** Octal, or from 8 GiB on binary, marked by the highest bit. */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  if ((field[0] ?? 0) >= 0x80) return Number(field.readBigUInt64BE(4));
  const digits = field.toString().replace(/[\0 ]/g, '');
  if (!/^[0-7]{1,12}$/.test(digits)) throw new Error('no header');
  return Number.parseInt(digits, 8);
}
