import {
  readRenewedCatalog,
  renewedCatalogPath,
  renewedCatalogText,
} from '../adapters/catalog-file/renewed-catalog-file.ts';
import { loadCatalog } from '../catalog/load.ts';
import { partsInForce } from '../catalog/parts-in-force.ts';
import { readEnvironment, readWorldEnvironment } from '../config/environment.ts';
import type { Catalog } from '../domain/catalog/catalog.ts';
import type { RenewableParts, RenewedCatalog } from '../domain/catalog/snapshot.ts';
import type { CatalogUpstream } from '../ports/catalog-upstream.ts';

/** The shipped catalog, with what a refresh left where it is newer. */
export function catalog(): Catalog {
  return loadCatalog(renewedCatalog(readEnvironment().catalogFolder));
}

function renewedCatalog(folder: string | undefined): RenewedCatalog {
  return folder === undefined ? { kind: 'none' } : readRenewedCatalog(folder);
}

export type CatalogRenewal = {
  readonly upstream: CatalogUpstream;
  readonly inForce: RenewableParts;
  readonly path: string;
  readonly textOf: (parts: RenewableParts) => string;
  readonly close: () => Promise<void>;
};

/** What a refresh of the catalog in this folder works with. Loads what speaks HTTP, which no other command has to wait for. */
export async function catalogRenewal(folder: string): Promise<CatalogRenewal> {
  const { createHttpClient } = await import('../adapters/http/http-client.ts');
  const { createCatalogUpstream } = await import('../adapters/catalog-source/catalog-upstream.ts');
  const http = createHttpClient({ proxies: readWorldEnvironment().proxies });
  return {
    upstream: createCatalogUpstream(http),
    inForce: partsInForce(renewedCatalog(folder)),
    path: renewedCatalogPath(folder),
    textOf: renewedCatalogText,
    close: () => http.close(),
  };
}
