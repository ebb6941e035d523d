import type { IsoDate } from '../domain/catalog/catalog.ts';

/** The live sources of the catalog. They are public and fixed: nothing that a tree or a policy says reaches them. */
export interface CatalogUpstream {
  /** The list of Docker Official Images. @throws CatalogUpstreamError */
  readOfficialList(): Promise<OfficialListing>;
  /** The life cycles of all products, as the API's parsed JSON. @throws CatalogUpstreamError */
  readLifeCycles(): Promise<unknown>;
  /** Requests so far, by host; redirects count. */
  requests(): Readonly<Record<string, number>>;
}

export type OfficialListing = {
  /** Git commit of the list. */
  readonly commit: string;
  readonly committedOn: IsoDate;
  /** Text of each file of `library/`, by its name; names are not checked. */
  readonly files: ReadonlyMap<string, string>;
};

/** A source could not be read. The message says which and why, without a final full stop. */
export class CatalogUpstreamError extends Error {
  override readonly name = 'CatalogUpstreamError';
  readonly code: 'unavailable' | 'redirected' | 'too-large' | 'malformed';

  constructor(code: CatalogUpstreamError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
