import { maxDatabaseAgeMs } from '../vulnerability/database-age.ts';
import type { SeveritySource } from '../vulnerability/rate-findings.ts';

/** Of the organisation's file alone. */
export type ScanSettings = {
  /** A database that was built longer ago proves nothing. */
  readonly maxDatabaseAgeMs: number;
  /** Whose severity a finding counts with. */
  readonly severity: SeveritySource;
  /** Path globs of ready-made reports in the tree: whoever writes there tells what an image holds. */
  readonly reports: readonly string[];
};

/** On which scans count, wherever one is made. */
export type ScanTerms = Pick<ScanSettings, 'maxDatabaseAgeMs' | 'severity'>;

export const defaultScanSettings: ScanSettings = { maxDatabaseAgeMs, severity: 'vendor', reports: [] };
