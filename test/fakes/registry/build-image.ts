import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Digest } from '../../../src/domain/image/manifest.ts';

/** What an image is made of. The same words make the same bytes. */
export type ImageContent = {
  /** `linux/arm64/v8`, written into the image as it stands here. */
  readonly platform: string;
  readonly osVersion?: string;
  readonly config?: ConfigContent;
  /** What each layer holds; a number is a layer of that size whose bytes are not there. One layer if absent. */
  readonly layers?: readonly (string | number)[];
  /** On the descriptor in the index, as Docker Official Images have them. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly manifestAnnotations?: Readonly<Record<string, string>>;
};

type ConfigContent = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly user?: string;
  /** `null` leaves it out. */
  readonly created?: string | null;
};

/** `oci`, or what Docker wrote before: other media types, the same shape. */
export type ImageFormat = 'oci' | 'docker';

export type BuiltManifest = { readonly digest: Digest; readonly mediaType: string; readonly bytes: Buffer };

export type BuiltImage = {
  readonly content: ImageContent;
  readonly manifest: BuiltManifest;
  readonly configDigest: Digest;
  readonly layerDigests: readonly Digest[];
  readonly diffIds: readonly Digest[];
  /** The config and the layers, as they are transferred. */
  readonly sizeBytes: number;
  readonly blobs: ReadonlyMap<Digest, Buffer>;
};

export const mediaTypes = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
} as const;

export function digestOf(bytes: Buffer | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** `name` goes into the config, so that tags differ that share their layers; `build` into layers that are not given. */
export type BuildOrigin = { readonly name: string; readonly build: string };

export function buildImage(content: ImageContent, format: ImageFormat, { name, build }: BuildOrigin): BuiltImage {
  const layers = (content.layers ?? [`${content.platform} ${build}`]).map(buildLayer);
  const config = Buffer.from(JSON.stringify(configOf(content, layers, `${name} ${build}`)));
  const configDigest = digestOf(config);
  const types = mediaTypes[format];
  const manifest = built(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: configDigest, size: config.length },
    layers: layers.map(({ digest, sizeBytes }) => ({ mediaType: types.layer, digest, size: sizeBytes })),
    ...(content.manifestAnnotations === undefined ? {} : { annotations: content.manifestAnnotations }),
  });
  return {
    content,
    manifest,
    configDigest,
    layerDigests: layers.map(({ digest }) => digest),
    diffIds: layers.map(({ diffId }) => diffId),
    sizeBytes: config.length + layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    blobs: new Map([
      [configDigest, config],
      ...layers.flatMap(({ digest, bytes }) => (bytes === undefined ? [] : [[digest, bytes] as const])),
    ]),
  };
}

/**
 * @param attestations the text of one attestation per image: another text moves the index and nothing else.
 */
export function buildIndex(
  images: readonly BuiltImage[],
  format: ImageFormat,
  more: { readonly attestations?: string; readonly annotations?: Readonly<Record<string, string>> },
): { readonly index: BuiltManifest; readonly attestations: readonly BuiltImage[] } {
  const text = more.attestations;
  const attestations = text === undefined ? [] : images.map(({ manifest }) => buildAttestation(text, manifest.digest));
  const types = mediaTypes[format];
  const index = built(types.index, {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [
      ...images.map((image) => descriptorOf(image)),
      ...attestations.map((attestation, place) => ({
        ...descriptorOf(attestation),
        annotations: {
          'vnd.docker.reference.digest': images[place]?.manifest.digest,
          'vnd.docker.reference.type': 'attestation-manifest',
        },
      })),
    ],
    ...(more.annotations === undefined ? {} : { annotations: more.annotations }),
  });
  return { index, attestations };
}

function buildAttestation(text: string, subject: Digest): BuiltImage {
  return buildImage({ platform: 'unknown/unknown', layers: [`${text} of ${subject}`] }, 'oci', {
    name: 'attestation',
    build: '',
  });
}

type BuiltLayer = {
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly sizeBytes: number;
  readonly bytes: Buffer | undefined;
};

// Thousands of tags share their layers.
const builtLayers = new Map<string | number, BuiltLayer>();

function buildLayer(content: string | number): BuiltLayer {
  const known = builtLayers.get(content);
  if (known !== undefined) return known;
  const bytes = typeof content === 'string' ? gzipSync(content) : undefined;
  const layer = {
    digest: digestOf(bytes ?? `a layer of ${content} bytes`),
    diffId: digestOf(bytes === undefined ? `what a layer of ${content} bytes unpacks to` : String(content)),
    sizeBytes: bytes?.length ?? Number(content),
    bytes,
  };
  builtLayers.set(content, layer);
  return layer;
}

function configOf(
  { platform, osVersion, config = {} }: ImageContent,
  layers: readonly BuiltLayer[],
  comment: string,
): object {
  const created = config.created === undefined ? '2026-01-01T00:00:00Z' : config.created;
  return {
    ...(created === null ? {} : { created }),
    ...platformMembers(platform, osVersion),
    config: {
      ...(config.user === undefined ? {} : { User: config.user }),
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      ...(config.labels === undefined ? {} : { Labels: config.labels }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ ...(created === null ? {} : { created }), created_by: 'COPY . /', comment })),
  };
}

function descriptorOf({ manifest, content }: BuiltImage): object {
  return {
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.bytes.length,
    ...(content.annotations === undefined ? {} : { annotations: content.annotations }),
    platform: platformMembers(content.platform, content.osVersion),
  };
}

function platformMembers(platform: string, osVersion: string | undefined): object {
  const [os, architecture, variant] = platform.split('/');
  return {
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    ...(osVersion === undefined ? {} : { 'os.version': osVersion }),
  };
}

function built(mediaType: string, value: object): BuiltManifest {
  // Indented: who re-writes the JSON before hashing gets another digest.
  const bytes = Buffer.from(JSON.stringify(value, undefined, 2));
  return { digest: digestOf(bytes), mediaType, bytes };
}
