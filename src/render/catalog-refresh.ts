import type { CatalogRefresh } from '../flows/refresh-catalog.ts';
import { count } from './familiar.ts';
import { palette } from './palette.ts';
import { wrap } from './table.ts';
import { short } from './visible.ts';

type Shown = Omit<CatalogRefresh, 'parts'>;

/** What `catalog refresh` prints for people before anything is written. */
export function formatRefresh(
  refresh: Shown,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  const colors = palette(color);
  const told = (heading: string, sentences: readonly string[]) =>
    sentences.length === 0
      ? []
      : ['', heading, ...sentences.map((sentence) => wrap(short(sentence, 600), width, '  '))];
  const head = headline(refresh);
  const lines = [
    refresh.outcome === 'ready' ? colors.strong(head) : colors.verdict('fail', head),
    ...told(
      'Much smaller than before:',
      refresh.shrinks.map(({ what, before, after }) => `${what}: ${before} → ${after}`),
    ),
    ...told('Not renewed:', refresh.faults),
    ...changeLines(refresh, width),
    '',
    colors.faint(requestLine(refresh)),
  ];
  return `${lines.join('\n')}\n`;
}

function headline({ outcome, before, after, changes, faults }: Shown): string {
  switch (outcome) {
    case 'failed':
      return 'The catalog stays as it is: neither source could be used.';
    case 'refused':
      return 'The catalog stays as it is: the sources hold much less than before. If that is right, write --accept-shrink.';
    case 'ready': {
      const { repositories, tags, lines } = changes;
      const changed = [repositories.added, repositories.gone, tags, lines.added, lines.gone, lines.ends];
      const isSame =
        [...changed, lines.longTermEnds, lines.lts].every(({ length }) => length === 0) && lines.updated === 0;
      const part = faults.length > 0 ? ', in part' : '';
      return `Official images: ${before.official} → ${after.official}; life cycles: ${before.lifeCycles} → ${after.lifeCycles}${part}${isSame ? '; nothing else changes' : ''}.`;
    }
  }
}

const shownRows = 40;

function changeLines({ changes }: Shown, width: number): readonly string[] {
  const { repositories, tags, lines } = changes;
  const tagTotals = { added: 0, gone: 0 };
  for (const { added, gone } of tags) {
    tagTotals.added += added.length;
    tagTotals.gone += gone.length;
  }
  return [
    ...section('New images:', repositories.added, width),
    ...section('Images no longer official:', repositories.gone, width),
    ...section(
      `Tags: ${tagTotals.added} new, ${tagTotals.gone} no longer rebuilt, in ${count(tags.length, 'image')}:`,
      tags.map(({ repository, before, after, added, gone }) => {
        return `${repository} ${before} → ${after} (+${added.length} −${gone.length})`;
      }),
      width,
    ),
    ...section(
      'New lines:',
      lines.added.map(({ product, line, ends, lts }) => `${product} ${line}${ending(ends)}${longTerm(lts)}`),
      width,
    ),
    ...section(
      'Lines no longer listed:',
      lines.gone.map(({ product, line }) => `${product} ${line}`),
      width,
    ),
    ...section('Other ends of support:', lines.ends.map(shift), width),
    ...section('Other ends of Debian LTS:', lines.longTermEnds.map(shift), width),
    ...section('Other LTS:', lines.lts.map(shift), width),
    ...(lines.updated === 0 ? [] : ['', `${count(lines.updated, 'line')} with another newest version.`]),
  ];
}

function section(heading: string, rows: readonly string[], width: number): readonly string[] {
  if (rows.length === 0) return [];
  const more = rows.length - shownRows;
  return [
    '',
    heading,
    ...rows.slice(0, shownRows).map((row) => wrap(short(row, 200), width, '  ')),
    ...(more > 0 ? [`  … and ${more} more (--json lists all)`] : []),
  ];
}

type Field = string | boolean | null;

function shift(change: {
  readonly product: string;
  readonly line: string;
  readonly from: Field;
  readonly to: Field;
}): string {
  return `${change.product} ${change.line}: ${value(change.from)} → ${value(change.to)}`;
}

function value(field: Field): string {
  return field === null ? 'not stated' : field === true ? 'yes' : field === false ? 'no' : field;
}

function ending(ends: Field): string {
  return typeof ends === 'string' ? `, ends ${ends}` : ends === true ? ', ended' : '';
}

function longTerm(lts: Field): string {
  return typeof lts === 'string' ? `, LTS from ${lts}` : lts === true ? ', LTS' : '';
}

function requestLine({ requests }: Shown): string {
  const byHost = Object.entries(requests).map(([host, number]) => `${host} ${number}`);
  return `Requests: ${byHost.length === 0 ? 'none' : byHost.join(', ')}.`;
}
