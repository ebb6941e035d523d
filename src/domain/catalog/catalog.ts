import type { RepositoryTags } from './repository-tags.ts';

/** An ISO date, `2026-11-23`. */
export type IsoDate = string;

export type CatalogSource = {
  readonly name: string;
  readonly url: string;
  readonly date: IsoDate;
  readonly license: string;
};

/**
 * What is known of public images on one day. Repositories are named in full (`docker.io/library/node`).
 *
 * The look-ups return `undefined` for what the catalog does not hold, which says nothing about the world.
 */
export type Catalog = {
  /** Date of the oldest list: what the catalog says was true then. Lists that no refresh renews do not count once the others are renewed. */
  readonly asOf: IsoDate;
  /** Whether any part of it comes from a refresh instead of the package. */
  readonly isRenewed: boolean;
  /** What a reader of its age has to know besides, in sentences: what is older, what could not be used. */
  readonly notes: readonly string[];
  readonly sources: CatalogSources;
  /** Repositories with all tags that their publisher still rebuilds, sorted by name. */
  readonly repositories: readonly string[];
  readonly findTags: (repository: string) => RepositoryTags | undefined;
  /** Whether a tag without a word of size is the same image as one that has it: `caddy:2` is `caddy:2-alpine`. */
  readonly isSmallAlready: (repository: string, tag: string) => boolean;
  /** Names under `docker.io/library` that were official once. */
  readonly retired: ReadonlyMap<string, RetiredImage>;
  readonly products: ReadonlyMap<string, Product>;
  /** How the tags of a repository name the cycles of a product. */
  readonly productOf: ReadonlyMap<string, ProductOfImage>;
  readonly distroless: Distroless;
  /** Longest prefix first. */
  readonly vendors: readonly Vendor[];
  /** Compressed bytes for linux/amd64, by repository, then by tag. */
  readonly sizes: ReadonlyMap<string, ReadonlyMap<string, number>>;
};

export type CatalogSources = {
  readonly official: CatalogSource;
  readonly dotnet: CatalogSource;
  readonly distroless: CatalogSource;
  readonly lifeCycles: CatalogSource;
  readonly distributions: CatalogSource;
  readonly sizes: CatalogSource;
  /** Tables that we keep by hand: successors, vendors. */
  readonly own: CatalogSource;
};

export type RetiredImage = {
  readonly since: IsoDate;
  /** As people write them: `eclipse-temurin`, `hashicorp/vault`. Best first. */
  readonly successors: readonly string[];
  /** True when the first successor may be written in its place, tags being named alike. */
  readonly isDropIn: boolean;
  /** True when only its early-access tags are left (openjdk): a prerelease tag is not retired. */
  readonly keepsPrereleases: boolean;
};

export type Product = {
  readonly title: string;
  /** Newest first, by number. */
  readonly cycles: readonly Cycle[];
};

export type Cycle = {
  readonly name: string;
  readonly codename?: string;
  /** The day it becomes LTS, or whether it is; absent means no. */
  readonly lts?: IsoDate | boolean;
  /** Absent: not released yet. */
  readonly releasedOn?: IsoDate;
  /** Last day of the product's own free support; `true`: ended on an unknown day; `false`: no end known. */
  readonly ends: IsoDate | boolean;
  /** Last day of Debian LTS. No other extended support is free. */
  readonly longTermEnds?: IsoDate;
  readonly latest?: string;
};

/** `cycleParts`: how many leading numbers of a version name the cycle; 0 means that the repository or the system names it. */
export type ProductOfImage = { readonly product: string; readonly cycleParts: number };

export type Distroless = {
  /** Last day that its maintainers promise to rebuild, by pattern: `node*-debian12`. */
  readonly supportEnds: ReadonlyMap<string, IsoDate>;
  /** Names that are not rebuilt any more, with the day they were last listed. */
  readonly frozen: ReadonlyMap<string, IsoDate>;
};

export type Vendor = {
  /** `gcr.io/distroless`: everything below this path is the vendor's. */
  readonly prefix: string;
  readonly name: string;
  readonly url: string;
  /** Whether the default policy trusts it as an official source. */
  readonly isOfficialByDefault: boolean;
};
