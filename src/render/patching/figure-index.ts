import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { pageText } from './html-table.ts';

/** Rows named for one number: whoever has to see all takes CSV or JSON. */
const maxRows = 50;
const maxFigures = 2000;

/** What a page can link to. */
export type FigureLinks = {
  /** The fragment that shows which rows a number is of; `undefined` for none. */
  readonly to: (figure: string) => string | undefined;
  /** The list of those whose rows stand in no group of their own. */
  readonly list: string;
};

/**
 * Links numbers to rows of the page.
 *
 * @param figures by the name of a number, its rows.
 * @param groups names of numbers whose rows stand together, by where they do.
 * @param rowId the fragment of a row; `undefined` where the page does not list it.
 */
export function figureLinks(
  figures: ReadonlyMap<string, readonly number[]>,
  groups: ReadonlyMap<string, string>,
  rowId: (row: number) => string | undefined,
  describe: (figure: string) => string,
): FigureLinks {
  const listed = new Map(
    [...figures.keys()]
      .filter((name) => !groups.has(name))
      .slice(0, maxFigures)
      .map((name) => [name, idOf(name)] as const),
  );
  const items = [...listed].map(([name, id]) => {
    const rows = figures.get(name) ?? [];
    const links = rows.slice(0, maxRows).map((row) => {
      const to = rowId(row);
      return to === undefined ? String(row) : `<a href="#${to}">${row}</a>`;
    });
    const more = rows.length > maxRows ? ` and ${rows.length - maxRows} more, in JSON` : '';
    return `<li id="${id}">${pageText(describe(name))}: ${links.join(' ')}${more}</li>`;
  });
  return {
    to: (figure) => groups.get(figure) ?? listed.get(figure),
    list: items.length === 0 ? '' : `<ul class="rows">${items.join('\n')}</ul>`,
  };
}

function idOf(figure: string): string {
  return `f-${figure.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

const words: Readonly<Record<string, string>> = {
  closedInTime: 'closed in time',
  closedLate: 'closed late',
  openLate: 'open, late',
  openInTime: 'open, in time',
  watching: 'no fix yet',
  notCounted: 'not counted',
  breached: 'passed their deadline',
  fromFix: 'from the fix',
  lateBy: 'missed by',
  ours: 'us',
  total: 'all',
};

/** `trend.3.breached` as people read it. */
export function describeFigure({ byOwner, trend }: Pick<PatchReport, 'byOwner' | 'trend'>, figure: string): string {
  const [first = '', second = '', ...rest] = figure.split('.');
  const at = Number(second);
  const tail = (parts: readonly string[]) => parts.map((part) => words[part] ?? part).join(' ');
  switch (first) {
    case 'byOwner':
      return `${byOwner[at]?.owner ?? second}, ${tail(rest)}`;
    case 'trend':
      return `from ${trend[at]?.from.slice(0, 10) ?? second}, ${tail(rest)}`;
    case 'bySeverity':
      return `${second.toUpperCase()}, ${tail(rest)}`;
    case 'openByTimeLeft':
      return `time left: ${second}`;
    default:
      return `${words[first] ?? first}, ${tail([second, ...rest])}`;
  }
}
