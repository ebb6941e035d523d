import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../../src/domain/image/manifest.ts';
import { type BuiltManifest, digestOf, mediaTypes } from './build-image.ts';

/** The one image of an OCI layout, and its blobs. */
export function readLayout(folder: string): {
  readonly manifest: BuiltManifest;
  readonly contents: ReadonlyMap<Digest, Buffer>;
} {
  const blobs = join(folder, 'blobs', 'sha256');
  const contents = new Map<Digest, Buffer>(
    readdirSync(blobs).map((hex) => [`sha256:${hex}`, readFileSync(join(blobs, hex))] as const),
  );
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as {
    readonly manifests: readonly { readonly digest: string; readonly mediaType: string }[];
  };
  const [descriptor] = index.manifests;
  const bytes = contents.get(descriptor?.digest ?? '');
  if (descriptor === undefined || bytes === undefined) throw new Error(`${folder} is no layout of one image`);
  return { manifest: { digest: descriptor.digest, mediaType: descriptor.mediaType, bytes }, contents };
}

export function indexOf(
  children: readonly { readonly platform: string; readonly manifest: BuiltManifest }[],
  annotations?: Readonly<Record<string, string>>,
): BuiltManifest {
  const mediaType = mediaTypes.oci.index;
  const manifests = children.map(({ platform, manifest }) => {
    const [os, architecture] = platform.split('/');
    const { digest, bytes } = manifest;
    const descriptor = { mediaType: manifest.mediaType, digest, size: bytes.length, platform: { os, architecture } };
    return annotations === undefined ? descriptor : { ...descriptor, annotations };
  });
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  return { digest: digestOf(bytes), mediaType, bytes };
}
