import { allCategories } from '../../domain/compliance/compliance.ts';
import { criteria } from '../../domain/compliance/criterion.ts';
import type { ReportedPlace } from '../../flows/compliance/report-compliance.ts';
import { complianceRows } from '../../flows/deadlines/figures.ts';
import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { count, familiar } from '../familiar.ts';
import { shareBar } from '../page/charts.ts';
import { short } from '../visible.ts';
import { categoryTones, categoryTrend, criterionChart } from './compliance-chart.ts';
import {
  categoryCells,
  categoryHeads,
  complianceHeadline,
  criterionCells,
  criterionColumns,
  criterionHeads,
  ownerCells,
  ownerHeads,
  stretchHeads,
  stretchRows,
} from './compliance-rows.ts';
import { maxListed } from './episode-tables.ts';
import { figureLinks } from './figure-index.ts';
import { type Cell, grid, groupedGrid, pageText, type RowGroup } from './html-table.ts';
import { waiverCells, waiverHeads } from './waiver-rows.ts';

/** @param episodeId the fragment of an episode's row. */
export function complianceHtml(report: PatchReport, episodeId: (row: number) => string | undefined): string {
  const { compliance } = report;
  const headline = `<h2 id="compliance">Base images by the policy</h2><p>${pageText(complianceHeadline(compliance))}</p>`;
  const unseen = unseenTable(compliance);
  if (compliance.repositories.lookedAt === 0) return `<section>${headline}${unseen}</section>`;
  const { groups, shown } = placeGroups(compliance.places);
  const rowId = (row: number) => (shown.has(row) ? `p${row}` : undefined);
  const byCategory = new Map(groups.map(({ id, category }) => [`byCategory.${category}`, id] as const));
  const links = figureLinks(complianceRows(report), byCategory, rowId, describe);
  const categories = compliance.byCategory.map((one): readonly Cell[] => {
    const [name = '', uses = '', ...rest] = categoryCells(one);
    return [name, { text: uses, to: links.to(`byCategory.${one.category}`) }, ...rest];
  });
  const verdictsFrom = criterionHeads.length - criterionColumns.length;
  const ofCriteria = compliance.byCriterion.map((one) =>
    criterionCells(one).map((text, at): Cell => {
      const verdict = criterionColumns[at - verdictsFrom];
      return verdict === undefined ? text : { text, to: links.to(`byCriterion.${one.criterion}.${verdict}`) };
    }),
  );
  const owners = compliance.byOwner.slice(0, maxListed).map((one) => ownerCells(one, compliance));
  return `<section>${headline}
<div class="charts">${shareBar(
    'Base images by category',
    compliance.byCategory.map(({ category, uses }) => ({
      label: category,
      value: uses,
      tone: categoryTones[category],
    })),
  )}
${criterionChart(compliance)}
${categoryTrend(compliance)}</div>
<h3>By category</h3>${grid('Before: how the same repositories stood when the time began, or when they were seen first', categoryHeads, categories)}
<h3>By criterion</h3>${grid('Passes: the share of all uses that it speaks of; what is unknown, waived or noted does not pass', criterionHeads, ofCriteria)}
<h3>By who answers</h3>${grid('Uses by category, and the share that passes of each criterion', ownerHeads(compliance), owners)}
<h3>Over time</h3>${grid('As the last looks until then told', stretchHeads(compliance), stretchRows(compliance))}
${unseen}${waiverTable(report, rowId, episodeId)}
<h3>Where they are</h3>${groupedGrid(placesCaption(compliance), placeHeads, groups)}
<h3>Which uses the numbers are of</h3>${links.list}</section>`;
}

const placeHeads = ['Row', 'Category', 'Image', 'Where', ...criteria.map(({ title }) => title), 'Rules'];

function placeCells({ row, category, reference, repository, path, line, criteria: own, breaches }: ReportedPlace) {
  const broken = breaches.map(
    ({ rule, verdict, waiver }) => `${rule} ${waiver === undefined ? verdict : `waived by ${waiver}`}`,
  );
  return [
    ...[
      String(row),
      category ?? 'unknown',
      short(familiar(reference), 120),
      short(`${repository} ${path}:${line}`, 200),
    ],
    ...criteria.map(({ id }) => own[id] ?? '–'),
    short(broken.join(', '), 300),
  ];
}

type PlaceGroup = RowGroup & { readonly id: string; readonly category: string };

/** The gravest category first. */
function placeGroups(places: readonly ReportedPlace[]): {
  readonly groups: readonly PlaceGroup[];
  readonly shown: ReadonlySet<number>;
} {
  const shown = new Set<number>();
  let left = maxListed;
  const groups = allCategories.toReversed().flatMap((category): readonly PlaceGroup[] => {
    const own = places.filter((place) => (place.category ?? 'unknown') === category).slice(0, left);
    left -= own.length;
    for (const { row } of own) shown.add(row);
    const ids = own.map(({ row }) => `p${row}`);
    return own.length === 0 ? [] : [{ id: `c-${category}`, category, rows: own.map(placeCells), ids }];
  });
  return { groups, shown };
}

function placesCaption({ places, unlisted }: PatchReport['compliance']): string {
  const listed = Math.min(places.length, maxListed);
  const cut = places.length > listed ? `, ${listed} listed; CSV (--of compliance) and JSON have all` : '';
  const more = unlisted === 0 ? '' : `; ${unlisted} more are counted and not kept`;
  return `${count(places.length, 'image use')}${cut}${more}`;
}

function unseenTable({ repositories: { notLookedAt } }: PatchReport['compliance']): string {
  if (notLookedAt.length === 0) return '';
  const rows = notLookedAt
    .slice(0, maxListed)
    .map(({ repository, lastAt }) => [short(repository, 200), lastAt?.slice(0, 10) ?? 'never']);
  const caption = `${count(notLookedAt.length, 'repository', 'repositories')} of which nobody knows how they stand`;
  return `<h3>Not looked at in this time</h3>${grid(caption, ['Repository', 'Last look'], rows)}`;
}

function waiverTable(
  { waivers }: PatchReport,
  placeId: (row: number) => string | undefined,
  episodeId: (row: number) => string | undefined,
): string {
  if (waivers.length === 0) return '';
  const rows = waivers.slice(0, maxListed).map((waiver): readonly Cell[] => {
    const cells: Cell[] = [...waiverCells(waiver)];
    const [stops, covers] = [cells.pop() ?? '', cells.pop() ?? ''];
    return [...cells, linked(covers, waiver.places, placeId), linked(stops, waiver.episodes, episodeId)];
  });
  return `<h3>Waivers</h3>${grid('The oldest first', waiverHeads, rows, 'waivers')}`;
}

/** To the first row of them that stands on the page. */
function linked(cell: Cell, rows: readonly number[], idOf: (row: number) => string | undefined): Cell {
  const to = rows.map(idOf).find((id) => id !== undefined);
  return typeof cell === 'string' && to !== undefined ? { text: cell, to } : cell;
}

function describe(figure: string): string {
  const [, name = '', verdict = ''] = figure.split('.');
  const title = criteria.find(({ id }) => id === name)?.title ?? name;
  return verdict === '' ? title : `${title}, ${verdict === 'info' ? 'noted' : verdict}`;
}
