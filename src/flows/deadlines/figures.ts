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
  const figures = new Figures();
  const total = figures.group('total');
  const bySeverity = once((severity: string) => figures.group(`bySeverity.${severity}`));
  const ofRepository = once((repository: string) =>
    figures.group(`byOwner.${ownerAt.get(ownerOf({ repository }, owners))}`),
  );
  const trend = once((stretch: number) => figures.group(`trend.${stretch}`));
  const byTimeLeft = figures.group('openByTimeLeft');
  for (const [at, { subject, standing }] of followed.entries()) {
    const row = at + 1;
    const outcome = outcomeOf(standing);
    const fault = faultOf(standing);
    const ofFix = fixOutcomeOf(standing, now, settings);
    for (const group of [total, bySeverity(standing.severity), ofRepository(subject.repository)]) {
      group.add(outcome, row);
      if (fault !== undefined) group.add(lateBy[fault], row);
      if (ofFix !== undefined) group.add(fromFix[ofFix], row);
    }
    const { breachedAt, closed } = standing;
    const breachIn = breachedAt === undefined ? undefined : stretchOf(breachedAt, since, now);
    if (breachIn !== undefined) trend(breachIn).add('breached', row);
    const closedIn = closed === undefined ? undefined : stretchOf(closed.at, since, now);
    if (closedIn !== undefined && (outcome === 'closedInTime' || outcome === 'closedLate'))
      trend(closedIn).add(outcome, row);
    if (closed === undefined) byTimeLeft.add(leftOf(standing, now), row);
  }
  return figures.rows();
}

const lateBy = { supplier: 'lateBy.supplier', ours: 'lateBy.ours' } as const;
const fromFix = {
  closedInTime: 'fromFix.closedInTime',
  closedLate: 'fromFix.closedLate',
  openLate: 'fromFix.openLate',
} as const;

/** Of a million rows: names are made once for each group, not for each row. */
class Figures {
  readonly #groups = new Map<string, Group>();

  /** One whose name is there already is that one. */
  group(name: string): Group {
    const known = this.#groups.get(name);
    const group = known ?? new Group();
    if (known === undefined) this.#groups.set(name, group);
    return group;
  }

  rows(): ReadonlyMap<string, readonly number[]> {
    return new Map(
      [...this.#groups].flatMap(([group, { members }]) =>
        [...members].map(([member, rows]) => [`${group}.${member}`, rows] as const),
      ),
    );
  }
}

class Group {
  readonly members = new Map<string, number[]>();

  add(member: string, row: number): void {
    const known = this.members.get(member);
    if (known === undefined) this.members.set(member, [row]);
    else known.push(row);
  }
}

/** The same answer for the same key, asked for once. */
function once<K, T>(answer: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = answer(key);
    known.set(key, made);
    return made;
  };
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
