import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../../src/domain/image/manifest.ts';
import type { BuiltImage } from './build-image.ts';

type Descriptor = { readonly mediaType: string; readonly digest: Digest; readonly size: number };

/** The image of an OCI layout, as the fake registry keeps those that it builds itself. */
export function readLayout(folder: string): BuiltImage {
  const read = (path: string) => readFileSync(join(folder, path));
  const blob = (digest: Digest) => read(join('blobs', 'sha256', digest.slice('sha256:'.length)));
  const json = <T>(bytes: Buffer) => JSON.parse(bytes.toString('utf8')) as T;
  const { manifests } = json<{ readonly manifests: readonly Descriptor[] }>(read('index.json'));
  const { mediaType, digest } = manifests[0] ?? { mediaType: '', digest: '' };
  const bytes = blob(digest);
  const { config, layers } = json<{ readonly config: Descriptor; readonly layers: readonly Descriptor[] }>(bytes);
  const { os, architecture, rootfs } = json<{
    readonly os: string;
    readonly architecture: string;
    readonly rootfs: { readonly diff_ids: readonly Digest[] };
  }>(blob(config.digest));
  const all = [config, ...layers];
  return {
    content: { platform: `${os}/${architecture}` },
    manifest: { digest, mediaType, bytes },
    configDigest: config.digest,
    layerDigests: layers.map((layer) => layer.digest),
    diffIds: rootfs.diff_ids,
    sizeBytes: all.reduce((sum, { size }) => sum + size, 0),
    blobs: new Map(all.map((one) => [one.digest, blob(one.digest)])),
  };
}
