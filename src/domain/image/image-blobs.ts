import { isDigest } from './digest.ts';
import { asObject, listMember, objectMember, parseJsonObject, textMember } from './json-value.ts';
import type { Digest, ImageManifest } from './manifest.ts';

/** What an image is made of, for who wants all of it. */
export type ImageBlobs = {
  /** Of the manifest: as it says itself, else the OCI's, which alone may leave it out. */
  readonly mediaType: string;
  /** The config and the layers, each once, the config first. */
  readonly sizes: ReadonlyMap<Digest, number>;
  /** Layers that lie at addresses of their own (`urls`), as Windows bases had them: a registry need not have their bytes. */
  readonly foreign: readonly Digest[];
};

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

/**
 * @param text of the manifest.
 * @param manifest what was read from that text.
 * @returns `undefined` where it gives one blob two sizes.
 * @see https://github.com/opencontainers/image-spec/blob/main/descriptor.md
 */
export function readImageBlobs(text: string, manifest: ImageManifest): ImageBlobs | undefined {
  const document = parseJsonObject(text);
  const layerBytes = manifest.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const config = { digest: manifest.configDigest, sizeBytes: manifest.sizeBytes - layerBytes };
  const sizes = new Map<Digest, number>();
  for (const { digest, sizeBytes } of [config, ...manifest.layers]) {
    if ((sizes.get(digest) ?? sizeBytes) !== sizeBytes) return undefined;
    sizes.set(digest, sizeBytes);
  }
  const descriptors = [objectMember(document, 'config'), ...(listMember(document, 'layers') ?? []).map(asObject)];
  const foreign = descriptors.flatMap((descriptor) => {
    const digest = textMember(descriptor, 'digest');
    return isDigest(digest) && (listMember(descriptor, 'urls') ?? []).length > 0 ? [digest] : [];
  });
  return { mediaType: textMember(document, 'mediaType') ?? ociManifest, sizes, foreign };
}
