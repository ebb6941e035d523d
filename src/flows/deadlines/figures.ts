import { faultOf, fixOutcomeOf, outcomeOf } from '../../domain/deadline/metrics.ts';
import { stretchOf } from '../../domain/deadline/trend.ts';
import { leftOf, ownerOf, type PatchReport } from './report-patching.ts';

/**
 * Of which episodes each number of a report is, by rows, as the path of the number names it: `total.closedLate`,
 * `bySeverity.high.lateBy.ours`, `byOwner.0.openLate` (the first of them), `trend.3.breached`, `openByTimeLeft.late`. Spans of time are
 * taken of `closedInTime` and `closedLate`, the supplier's of all that have a fix.
 */
export function figureRows(report: PatchReport): ReadonlyMap<string, readonly number[]> {
  const { followed, owners, byOwner, settings } = report;
  const [since, now] = [Date.parse(report.since), Date.parse(report.now)];
  const ownerAt = new Map(byOwner.map(({ owner }, at) => [owner, at] as const));
  const rows = new Map<string, number[]>();
  const add = (name: string, row: number) => {
    const known = rows.get(name);
    if (known === undefined) rows.set(name, [row]);
    else known.push(row);
  };
  for (const [at, { subject, standing }] of followed.entries()) {
    const row = at + 1;
    const outcome = outcomeOf(standing);
    const fault = faultOf(standing);
    const ofFix = fixOutcomeOf(standing, now, settings);
    const groups = ['total', `bySeverity.${standing.severity}`, `byOwner.${ownerAt.get(ownerOf(subject, owners))}`];
    for (const group of groups) {
      add(`${group}.${outcome}`, row);
      if (fault !== undefined) add(`${group}.lateBy.${fault}`, row);
      if (ofFix !== undefined) add(`${group}.fromFix.${ofFix}`, row);
    }
    const { breachedAt, closed } = standing;
    const breachIn = breachedAt === undefined ? undefined : stretchOf(breachedAt, since, now);
    if (breachIn !== undefined) add(`trend.${breachIn}.breached`, row);
    const closedIn = closed === undefined ? undefined : stretchOf(closed.at, since, now);
    if (closedIn !== undefined && (outcome === 'closedInTime' || outcome === 'closedLate'))
      add(`trend.${closedIn}.${outcome}`, row);
    if (closed === undefined) add(`openByTimeLeft.${leftOf(standing, now)}`, row);
  }
  return rows;
}

/** The same of compliance: `byCategory.prohibited`, `byCriterion.pinned.info`, by rows of its places. */
export function complianceRows({
  compliance,
}: Pick<PatchReport, 'compliance'>): ReadonlyMap<string, readonly number[]> {
  const named = compliance.places.flatMap(({ row, category, criteria, breaches }) => [
    [`byCategory.${category ?? 'unknown'}`, row] as const,
    ...Object.entries(criteria).map(([id, verdict]) => [`byCriterion.${id}.${verdict}`, row] as const),
    ...[...new Set(breaches.map(({ rule, verdict }) => `byRule.${rule}.${verdict}`))].map(
      (name) => [name, row] as const,
    ),
  ]);
  const groups = Map.groupBy(named, ([name]) => name);
  return new Map([...groups].map(([name, some]) => [name, some.map(([, row]) => row)]));
}
