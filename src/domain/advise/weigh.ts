import { compareScans } from '../vulnerability/compare-scans.ts';
import type { Scan } from '../vulnerability/scan.ts';
import { compareSeverities, type Severity, severities } from '../vulnerability/severity.ts';

/** What a base has, and what a move to it does. */
export type Weight = {
  /** Findings at or above the threshold, with a fixed version. */
  readonly patchable: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** All, of any severity. */
  readonly remaining: number;
  /** Absent where the present base could not be looked into. */
  readonly move?: {
    /** Findings of the present base that it has not, of any severity. */
    readonly fixed: number;
    /** Those at or above the threshold. */
    readonly fixedWeighty: number;
    readonly added: number;
    readonly addedWeighty: number;
  };
};

/** @param present scanned with the same database; `undefined` where it could not be looked into. */
export function weigh(scan: Scan, present: Scan | undefined, threshold: Severity): Weight {
  const isWeighty = ({ severity }: { readonly severity: Severity }) => compareSeverities(severity, threshold) <= 0;
  const { findings } = scan;
  const weight = {
    patchable: findings.filter((finding) => finding.fixedVersion !== undefined && isWeighty(finding)).length,
    bySeverity: countSeverities(scan),
    remaining: findings.length,
  };
  if (present === undefined) return weight;
  const { fixed, added } = compareScans(present, scan);
  const move = {
    fixed: fixed.length,
    fixedWeighty: fixed.filter(isWeighty).length,
    added: added.length,
    addedWeighty: added.filter(isWeighty).length,
  };
  return { ...weight, move };
}

function countSeverities({ findings }: Scan): Readonly<Record<Severity, number>> {
  const none: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  for (const severity of severities)
    none[severity] = findings.filter((finding) => finding.severity === severity).length;
  return none;
}
