import type { CatalogSource, IsoDate } from './catalog.ts';

/**
 * The parts of the catalog that live sources exist for, in the compact form in which they are kept in files.
 *
 * .NET, distroless, sizes and the tables kept by hand have none: they come with the program alone.
 */
export type RenewableParts = { readonly official: OfficialPart; readonly lifeCycles: LifeCyclesPart };

/** Docker Official Images by short name (`node`). Lists of tags are texts with spaces between. */
export type OfficialPart = {
  readonly source: CatalogSource;
  readonly repositories: Readonly<Record<string, string>>;
  /** Tags without a word of size that are the same image as one that has it. */
  readonly smallAlready: Readonly<Record<string, string>>;
  /** Official once; the day on which that was noticed at the latest. */
  readonly retired: Readonly<Record<string, IsoDate>>;
  readonly kept?: Kept;
};

export type LifeCyclesPart = {
  readonly source: CatalogSource;
  readonly products: Readonly<Record<string, ProductRows>>;
  readonly kept?: Kept;
};

/** What a refresh could not renew, by name: it is still of that day, older than the source's. */
type Kept = Readonly<Record<string, IsoDate>>;

export type ProductRows = { readonly title: string; readonly cycles: readonly CycleRow[] };

/** `[cycle, codename, lts, released, end of free support of the own team, end of Debian LTS, latest]`; null where unknown. */
export type CycleRow = readonly [
  name: string,
  codename: string | null,
  lts: IsoDate | boolean | null,
  releasedOn: IsoDate | null,
  ends: IsoDate | boolean | null,
  longTermEnds: IsoDate | null,
  latest: string | null,
];

/** What was found where a refresh leaves its catalog. */
export type RenewedCatalog =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly parts: RenewableParts }
  | { readonly kind: 'unusable'; readonly reason: string };
