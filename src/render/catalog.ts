import type { CatalogEntry, CatalogOverview } from '../flows/describe-catalog.ts';
import { catalogRemedy } from './catalog-age.ts';
import { count, familiar } from './familiar.ts';
import { palette } from './palette.ts';
import { table, wrap } from './table.ts';
import { short } from './visible.ts';

/** What `catalog show` prints for people. */
export function formatCatalog(
  overview: CatalogOverview,
  options: { readonly color: boolean; readonly width: number },
): string {
  const colors = palette(options.color);
  const { asOf, ageDays, isStale, isRenewed, notes, sources, counts, image } = overview;
  const what = isRenewed ? 'The catalog, renewed here,' : 'The catalog';
  const dated = isStale
    ? colors.verdict('warn', `${what} is of ${asOf}, ${ageDays} days ago – older than 90 days: ${catalogRemedy}.`)
    : `${what} is of ${asOf}, ${count(ageDays, 'day')} ago.`;
  const age = [dated, ...notes.map((note) => wrap(short(note, 600), options.width, '  '))].join('\n');
  if (image !== undefined)
    return `${[colors.strong(familiar(image.repository)), ...entryLines(image, options.width), '', age].join('\n')}\n`;
  const held = table(
    [
      [String(counts.repositories), 'repositories with every tag that is still rebuilt'],
      [String(counts.retired), 'retired images and their successors'],
      [String(counts.products), 'products and their release lines'],
      [String(counts.vendors), "vendors' registries"],
    ].map(([number = '', what = '']) => [`  ${number}`, what]),
  );
  const rows = table(sources.map(({ name, date, license, url }) => [`  ${name}`, date, license, url]));
  return `${[age, '', 'It holds:', ...held, '', 'Sources:', ...rows].join('\n')}\n`;
}

const shownTags = 60;

function entryLines(entry: CatalogEntry, width: number): readonly string[] {
  const lines: string[] = [];
  if (entry.retired !== null) {
    const next = entry.retired.successors.length === 0 ? '' : `; use ${entry.retired.successors.join(' or ')}`;
    lines.push(`  retired on ${entry.retired.since}${next}`);
  }
  if (entry.product !== null) {
    lines.push('', `  ${entry.product.title}`);
    const rows = entry.product.cycles
      .slice(0, 12)
      .map(({ name, codename, lts, releasedOn, ends, longTermEnds }) => [
        `    ${name}${codename === undefined ? '' : ` ${codename}`}`,
        releasedOn === undefined ? '' : `released ${releasedOn}`,
        typeof ends === 'string' ? `ends ${ends}` : ends ? 'ended' : 'no end known',
        longTermEnds === undefined ? '' : `Debian LTS until ${longTermEnds}`,
        lts === true ? 'LTS' : typeof lts === 'string' ? `LTS from ${lts}` : '',
      ]);
    lines.push(...table(rows));
  }
  const tags = entry.maintainedTags;
  if (tags === null) lines.push('', '  no list of its tags');
  else {
    const more = tags.length > shownTags ? ` … and ${tags.length - shownTags} more (--json lists all)` : '';
    lines.push(
      '',
      `  ${count(tags.length, 'maintained tag')}:`,
      wrap(
        `${tags
          .slice(0, shownTags)
          .map((tag) => short(tag))
          .join(' ')}${more}`,
        width,
        '    ',
      ),
    );
  }
  return lines;
}
