import { type Outcome, outcomeOf, ratedSeverities } from '../../domain/deadline/metrics.ts';
import { type PatchReport, reportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { count } from '../familiar.ts';
import { episodeCells, episodeHeads } from './episode-rows.ts';
import { groupedGrid, type RowGroup } from './html-table.ts';

/** Rows per table: a page of a hundred thousand is neither mailed nor read. */
export const maxListed = 500;

/** The lists of a page, by how episodes fared and how bad they are, and what in them can be linked to. */
export type EpisodeTables = {
  readonly of: (outcome: Outcome) => string;
  /** By the number that they are of: `bySeverity.high.closedLate`. */
  readonly groups: ReadonlyMap<string, string>;
  readonly rowId: (row: number) => string | undefined;
};

const titles: Readonly<Record<Outcome, string>> = {
  openLate: 'open, late',
  closedLate: 'closed late',
  openInTime: 'open, in time',
  closedInTime: 'closed in time',
  watching: 'without a fix',
  notCounted: 'not counted: not affected, or gone before a fix was out',
};

export function episodeTables(report: PatchReport): EpisodeTables {
  const rowsOf = Map.groupBy(
    report.followed.map((one, at) => ({ one, row: at + 1 })),
    ({ one }) => outcomeOf(one.standing),
  );
  const shown = new Set<number>();
  const groups = new Map<string, string>();
  const tables = [...rowsOf].map(([outcome, all]) => {
    const bySeverity = Map.groupBy(all, ({ one }) => one.standing.severity);
    let left = maxListed;
    const bodies = ratedSeverities.flatMap((severity): readonly RowGroup[] => {
      const some = (bySeverity.get(severity) ?? []).slice(0, left);
      if (some.length === 0) return [];
      left -= some.length;
      for (const { row } of some) shown.add(row);
      const id = `${outcome}-${severity}`;
      groups.set(`bySeverity.${severity}.${outcome}`, id);
      const rows = some.map(({ one }) => episodeCells(reportedEpisode(report, one)));
      return [{ id, rows, ids: some.map(({ row }) => `e${row}`) }];
    });
    groups.set(`total.${outcome}`, outcome);
    const cut = all.length > maxListed ? `, the first ${maxListed} listed; CSV and JSON have all` : '';
    const caption = `${count(all.length, 'finding')} ${titles[outcome]}${cut}`;
    return [outcome, groupedGrid(caption, episodeHeads, bodies, outcome)] as const;
  });
  const made = new Map(tables);
  return {
    of: (outcome) => made.get(outcome) ?? '',
    groups,
    rowId: (row) => (shown.has(row) ? `e${row}` : undefined),
  };
}
