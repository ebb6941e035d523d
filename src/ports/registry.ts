import type { ListedTag } from '../domain/candidates/candidate.ts';
import type { Digest, ImageConfig, Manifest } from '../domain/image/manifest.ts';
import type { Reference } from '../domain/image/reference.ts';
import type { Instant } from '../domain/source/instant.ts';

/** Where an image lies: the canonical host (`docker.io`) and the path in it (`library/node`). */
export type RepositoryAddress = Pick<Reference, 'registry' | 'repository'>;

/**
 * All registries of the world, asked politely. Requests to one host wait for each other as its limits ask; calls may be made
 * all at once. Nothing is told as "up to date" that was not asked: every failure is thrown.
 *
 * @throws RegistryError from every call.
 */
export interface Registry {
  /**
   * The digest that a tag stands for now: one HEAD, or a GET where a registry answers no HEAD. Never from a cache.
   *
   * @param tag or a digest: whether it is there now. Another digest in its place is `malformed`.
   */
  resolve(address: RepositoryAddress, tag: string): Promise<ResolvedTag>;
  /**
   * All tags of a repository, signatures and attestations left out.
   *
   * @param known tags of an earlier listing: where a registry lists newest first, reading ends at the first page of nothing new.
   */
  listTags(address: RepositoryAddress, known?: ReadonlySet<string>): Promise<TagListing>;
  /** By digest: verified against it, kept on disk for ever. */
  readManifest(address: RepositoryAddress, digest: Digest): Promise<Manifest>;
  readConfig(address: RepositoryAddress, digest: Digest): Promise<ImageConfig>;
  /**
   * Writes one platform's image whole into a new folder in the OCI image layout: `oci-layout`, `index.json` with the one manifest,
   * `blobs/sha256/…`. Every byte is checked against its digest and size as it comes, and none is kept in memory. Media types stay
   * as the registry has them, Docker's too.
   *
   * A failure leaves no folder. The address's credentials go to that very host, as in every call.
   *
   * @param digest of an image; an index is `refused`, since it is none, and so is an image with layers that lie elsewhere (`urls`).
   * @param folder must not exist; the folder around it must.
   */
  downloadImage(
    address: RepositoryAddress,
    digest: Digest,
    folder: string,
    bounds: DownloadBounds,
  ): Promise<DownloadedImage>;
  /** What Docker Hub says of the publisher of a namespace. Kept for a week. `undefined` on every other registry. */
  findPublisher(address: RepositoryAddress): Promise<Publisher | undefined>;
  /** What was asked so far, by host and kind. */
  requests(): RequestCounts;
  /** What each host said of its limits, newest word. */
  budgets(): readonly Budget[];
  /** What is wrong with our own side, and was worked around: credentials that a host refuses. */
  faults(): readonly RegistryFault[];
  /** Ends open connections. Nothing may be asked afterwards. */
  close(): Promise<void>;
}

export type ResolvedTag = {
  readonly digest: Digest;
  readonly mediaType: string;
};

/** `maxBytes`: of the config and the layers, as they are transferred; an image that says it has more is not begun. */
export type DownloadBounds = { readonly maxBytes: number };

/** `sizeBytes`: of the config and the layers, each blob counted once. */
export type DownloadedImage = { readonly folder: string; readonly sizeBytes: number };

export type TagListing = {
  /** With a digest where the registry itself lists it (`gcr.io`): that is as good as a HEAD. */
  readonly tags: readonly ListedTag[];
  /** `since-known`: older tags are those of the earlier listing. `truncated`: more pages than the client reads. */
  readonly extent: 'all' | 'since-known' | 'truncated';
};

/** `none`: looked up, and neither. `checkedAt`: when. */
export type Publisher = {
  readonly badge: 'official' | 'verified-publisher' | 'sponsored-open-source' | 'none';
  readonly name?: string;
  readonly checkedAt: Instant;
};

export type RequestKind = 'head' | 'list' | 'manifest' | 'config' | 'blob' | 'token' | 'ping' | 'publisher';

/** By host, then by kind. `retried` and `cached` are no requests of their own kind: the first are counted in it, the last are none. */
export type RequestCounts = ReadonlyMap<string, Readonly<Partial<Record<RequestKind | 'retried' | 'cached', number>>>>;

export type RegistryFault = { readonly host: string; readonly message: string };

/** Pulls that a host still grants; manifests are not read below the reserve. */
export type Budget = {
  readonly host: string;
  readonly limit: number;
  readonly remaining: number;
  readonly reserve: number;
  readonly windowSeconds: number;
};

/**
 * `not-found`: missing, or private and told as missing. `unauthorized`: credentials are missing or wrong. `rate-limited`: the
 * host asks to wait until `retryAt`. `over-budget`: we keep the last pulls in reserve. `unavailable`: no answer, 5xx, time-out.
 * `malformed`: an answer that breaks the protocol, or bytes that do not match their digest. `refused`: we do not ask this host
 * (private address, unsafe redirect); the message names the setting that allows it. Also what cannot be downloaded as one image.
 * `too-large`: an image has more bytes than were allowed. `unwritable`: the folder of a download is there already or cannot be written.
 */
export type RegistryErrorCode =
  | 'not-found'
  | 'unauthorized'
  | 'rate-limited'
  | 'over-budget'
  | 'unavailable'
  | 'malformed'
  | 'refused'
  | 'too-large'
  | 'unwritable';

export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly host: string;
  readonly retryAt: Instant | undefined;
  constructor(
    code: RegistryErrorCode,
    host: string,
    message: string,
    options?: ErrorOptions & { readonly retryAt?: Instant | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.host = host;
    this.retryAt = options?.retryAt;
  }
}
