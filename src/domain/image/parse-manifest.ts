import { isDigest } from './digest.ts';
import {
  asObject,
  type JsonObject,
  listMember,
  member,
  objectMember,
  parseJsonObject,
  textMember,
} from './json-value.ts';
import type { Digest, ImageIndex, ImageManifest, IndexChild, Manifest } from './manifest.ts';
import { type Platform, parsePlatform } from './platform.ts';
import { readAnnotations } from './read-annotations.ts';

/** `reason`: one clause, what is wrong with the document. */
export type ParsedManifest =
  | { readonly kind: 'ok'; readonly manifest: Manifest }
  | { readonly kind: 'malformed'; readonly reason: string };

const indexTypes = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);
const imageTypes = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);

/** What is asked for, always the same and all of it: with less, a registry may answer with another digest. */
export const manifestTypes: readonly string[] = [...indexTypes, ...imageTypes];

/** Schema 1, which Docker wrote until 2016: its digest is not that of its bytes. */
export function isObsoleteType(mediaType: string): boolean {
  return mediaType.startsWith('application/vnd.docker.distribution.manifest.v1+');
}

/**
 * Reads an index or an image manifest, whoever wrote it. Total.
 *
 * @param digest of its bytes, which the caller has checked.
 * @param mediaType as the registry says it; the document's own word stands over it, and without both its shape decides.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-index.md, manifest.md
 */
export function parseManifest(text: string, digest: Digest, mediaType?: string): ParsedManifest {
  const document = parseJsonObject(text);
  if (document === undefined) return malformed('it is no JSON object');
  const type = textMember(document, 'mediaType') ?? mediaType ?? '';
  if (isObsolete(document, type)) return malformed('it has an obsolete format (schema 1)');
  const children = listMember(document, 'manifests');
  const layers = listMember(document, 'layers');
  // One text that is an index to one reader and an image to another could pass any check (CVE-2021-41190).
  if (children !== undefined && (layers !== undefined || objectMember(document, 'config') !== undefined))
    return malformed('it is both an index and an image');
  if (children !== undefined && !imageTypes.has(type)) return parseIndex(document, children, digest);
  if (layers !== undefined && !indexTypes.has(type)) return parseImage(document, layers, digest);
  return malformed(
    type === '' ? 'it is neither an index nor an image' : `it is not what its type ${type.slice(0, 100)} says`,
  );
}

function isObsolete(document: JsonObject, type: string): boolean {
  return isObsoleteType(type) || member(document, 'schemaVersion') === 1;
}

function parseIndex(document: JsonObject, list: readonly unknown[], digest: Digest): ParsedManifest {
  const children: IndexChild[] = [];
  for (const value of list) {
    const descriptor = asObject(value);
    const childDigest = textMember(descriptor, 'digest');
    if (!isDigest(childDigest)) return malformed('one of its images has no sha256 digest');
    if (isAttestation(descriptor)) continue;
    const described = objectMember(descriptor, 'platform');
    const platform = readPlatform(described);
    const osVersion = textMember(described, 'os.version');
    children.push({
      digest: childDigest,
      ...(platform === undefined ? {} : { platform }),
      ...(osVersion === undefined || osVersion.length > 100 ? {} : { osVersion }),
      annotations: readAnnotations(objectMember(descriptor, 'annotations')),
    });
  }
  const index: ImageIndex = { kind: 'index', digest, children, annotations: annotationsOf(document) };
  return { kind: 'ok', manifest: index };
}

/** BuildKit hangs what it knows of an image into the index, as an image for no platform. */
function isAttestation(descriptor: JsonObject | undefined): boolean {
  const platform = objectMember(descriptor, 'platform');
  if (textMember(platform, 'os') === 'unknown' && textMember(platform, 'architecture') === 'unknown') return true;
  return textMember(objectMember(descriptor, 'annotations'), 'vnd.docker.reference.digest') !== undefined;
}

/** As it stands in an index and in a config. */
export function readPlatform(object: JsonObject | undefined): Platform | undefined {
  const os = textMember(object, 'os') ?? '';
  const architecture = textMember(object, 'architecture') ?? '';
  const variant = textMember(object, 'variant') ?? '';
  if (os === '' || architecture === '') return undefined;
  return parsePlatform([os, architecture, ...(variant === '' ? [] : [variant])].join('/'));
}

function parseImage(document: JsonObject, list: readonly unknown[], digest: Digest): ParsedManifest {
  const config = readBlob(objectMember(document, 'config'));
  if (config === undefined) return malformed('its config has no sha256 digest or no size');
  const layers = list.map((layer) => readBlob(asObject(layer)));
  const known = layers.filter((layer) => layer !== undefined);
  if (known.length < layers.length) return malformed('one of its layers has no sha256 digest or no size');
  const sizeBytes = known.reduce((sum, layer) => sum + layer.sizeBytes, config.sizeBytes);
  if (!Number.isSafeInteger(sizeBytes)) return malformed('its layers are larger than can be counted');
  const manifest: ImageManifest = {
    kind: 'image',
    digest,
    configDigest: config.digest,
    sizeBytes,
    layers: known,
    annotations: annotationsOf(document),
  };
  return { kind: 'ok', manifest };
}

function readBlob(descriptor: JsonObject | undefined): ImageManifest['layers'][number] | undefined {
  const digest = textMember(descriptor, 'digest');
  const size = member(descriptor, 'size');
  const isSize = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  return isDigest(digest) && isSize ? { digest, sizeBytes: size } : undefined;
}

function annotationsOf(document: JsonObject) {
  return readAnnotations(objectMember(document, 'annotations'));
}

function malformed(reason: string): ParsedManifest {
  return { kind: 'malformed', reason };
}
