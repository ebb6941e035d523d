import { type Outcome, ratedSeverities } from '../../domain/deadline/metrics.ts';
import { figureRows } from '../../flows/deadlines/figures.ts';
import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { count } from '../familiar.ts';
import { shareBar } from '../page/charts.ts';
import { style } from '../page/style.ts';
import { auditSentence } from './audit-sentence.ts';
import { complianceHtml } from './compliance-html.ts';
import { episodeTables, maxListed } from './episode-tables.ts';
import { describeFigure, type FigureLinks, figureLinks } from './figure-index.ts';
import { patchHeadline } from './headline.ts';
import { type Cell, faultTones, grid, pageText } from './html-table.ts';
import { lagChart } from './lag-chart.ts';
import { lateNow } from './late-now.ts';
import { measureHeads, measures, severityRows } from './measure-rows.ts';
import { trendChart } from './trend-chart.ts';
import { waivedCells, waivedHeads } from './waived-rows.ts';

/** Twelve columns of numbers side by side, three charts in a row, and on paper nothing beyond its edge. */
const own = `
.charts{grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr))}a{color:inherit}:target{outline:2px solid var(--unknown);background:var(--box)}.rows{font-size:.87rem;overflow-wrap:anywhere}th{white-space:normal;vertical-align:bottom}th,td{padding:.35rem .45rem}table{font-size:.87rem}
.late td:nth-child(n+4){min-width:16rem}@page{size:A4 landscape;margin:12mm}@media print{.scroll{overflow:visible}table{font-size:9px}td{overflow-wrap:anywhere}.charts{gap:.5rem}figure{padding:.5rem}thead{display:table-header-group}h2,caption{break-after:avoid}a{color:inherit;text-decoration:none}rect,.verdict{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();

/** One self-contained page with charts, to mail and to print: no script, no request to anywhere. */
export function patchHtml(report: PatchReport): string {
  const { total } = report;
  const [from, to] = [report.since.slice(0, 10), report.now.slice(0, 10)];
  const tables = episodeTables(report);
  const links = figureLinks(figureRows(report), tables.groups, tables.rowId, (figure) =>
    describeFigure(report, figure),
  );
  const list = (title: string, ...outcomes: readonly Outcome[]) => {
    const all = outcomes.map(tables.of).join('\n');
    return all.trim() === '' ? '' : `<section><h2>${pageText(title)}</h2>${all}</section>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Patching of base images – ${from} to ${to}</title>
<style>${style}${own}</style>
</head>
<body>
<header>
<h1>Patching of base images</h1>
<p class="lead">${pageText(patchHeadline(report))}</p>
<p class="faint">From ${pageText(report.since)} to ${pageText(report.now)}. Open findings are counted by ${pageText(report.policy)}; closed ones keep the numbers of their day. Whose delay: the supplier’s, where no patched base was to be had when the deadline passed, else ours.</p>
</header>
<main>
${lateNow(report)}
<section class="charts" aria-label="Charts">
${shareBar('Deadlines missed, by whose delay', [
  { label: 'the supplier’s: no patched base was there', value: total.lateBy.supplier, tone: faultTones.supplier },
  { label: 'ours: it was there and not released', value: total.lateBy.ours, tone: faultTones.ours },
])}
${shareBar('Of what fell due', [
  { label: 'closed in time', value: total.closedInTime, tone: 'pass' },
  { label: 'closed late', value: total.closedLate, tone: 'warn' },
  { label: 'open, late', value: total.openLate, tone: 'fail' },
])}
${shareBar(
  'Open, by time left',
  report.openByTimeLeft.map(({ left, episodes: value }) => ({ label: left, value, tone: tones[left] })),
)}
${lagChart(report)}
${trendChart(report.trend)}
</section>
<section><h2>By severity</h2>${grid('Times are median / ninth decile', ['Severity', ...measureHeads], linkedRows(severityRows(report), links, severityNames))}</section>
<section><h2>By who answers</h2>${grid(
    'Most late ones first',
    ['Who', ...measureHeads],
    linkedRows(
      report.byOwner.slice(0, maxListed).map(({ owner, ...metrics }) => [owner, ...measures(metrics)]),
      links,
      (at) => `byOwner.${at}`,
    ),
  )}</section>
<section><h2>Over time</h2>${grid('Twelve stretches of equal length', trendHeads, trendRows(report, links))}</section>
${complianceHtml(report, tables.rowId)}
${list('Past their deadline', 'openLate', 'closedLate')}
${list('Open, nothing late', 'openInTime')}
${waiverSection(report)}
${list('Closed', 'closedInTime', 'notCounted')}
${list('Without a fix', 'watching')}
${links.list === '' ? '' : `<section><h2>Which rows the numbers are of</h2>${links.list}</section>`}
</main>
<footer><p class="faint">${pageText(auditSentence(report))}</p></footer>
</body>
</html>
`;
}

const tones = {
  late: 'fail',
  'a day': 'warn',
  'a week': 'waived',
  'a month': 'pass',
  more: 'pass',
  'next release': 'none',
  'not due': 'none',
} as const;

/** The number that each column of `measureHeads` is, by its path; the others are taken of several. */
const columns: Readonly<Record<number, string>> = {
  2: 'lateBy.supplier',
  3: 'lateBy.ours',
  4: 'closedInTime',
  5: 'closedLate',
  6: 'openLate',
  7: 'openInTime',
  8: 'watching',
};

/** @param groupOf the path that a row's numbers begin with. */
function linkedRows(
  rows: readonly (readonly string[])[],
  links: FigureLinks,
  groupOf: (at: number) => string,
): readonly (readonly Cell[])[] {
  return rows.map((cells, row) =>
    cells.map((cell, at): Cell => {
      const column = columns[at - 1];
      return column === undefined ? cell : { text: cell, to: links.to(`${groupOf(row)}.${column}`) };
    }),
  );
}

function severityNames(at: number): string {
  const severity = ratedSeverities[at];
  return severity === undefined ? 'total' : `bySeverity.${severity}`;
}

const trendHeads = ['From', 'Closed in time', 'Closed late', 'Passed their deadline'];

function trendRows({ trend }: PatchReport, links: FigureLinks): readonly (readonly Cell[])[] {
  return trend.map(({ from, ...counts }, at) => [
    from.slice(0, 10),
    ...(['closedInTime', 'closedLate', 'breached'] as const).map((name) => ({
      text: String(counts[name]),
      to: links.to(`trend.${at}.${name}`),
    })),
  ]);
}

function waiverSection({ waived }: PatchReport): string {
  if (waived.length === 0) return '';
  const rows = waived.slice(0, maxListed).map(waivedCells);
  return `<section><h2>Waived</h2>${grid(count(waived.length, 'finding'), waivedHeads, rows)}</section>`;
}
