import type { ListedTag } from '../../../src/domain/candidates/candidate.ts';
import type { Digest, ImageConfig, Manifest } from '../../../src/domain/image/manifest.ts';
import { formatInstant } from '../../../src/domain/source/instant.ts';
import {
  type Budget,
  type DownloadedImage,
  type Publisher,
  type Registry,
  RegistryError,
  type RegistryFault,
  type RepositoryAddress,
  type RequestCounts,
  type RequestKind,
  type ResolvedTag,
  type TagListing,
} from '../../../src/ports/registry.ts';
import { configDigest, configOf, indexOf, manifestOf } from './image-build.ts';
import type { TagWorld, WorldTag } from './tag-world.ts';

const library = 'library/';

/** Docker Hub as it was at the instant of a world: all tags ever published are listed, with the date of their last push. */
export class HistoryRegistry implements Registry {
  readonly #world: TagWorld;
  readonly #counts = new Map<RequestKind, number>();
  readonly #listed = new WeakMap<WorldTag, ListedTag>();
  readonly #configs = new Map<Digest, ImageConfig>();
  #looks: string[] = [];

  constructor(world: TagWorld) {
    this.#world = world;
  }

  async resolve(address: RepositoryAddress, tag: string): Promise<ResolvedTag> {
    this.#count('head');
    const repository = nameOf(address);
    const digest = this.#world.digestOf(repository, tag);
    if (digest === undefined) throw this.#missing(address, `cannot find ${repository}:${tag}`);
    this.#looks.push(`${repository}:${tag}`);
    return { digest, mediaType: 'application/vnd.oci.image.index.v1+json' };
  }

  async listTags(address: RepositoryAddress): Promise<TagListing> {
    this.#count('list');
    const tags = this.#world.tagsOf(nameOf(address));
    if (tags === undefined) throw this.#missing(address, `cannot list tags of ${nameOf(address)}`);
    return { tags: [...tags].map(([name, tag]) => this.#listedAs(name, tag)), extent: 'all' };
  }

  async readManifest(address: RepositoryAddress, digest: Digest): Promise<Manifest> {
    this.#count('manifest');
    const index = this.#world.findBuild(digest);
    if (index !== undefined) return indexOf(index);
    const child = this.#world.findChild(digest);
    if (child === undefined) throw this.#missing(address, `cannot read ${digest}`);
    this.#configs.set(configDigest(child), configOf(child));
    return manifestOf(child);
  }

  async readConfig(address: RepositoryAddress, digest: Digest): Promise<ImageConfig> {
    this.#count('config');
    const config = this.#configs.get(digest);
    if (config === undefined) throw this.#missing(address, `cannot read ${digest}`);
    return config;
  }

  /** A history knows how large layers were, and holds none. */
  async downloadImage(address: RepositoryAddress, digest: Digest): Promise<DownloadedImage> {
    this.#count('blob');
    throw this.#missing(address, `cannot download ${digest}`);
  }

  async findPublisher(): Promise<Publisher | undefined> {
    return undefined;
  }

  requests(): RequestCounts {
    return new Map([['docker.io', Object.fromEntries(this.#counts)]]);
  }

  budgets(): readonly Budget[] {
    return [];
  }

  faults(): readonly RegistryFault[] {
    return [];
  }

  async close(): Promise<void> {}

  /** Which tags were resolved since this was asked last: `node:22-slim`. */
  takeLooks(): readonly string[] {
    const looks = this.#looks;
    this.#looks = [];
    return looks;
  }

  #listedAs(name: string, tag: WorldTag): ListedTag {
    const before = this.#listed.get(tag);
    const pushedAt = formatInstant(tag.pushedAt);
    if (before?.pushedAt === pushedAt) return before;
    const listed = { tag: name, pushedAt };
    this.#listed.set(tag, listed);
    return listed;
  }

  #count(kind: RequestKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  #missing({ registry }: RepositoryAddress, message: string): RegistryError {
    return new RegistryError('not-found', registry, message);
  }
}

function nameOf({ repository }: RepositoryAddress): string {
  return repository.startsWith(library) ? repository.slice(library.length) : repository;
}
