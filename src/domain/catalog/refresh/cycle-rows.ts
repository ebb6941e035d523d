import type { IsoDate } from '../catalog.ts';
import { compareNumbers } from '../compare-numbers.ts';
import type { CycleRow } from '../snapshot.ts';

/** A release cycle as endoflife.date states it; `undefined` where it states nothing. */
export type StatedCycle = {
  readonly name: string;
  readonly codename?: string | undefined;
  readonly lts?: IsoDate | boolean | undefined;
  readonly releasedOn?: IsoDate | undefined;
  readonly ends?: IsoDate | boolean | undefined;
  readonly extendedEnds?: IsoDate | undefined;
  readonly latest?: string | undefined;
};

/**
 * Products whose LTS field does not make a line the one to be on: Red Hat's holds the end of support, and Composer's LTS is
 * for versions of PHP that have ended.
 */
const noLts = new Set(['rhel', 'composer']);

/** The row that the catalog keeps. Extended support is free for Debian (LTS) alone; everybody else sells it. */
export function cycleRow(product: string, cycle: StatedCycle): CycleRow {
  const longTermEnds = product === 'debian' ? (cycle.extendedEnds ?? null) : null;
  const lts = noLts.has(product) ? null : (cycle.lts ?? null);
  const codename = cycle.codename ?? null;
  return [cycle.name, codename, lts, cycle.releasedOn ?? null, cycle.ends ?? null, longTermEnds, cycle.latest ?? null];
}

/** Some products stand in another order in the source: readers of the catalog rely on the newest being first. */
export function newestFirst(rows: readonly CycleRow[]): readonly CycleRow[] {
  return rows.toSorted(([a], [b]) => compareNumbers(b, a));
}
