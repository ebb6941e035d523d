import type { Reference } from '../image/reference.ts';
import type { CatalogSource, IsoDate } from './catalog.ts';

/** All that the catalog knows of one reference at one instant. Absent means: the catalog does not say. */
export type ImageFacts = {
  /**
   * `docker-official`: in the list of Docker Official Images; `vendor`: a registry or namespace that its vendor owns;
   * `retired`: was official once; `unlisted`: under `docker.io/library`, but in no list; `unknown`: everything else.
   */
  readonly publisher: 'docker-official' | 'vendor' | 'retired' | 'unlisted' | 'unknown';
  readonly publisherName?: string;
  /** The source of `publisher`, with its date; absent for `unknown`. */
  readonly evidence?: CatalogSource;
  readonly retired?: { readonly since: IsoDate; readonly successors: readonly string[] };
  /** Whether the tag is still rebuilt by its publisher. `unlisted`: the catalog has no tags of this repository. */
  readonly tagState: 'maintained' | 'unmaintained' | 'unlisted';
  /** Set when the tag does not name a release: `none` (untagged) or the word (`latest`, `edge`, `stable` …). */
  readonly floating?: string;
  /** The product in the image: node 20, python 3.12, debian 12. */
  readonly lifecycle?: Lifecycle;
  /** The operating system release underneath, where the tag or repository names it. Absent when it *is* the product. */
  readonly os?: Lifecycle;
  /** `-slim`, `-alpine`, `chiseled` … of the same version, maintained, smallest first. Empty when this is the smallest. */
  readonly smaller: readonly SmallerVariant[];
  /** Typical compressed size for linux/amd64, where known. */
  readonly sizeBytes?: number;
  /** True for distroless `:debug` and its like: a shell in an image that has none by design. */
  readonly isDebug: boolean;
  /** True for images made for building: golang, maven, gradle, rust, dotnet/sdk, node and python that are not slim or alpine … */
  readonly isBuilder: boolean;
  /** True for databases and the like: moving to another release line needs a migration of what is on disk. */
  readonly keepsData: boolean;
  /** What to write in place of this reference; see `recommend`. Absent when nothing better is known. */
  readonly recommended?: Recommendation;
};

export type Lifecycle = {
  /** Display name: `Node.js`, `Debian`. */
  readonly product: string;
  /** `20`, `3.12`, `12 (bookworm)`. */
  readonly line: string;
  readonly releasedOn?: IsoDate;
  /** Last day of free public support, Debian LTS included; absent when no end is known. */
  readonly supportEndsOn?: IsoDate;
  /** `long-term-only`: the product's own team stopped, Debian LTS still patches. */
  readonly state: 'supported' | 'long-term-only' | 'ended' | 'unreleased';
  readonly isLts: boolean;
  /** The line that the policy asks for: newest LTS as of now, or newest stable where the product has no LTS. */
  readonly latest: { readonly line: string; readonly isLts: boolean; readonly supportEndsOn?: IsoDate };
  /** True when `line` is older than `latest.line`. */
  readonly isBehind: boolean;
  readonly source: CatalogSource;
};

export type SmallerVariant = { readonly reference: Reference; readonly sizeBytes?: number };

export type Recommendation = {
  readonly reference: Reference;
  /** One clause each: `Node.js 26 is the latest LTS`, `alpine is the smallest variant`. */
  readonly reasons: readonly string[];
};
