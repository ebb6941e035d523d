import type { Digest } from '../../../src/domain/image/manifest.ts';
import type { Instant } from '../../../src/domain/source/instant.ts';
import {
  type BuildOrigin,
  type BuiltImage,
  type BuiltManifest,
  buildImage,
  buildIndex,
  type ImageContent,
  type ImageFormat,
} from './build-image.ts';

/** An index over images; what is not given is made up from `build`, so that the same push again changes nothing. */
export type Push = {
  readonly repository: string;
  readonly tag: string;
  readonly platforms: readonly (ImageContent | string)[];
  readonly attestations?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly build?: string;
  readonly format?: ImageFormat;
  /** Absent: a second after the push before. */
  readonly pushedAt?: Instant;
};

/** One image without an index. */
export type ImagePush = Omit<Push, 'platforms' | 'attestations' | 'annotations'> & {
  readonly image: ImageContent | string;
};

export type PushedIndex = { readonly digest: Digest; readonly children: ReadonlyMap<string, PushedImage> };

export type PushedImage = Pick<BuiltImage, 'configDigest' | 'layerDigests' | 'diffIds' | 'sizeBytes'> & {
  readonly digest: Digest;
};

/** What a tag stood for from an instant on; the digest is made when it is first asked for. */
export type TagPush = { readonly pushedAt: Instant; digest(): Digest };

type Repository = {
  /** Oldest first. */
  readonly tags: Map<string, readonly TagPush[]>;
  readonly manifests: Map<Digest, StoredManifest>;
  readonly blobs: Map<Digest, Buffer>;
  /** Sorted as Go sorts: by bytes. Made again after a change. */
  lexical: readonly string[] | undefined;
};

export type StoredManifest = BuiltManifest & {
  /** Of an index: its images, without attestations. */
  readonly images: readonly BuiltImage[];
};

export type Publisher = { readonly badge: string; readonly name: string };

/** What a registry holds. Several servers may share one: a mirror, a store that blobs are redirected to. */
export class FakeContent {
  readonly publishers = new Map<string, Publisher>();
  readonly #repositories = new Map<string, Repository>();
  #lastPushedAt: Instant = Date.UTC(2026, 0, 1);

  push(push: Push): PushedIndex {
    const pushed = this.#storeIndex(push);
    this.#point(push, () => pushed.digest);
    return pushed;
  }

  pushImage(push: ImagePush): PushedImage {
    const image = buildImage(contentOf(push.image), push.format ?? 'oci', originOf(push));
    this.#storeImage(push.repository, image);
    this.#point(push, () => image.manifest.digest);
    return pushedImage(image);
  }

  /** An image that was made elsewhere. */
  pushBuilt(target: Pick<Push, 'repository' | 'tag' | 'pushedAt'>, image: BuiltImage): Digest {
    this.#storeImage(target.repository, image);
    this.#point(target, () => image.manifest.digest);
    return image.manifest.digest;
  }

  /** As many tags as wanted, cheaply: bytes are made for those that are asked for. They share their layers. */
  pushTags(push: Omit<Push, 'tag' | 'build'>, tags: Iterable<string>): void {
    for (const tag of tags) {
      let digest: Digest | undefined;
      this.#point({ ...push, tag }, () => {
        digest ??= this.#storeIndex({ ...push, tag }).digest;
        return digest;
      });
    }
  }

  /** Points a tag at what is there already. */
  tag(target: Pick<Push, 'repository' | 'tag' | 'pushedAt'> & { readonly digest: Digest }): void {
    if (this.findManifest(target.repository, target.digest) === undefined)
      throw new Error(`the fake has no ${target.digest} in ${target.repository}`);
    this.#point(target, () => target.digest);
  }

  untag(repository: string, tag: string): void {
    const found = this.#repositories.get(repository);
    found?.tags.delete(tag);
    if (found !== undefined) found.lexical = undefined;
  }

  /** One manifest and every tag that stands for it, or the repository. */
  delete(repository: string, digest?: Digest): void {
    if (digest === undefined) {
      this.#repositories.delete(repository);
      return;
    }
    for (const tag of this.listTags(repository))
      if (this.findDigest(repository, tag) === digest) this.untag(repository, tag);
    this.#repositories.get(repository)?.manifests.delete(digest);
  }

  hasRepository(repository: string): boolean {
    return this.#repositories.has(repository);
  }

  repositories(): readonly string[] {
    return [...this.#repositories.keys()].sort();
  }

  /** By bytes. */
  listTags(repository: string): readonly string[] {
    const found = this.#repositories.get(repository);
    if (found === undefined) return [];
    found.lexical ??= [...found.tags.keys()].sort();
    return found.lexical;
  }

  /** What a tag stood for at an instant; without one, what it stands for. */
  findPush(repository: string, tag: string, at = Number.POSITIVE_INFINITY): TagPush | undefined {
    return this.#repositories
      .get(repository)
      ?.tags.get(tag)
      ?.findLast(({ pushedAt }) => pushedAt <= at);
  }

  findDigest(repository: string, tag: string): Digest | undefined {
    return this.findPush(repository, tag)?.digest();
  }

  findManifest(repository: string, digest: Digest): StoredManifest | undefined {
    return this.#repositories.get(repository)?.manifests.get(digest);
  }

  findBlob(repository: string, digest: Digest): Buffer | undefined {
    return this.#repositories.get(repository)?.blobs.get(digest);
  }

  findBlobAnywhere(digest: Digest): Buffer | undefined {
    for (const { blobs } of this.#repositories.values()) {
      const bytes = blobs.get(digest);
      if (bytes !== undefined) return bytes;
    }
    return undefined;
  }

  #storeIndex(push: Push): PushedIndex {
    const format = push.format ?? 'oci';
    const images = push.platforms.map((platform) => buildImage(contentOf(platform), format, originOf(push)));
    const { index, attestations } = buildIndex(images, format, push);
    for (const image of [...images, ...attestations]) this.#storeImage(push.repository, image);
    this.#open(push.repository).manifests.set(index.digest, { ...index, images });
    return {
      digest: index.digest,
      children: new Map(images.map((image) => [image.content.platform, pushedImage(image)])),
    };
  }

  #storeImage(repository: string, image: BuiltImage): void {
    const { manifests, blobs } = this.#open(repository);
    manifests.set(image.manifest.digest, { ...image.manifest, images: [image] });
    for (const [digest, bytes] of image.blobs) blobs.set(digest, bytes);
  }

  #point({ repository, tag, pushedAt }: Pick<Push, 'repository' | 'tag' | 'pushedAt'>, digest: () => Digest): void {
    this.#lastPushedAt = pushedAt ?? this.#lastPushedAt + 1000;
    const found = this.#open(repository);
    found.tags.set(tag, [...(found.tags.get(tag) ?? []), { pushedAt: this.#lastPushedAt, digest }]);
    found.lexical = undefined;
  }

  #open(repository: string): Repository {
    const known = this.#repositories.get(repository);
    if (known !== undefined) return known;
    const opened: Repository = { tags: new Map(), manifests: new Map(), blobs: new Map(), lexical: undefined };
    this.#repositories.set(repository, opened);
    return opened;
  }
}

function contentOf(content: ImageContent | string): ImageContent {
  return typeof content === 'string' ? { platform: content } : content;
}

function originOf({ repository, tag, build = '' }: Pick<Push, 'repository' | 'tag' | 'build'>): BuildOrigin {
  return { name: `${repository}:${tag}`, build };
}

function pushedImage({ manifest, configDigest, layerDigests, diffIds, sizeBytes }: BuiltImage): PushedImage {
  return { digest: manifest.digest, configDigest, layerDigests, diffIds, sizeBytes };
}
