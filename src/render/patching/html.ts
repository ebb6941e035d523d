import type { PatchReport, ReportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { count } from '../familiar.ts';
import { shareBar } from '../page/charts.ts';
import { style } from '../page/style.ts';
import { short } from '../visible.ts';
import { escapeXml } from '../xml.ts';
import { episodeCells, episodeHeads } from './episode-rows.ts';
import { patchHeadline } from './headline.ts';
import { lagChart } from './lag-chart.ts';
import { measureHeads, measures, severityRows } from './measure-rows.ts';
import { trendChart } from './trend-chart.ts';
import { waivedCells, waivedHeads } from './waived-rows.ts';

/** Rows per table: a page of a hundred thousand is neither mailed nor read. */
const maxListed = 500;

/** One self-contained page with charts, to mail and to print: no script, no request to anywhere. */
export function patchHtml(report: PatchReport): string {
  const { total, episodes } = report;
  const [from, to] = [report.since.slice(0, 10), report.now.slice(0, 10)];
  const open = episodes.filter(({ closed }) => closed === null);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Patching of base images – ${from} to ${to}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Patching of base images</h1>
<p class="lead">${text(patchHeadline(report))}</p>
<p class="faint">From ${text(report.since)} to ${text(report.now)}. Open findings are counted by ${text(report.policy)}; closed ones keep the numbers of their day. Whose delay: the supplier’s, where no patched base was to be had when the deadline passed, else ours.</p>
</header>
<main>
<section class="charts" aria-label="Charts">
${shareBar('Of what fell due', [
  { label: 'closed in time', value: total.closedInTime, tone: 'pass' },
  { label: 'closed late', value: total.closedLate, tone: 'warn' },
  { label: 'open, late', value: total.openLate, tone: 'fail' },
])}
${shareBar('Late, by whose delay', [
  { label: 'the supplier’s', value: total.lateBy.supplier, tone: 'unknown' },
  { label: 'ours', value: total.lateBy.ours, tone: 'waived' },
])}
${shareBar(
  'Open, by time left',
  report.openByTimeLeft.map(({ left, episodes: value }) => ({ label: left, value, tone: tones[left] })),
)}
${lagChart(report)}
${trendChart(report.trend)}
</section>
<section><h2>By severity</h2>${grid('Times are median / ninth decile', ['Severity', ...measureHeads], severityRows(report))}</section>
<section><h2>By who answers</h2>${grid(
    'Most late ones first',
    ['Who', ...measureHeads],
    report.byOwner.slice(0, maxListed).map(({ owner, ...metrics }) => [owner, ...measures(metrics)]),
  )}</section>
${listing(
  'Past their deadline',
  episodes.filter(({ fault }) => fault !== null),
)}
${listing(
  'Open, nothing late',
  open.filter(({ state }) => state === 'running' || state === 'paused'),
)}
${waiverSection(report)}
${listing(
  'Closed',
  episodes.filter(({ closed, fault }) => closed !== null && fault === null),
)}
${listing(
  'Without a fix',
  open.filter(({ state }) => state === 'watching'),
)}
</main>
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

function listing(title: string, episodes: readonly ReportedEpisode[]): string {
  if (episodes.length === 0) return '';
  const cut = episodes.length > maxListed ? `, the first ${maxListed} listed; CSV and JSON have all` : '';
  const caption = `${count(episodes.length, 'finding')}${cut}`;
  return `<section><h2>${text(title)}</h2>${grid(caption, episodeHeads, episodes.slice(0, maxListed).map(episodeCells))}</section>`;
}

function waiverSection({ waived }: PatchReport): string {
  if (waived.length === 0) return '';
  const rows = waived.slice(0, maxListed).map(waivedCells);
  return `<section><h2>Waived</h2>${grid(count(waived.length, 'finding'), waivedHeads, rows)}</section>`;
}

function grid(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((name) => `<th scope="col">${text(name)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`);
  return `<div class="scroll"><table><caption>${text(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function text(value: string): string {
  return escapeXml(short(value, 600));
}
