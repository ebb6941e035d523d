import type { Digest } from '../domain/image/manifest.ts';
import type { Instant } from '../domain/source/instant.ts';
import type { Scan } from '../domain/vulnerability/scan.ts';

/**
 * Looks for known vulnerabilities in images. Never judged by the exit code of a program: what counts is a whole report. Bounded in
 * time, memory and size of what it writes; half a report is never read.
 *
 * @throws ScannerError from every call.
 */
export interface Scanner {
  /** Which scanner and database would answer now. Asked once a run: scans are kept under it. */
  describe(): Promise<ScannerDescription>;
  /**
   * Scans one image, of one platform.
   *
   * @returns with the inventory, so that a later database needs no image: `rematch`.
   */
  scan(image: ScannedImage): Promise<ScanEvidence>;
  /** What today's database says of an inventory that an earlier scan left. Layers, size and user are not in it. */
  rematch(inventory: string): Promise<ScanEvidence>;
}

/** Tells of the scanner as it stands: nothing is fetched, nothing is scanned. */
export interface ScannerInspection {
  /** @throws ScannerError */
  inspect(): Promise<InstalledScanner>;
}

export type InstalledScanner = {
  readonly version: string;
  /** The path of the program, or the address of the server. */
  readonly place: string;
  /** Absent while it has no database. */
  readonly databaseAt?: Instant;
};

/** Where the content lies on this machine: a folder in the OCI layout, or an archive of `docker save` or the OCI. */
export type ScannedImage = {
  readonly path: string;
  /** What people call it: told in errors and in the report. */
  readonly name: string;
  /** Of the manifest of the one platform. */
  readonly digest: Digest;
};

export type ScannerDescription = {
  readonly name: Scan['scanner']['name'];
  readonly version: string;
  /** When its database was built, which is not when it was fetched. */
  readonly databaseAt: Instant;
};

export type ScanEvidence = {
  readonly scan: Scan;
  /** As the scanner wrote it, whole. */
  readonly report: string;
  /** CycloneDX in JSON, with the layer of each package; absent where the scanner leaves none. */
  readonly inventory?: string;
};

/**
 * `missing`: there is no such program, or nothing answers at its address. `database`: it has none, or cannot fetch one. `late`: ended
 * because it took too long. `crashed`: it ended without a report. `too-large`: it wrote more than is read. `malformed`: what it wrote
 * is no report.
 */
export type ScannerErrorCode = 'missing' | 'database' | 'late' | 'crashed' | 'too-large' | 'malformed';

export class ScannerError extends Error {
  override readonly name = 'ScannerError';
  readonly code: ScannerErrorCode;
  constructor(code: ScannerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
