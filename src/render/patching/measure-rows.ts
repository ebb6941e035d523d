import { type PatchMetrics, ratedSeverities, type Spread } from '../../domain/deadline/metrics.ts';
import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { span } from '../span.ts';

export const measureHeads = [
  'In time',
  'In time, from the fix',
  'Missed by supplier',
  'Missed by us',
  'Closed in time',
  'Closed late',
  'Open, late',
  'Open, in time',
  'No fix yet',
  'Start to release',
  'Detection to release',
  'Supplier’s time',
  'Our time',
] as const;

/** One row of words per severity, then the whole; the same in every format that has tables. */
export function severityRows({ bySeverity, total }: PatchReport): readonly (readonly string[])[] {
  const rows = ratedSeverities.map((severity) => [severity.toUpperCase(), ...measures(bySeverity[severity])]);
  return [...rows, ['all', ...measures(total)]];
}

/** Beneath `measureHeads`. */
export function measures(metrics: PatchMetrics): readonly string[] {
  return [
    percent(metrics.inTimeRate),
    percent(metrics.fromFix.inTimeRate),
    ...[metrics.lateBy.supplier, metrics.lateBy.ours].map(String),
    ...[metrics.closedInTime, metrics.closedLate, metrics.openLate, metrics.openInTime, metrics.watching].map(String),
    ...[metrics.timeToRelease, metrics.exposure, metrics.supplierLag, metrics.ourLag].map(spreadText),
  ];
}

export function percent(rate: number | undefined): string {
  // Cut, not rounded: one that was late is never 100 %.
  return rate === undefined ? '–' : `${Math.floor(rate * 100)} %`;
}

/** Median and ninth decile. */
function spreadText(spread: Spread | undefined): string {
  return spread === undefined ? '–' : `${span(spread.medianMs)} / ${span(spread.p90Ms)}`;
}
