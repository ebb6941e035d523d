import { short } from '../visible.ts';
import { escapeXml } from '../xml.ts';
import { faultNames } from './episode-rows.ts';

/** Text, and the fragment of this page that shows what it is of. */
export type Cell = string | { readonly text: string; readonly to: string | undefined };

/** Rows that belong together, with a name to link to. `ids`: of the rows. */
export type RowGroup = {
  readonly id?: string;
  readonly rows: readonly (readonly Cell[])[];
  readonly ids?: readonly string[];
};

/** Whose delay it was, in the same tone in every chart and list. */
export const faultTones = { supplier: 'unknown', ours: 'waived' } as const;

export function grid(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  id?: string,
): string {
  return groupedGrid(caption, heads, [{ rows }], id);
}

/** One table with a body for each group, so that a link lights up all rows of it. */
export function groupedGrid(
  caption: string,
  heads: readonly string[],
  groups: readonly RowGroup[],
  id?: string,
): string {
  const head = heads.map((name) => `<th scope="col">${pageText(name)}</th>`).join('');
  const bodies = groups.map(({ id: name, rows, ids }) => {
    const body = rows.map(
      (cells, at) => `<tr${named(ids?.[at])}>${cells.map((cell) => `<td>${written(cell)}</td>`).join('')}</tr>`,
    );
    return `<tbody${named(name)}>${body.join('\n')}</tbody>`;
  });
  return `<div class="scroll"${named(id)}><table><caption>${pageText(caption)}</caption><thead><tr>${head}</tr></thead>${bodies.join('\n')}</table></div>`;
}

export function pageText(value: string): string {
  return escapeXml(short(value, 600));
}

function named(id: string | undefined): string {
  return id === undefined ? '' : ` id="${escapeXml(id)}"`;
}

function written(cell: Cell): string {
  if (typeof cell === 'string') return toned(cell);
  return cell.to === undefined ? toned(cell.text) : `<a href="#${escapeXml(cell.to)}">${toned(cell.text)}</a>`;
}

/** Whose delay it was is seen before it is read; a number is not parted from its unit, nor days from their hours. */
function toned(cell: string): string {
  const text = pageText(cell).replace(/(?<=\d) (?=(?:d|h|min|s)\b|%)|(?<=\d d) (?=\d)/g, '&#160;');
  const fault = (['supplier', 'ours'] as const).find((one) => faultNames[one] === cell);
  return fault === undefined ? text : `<span class="verdict ${faultTones[fault]}">${text}</span>`;
}
