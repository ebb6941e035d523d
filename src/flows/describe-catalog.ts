import type { Catalog, CatalogSource, Cycle } from '../domain/catalog/catalog.ts';
import { parseReference, repositoryName } from '../domain/image/reference.ts';

/** What the catalog holds, or what it knows of one repository. This is also the `--json` output. */
export type CatalogOverview = {
  readonly asOf: string;
  readonly ageDays: number;
  readonly isStale: boolean;
  /** Whether a refresh renewed any part of it. */
  readonly isRenewed: boolean;
  /** What is older or could not be used, in sentences. */
  readonly notes: readonly string[];
  readonly sources: readonly CatalogSource[];
  readonly counts: {
    readonly repositories: number;
    readonly retired: number;
    readonly products: number;
    readonly vendors: number;
  };
  readonly image?: CatalogEntry;
};

export type CatalogEntry = {
  /** `registry/repository`. */
  readonly repository: string;
  /** Tags that are still rebuilt; null when the catalog has no list. */
  readonly maintainedTags: readonly string[] | null;
  readonly retired: { readonly since: string; readonly successors: readonly string[] } | null;
  readonly product: { readonly title: string; readonly cycles: readonly Cycle[] } | null;
  /** Compressed bytes for linux/amd64, by tag. */
  readonly sizes: Readonly<Record<string, number>>;
};

const staleAfterDays = 90;

/**
 * @param image a reference or repository as people write it; `undefined` for the whole.
 * @returns `undefined` when `image` is no reference.
 */
export function describeCatalog(
  catalog: Catalog,
  image: string | undefined,
  today: string,
): CatalogOverview | undefined {
  const ageDays = Math.max(0, Math.floor((Date.parse(today) - Date.parse(catalog.asOf)) / 86_400_000));
  const overview = {
    asOf: catalog.asOf,
    ageDays,
    isStale: ageDays > staleAfterDays,
    isRenewed: catalog.isRenewed,
    notes: catalog.notes,
    sources: Object.values(catalog.sources),
    counts: {
      repositories: catalog.repositories.length,
      retired: catalog.retired.size,
      products: catalog.products.size,
      vendors: catalog.vendors.length,
    },
  };
  if (image === undefined) return overview;
  const parsed = parseReference(image);
  return parsed.kind === 'ok' ? { ...overview, image: entryOf(catalog, repositoryName(parsed.reference)) } : undefined;
}

function entryOf(catalog: Catalog, repository: string): CatalogEntry {
  const retired = catalog.retired.get(repository.replace('docker.io/library/', ''));
  const productId = catalog.productOf.get(repository)?.product;
  const product = productId === undefined ? undefined : catalog.products.get(productId);
  return {
    repository,
    maintainedTags:
      catalog
        .findTags(repository)
        ?.all()
        .map(({ text }) => text) ?? null,
    retired: retired === undefined ? null : { since: retired.since, successors: retired.successors },
    product: product ?? null,
    sizes: Object.fromEntries(catalog.sizes.get(repository) ?? []),
  };
}
