import type { Platform } from './platform.ts';

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = string;

/** What a registry keeps under one digest: an index over platforms, or one image. */
export type Manifest = ImageIndex | ImageManifest;

export type ImageIndex = {
  readonly kind: 'index';
  readonly digest: Digest;
  /** Attestations are left out: children whose platform is `unknown/unknown`, or that say they describe another child. */
  readonly children: readonly IndexChild[];
  readonly annotations: Annotations;
};

export type IndexChild = {
  readonly digest: Digest;
  /** Absent where the index does not say. */
  readonly platform?: Platform;
  /** Only Windows images carry one. */
  readonly osVersion?: string;
  readonly annotations: Annotations;
};

export type ImageManifest = {
  readonly kind: 'image';
  readonly digest: Digest;
  readonly configDigest: Digest;
  /** Compressed: the layers and the config, as they are transferred. */
  readonly sizeBytes: number;
  /** Lowest first. */
  readonly layers: readonly { readonly digest: Digest; readonly sizeBytes: number }[];
  readonly annotations: Annotations;
};

/** Texts of at most 4,096 characters; others are dropped. */
export type Annotations = ReadonlyMap<string, string>;

/** What an image says of itself. Labels are inherited from the base: what they say may be true of that alone. */
export type ImageConfig = {
  readonly platform: Platform;
  /** ISO 8601; absent for none and for the epoch, which reproducible builds write. */
  readonly createdAt?: string;
  /** Empty when the image runs as root. */
  readonly user: string;
  readonly labels: Annotations;
  /** Digests of the uncompressed layers, lowest first. */
  readonly diffIds: readonly Digest[];
  /** What was done to make it, first step first; absent where it does not say. */
  readonly history?: readonly BuildStep[];
};

/** `isEmpty`: it changed the configuration alone, and made no layer. */
export type BuildStep = { readonly createdBy: string; readonly isEmpty: boolean };
