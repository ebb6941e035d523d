import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDigest } from '../../domain/image/digest.ts';
import { asObject, listMember, parseJsonObject, textMember } from '../../domain/image/json-value.ts';
import type { Digest, ImageManifest } from '../../domain/image/manifest.ts';
import { parseImageConfig } from '../../domain/image/parse-image-config.ts';
import { parseManifest } from '../../domain/image/parse-manifest.ts';
import { formatPlatform } from '../../domain/image/platform.ts';
import { BuilderError } from '../../ports/builder.ts';

export type LaidOutImage = { readonly digest: Digest; readonly sizeBytes: number; readonly platform: string };

const maxDocumentBytes = 4 * 1024 * 1024;

/**
 * Reads which image a folder in the OCI layout holds. Layers are not looked at: whoever scans them checks them.
 *
 * @throws BuilderError `malformed` for what is missing, or holds not exactly one image.
 */
export async function readLayout(folder: string, log: string): Promise<LaidOutImage> {
  const refuse = (reason: string) =>
    new BuilderError('malformed', `the builder said that it succeeded, but ${reason}`, log);
  const index = await readDocument(join(folder, 'index.json'));
  if (index === undefined) throw refuse('left no image');
  const manifest = await manifestOf(index, folder);
  if (manifest === undefined) throw refuse('what it left is not one whole image');
  const config = parseImageConfig((await readBlob(folder, manifest.configDigest)) ?? '');
  if (config.kind === 'malformed') throw refuse(`the config of its image cannot be read: ${config.reason}`);
  const { digest, sizeBytes } = manifest;
  return { digest, sizeBytes, platform: formatPlatform(config.config.platform) };
}

/** An index in the index, as buildx writes one for a single image, is followed once. */
async function manifestOf(text: string, folder: string, depth = 0): Promise<ImageManifest | undefined> {
  const children = (listMember(parseJsonObject(text), 'manifests') ?? []).flatMap((child) => {
    const digest = textMember(asObject(child), 'digest');
    return isDigest(digest) ? [digest] : [];
  });
  const [digest] = children;
  if (digest === undefined || children.length > 1) return undefined;
  const blob = await readBlob(folder, digest);
  if (blob === undefined) return undefined;
  const parsed = parseManifest(blob, digest);
  if (parsed.kind === 'malformed') return undefined;
  if (parsed.manifest.kind === 'image') return parsed.manifest;
  return depth === 0 ? manifestOf(blob, folder, 1) : undefined;
}

/** A blob that is not what its name says is not there. */
async function readBlob(folder: string, digest: Digest): Promise<string | undefined> {
  const text = await readDocument(join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length)));
  const isSame = text !== undefined && `sha256:${createHash('sha256').update(text).digest('hex')}` === digest;
  return isSame ? text : undefined;
}

/** @returns `undefined` for what is not there, no file, or longer than any of these documents. */
async function readDocument(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    return size > maxDocumentBytes ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
