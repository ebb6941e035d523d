import type { Digest } from '../domain/image/manifest.ts';
import type { Instant } from '../domain/source/instant.ts';
import type { Scan } from '../domain/vulnerability/scan.ts';

/**
 * Scans that were made, with their evidence: one per digest and database. Several processes may use it at a time; what is kept is there
 * whole or not at all.
 *
 * @throws ScanArchiveError from every call.
 */
export interface ScanArchive {
  /** The newest by its database; `undefined` where there is none, and where what is there cannot be read whole. */
  find(digest: Digest, scanner: Scan['scanner']['name']): Promise<KeptScan | undefined>;
  keep(scan: KeptScan): Promise<void>;
}

export type KeptScan = {
  /** Of the manifest of one platform. */
  readonly digest: Digest;
  readonly databaseAt: Instant;
  readonly scannedAt: Instant;
  readonly scan: Scan;
  readonly report: string;
  readonly inventory?: string;
};

/** The folder cannot be written, or is full. */
export class ScanArchiveError extends Error {
  override readonly name = 'ScanArchiveError';
}
