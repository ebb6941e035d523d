import type { Instant } from '../../../domain/source/instant.ts';
import type { InstalledScanner } from '../../../ports/scanner.ts';

/** What the packages of images are matched with. @throws ScannerError from every call. */
export type TrivyDatabase = {
  /** Version and date as they stand. */
  inspect(): Promise<InstalledScanner>;
  /** Fetches a newer one, where there is one. */
  renew(): Promise<void>;
  /** When the one was built that a scan would use now; asked before and after each. */
  builtAt(): Promise<Instant>;
  /** Options of every scan. */
  readonly args: readonly string[];
};
