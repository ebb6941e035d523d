/** The places where Basekeeper keeps what it knows. Looking makes nothing. */
export interface OwnStorage {
  inspectLedger(): Promise<LedgerState>;
  inspectCache(): Promise<CacheState>;
}

/** `homeless`: the environment names no folder. `absent`: will be made when it is needed. `reason`: one clause. */
type Unusable =
  | { readonly kind: 'homeless' }
  | { readonly kind: 'absent'; readonly path: string }
  | { readonly kind: 'unusable'; readonly path: string; readonly reason: string };

export type LedgerState =
  | Unusable
  | { readonly kind: 'ledger'; readonly path: string; readonly version: number; readonly sizeBytes: number };

/** `files`: counted up to a bound, and their sizes with them. */
export type CacheState =
  | Unusable
  | {
      readonly kind: 'cache';
      readonly path: string;
      readonly files: number;
      readonly sizeBytes: number;
      readonly isCountedWhole: boolean;
    };
