import { maxDatabaseAgeMs } from '../vulnerability/database-age.ts';

/** Of the organisation's file alone. */
export type ScanSettings = {
  /** A database that was built longer ago proves nothing. */
  readonly maxDatabaseAgeMs: number;
  /** Path globs of ready-made reports in the tree: whoever writes there tells what an image holds. */
  readonly reports: readonly string[];
};

export const defaultScanSettings: ScanSettings = { maxDatabaseAgeMs, reports: [] };
