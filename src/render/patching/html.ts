import type { StandingEpisode } from '../../domain/deadline/closed-episode.ts';
import type { EpisodeStanding } from '../../domain/deadline/episode-standing.ts';
import { type PatchReport, reportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { count } from '../familiar.ts';
import { shareBar } from '../page/charts.ts';
import { style } from '../page/style.ts';
import { short } from '../visible.ts';
import { escapeXml } from '../xml.ts';
import { auditSentence } from './audit-sentence.ts';
import { episodeCells, episodeHeads, faultNames } from './episode-rows.ts';
import { patchHeadline } from './headline.ts';
import { lagChart } from './lag-chart.ts';
import { lateNow } from './late-now.ts';
import { measureHeads, measures, severityRows } from './measure-rows.ts';
import { trendChart } from './trend-chart.ts';
import { waivedCells, waivedHeads } from './waived-rows.ts';

/** Rows per table: a page of a hundred thousand is neither mailed nor read. */
const maxListed = 500;

/** Twelve columns of numbers side by side, three charts in a row, and on paper nothing beyond its edge. */
const own = `
.charts{grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr))}th{white-space:normal;vertical-align:bottom}th,td{padding:.35rem .45rem}table{font-size:.87rem}
@page{size:A4 landscape;margin:12mm}@media print{.scroll{overflow:visible}table{font-size:9px}td{overflow-wrap:anywhere}.charts{gap:.5rem}figure{padding:.5rem}thead{display:table-header-group}h2,caption{break-after:avoid}rect,.verdict{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();

/** One self-contained page with charts, to mail and to print: no script, no request to anywhere. */
export function patchHtml(report: PatchReport): string {
  const { total, followed } = report;
  const [from, to] = [report.since.slice(0, 10), report.now.slice(0, 10)];
  const list = (title: string, isMeant: (standing: EpisodeStanding) => boolean) =>
    listing(
      title,
      followed.filter(({ standing }) => isMeant(standing)),
      report,
    );
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
<p class="lead">${text(patchHeadline(report))}</p>
<p class="faint">From ${text(report.since)} to ${text(report.now)}. Open findings are counted by ${text(report.policy)}; closed ones keep the numbers of their day. Whose delay: the supplier’s, where no patched base was to be had when the deadline passed, else ours.</p>
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
<section><h2>By severity</h2>${grid('Times are median / ninth decile', ['Severity', ...measureHeads], severityRows(report))}</section>
<section><h2>By who answers</h2>${grid(
    'Most late ones first',
    ['Who', ...measureHeads],
    report.byOwner.slice(0, maxListed).map(({ owner, ...metrics }) => [owner, ...measures(metrics)]),
  )}</section>
${list('Past their deadline', ({ breachedAt }) => breachedAt !== undefined)}
${list('Open, nothing late', ({ state }) => state === 'running' || state === 'paused')}
${waiverSection(report)}
${list('Closed', ({ closed, breachedAt }) => closed !== undefined && breachedAt === undefined)}
${list('Without a fix', ({ state }) => state === 'watching')}
</main>
<footer><p class="faint">${text(auditSentence(report))}</p></footer>
</body>
</html>
`;
}

/** The same in every chart and list. */
const faultTones = { supplier: 'unknown', ours: 'waived' } as const;

const tones = {
  late: 'fail',
  'a day': 'warn',
  'a week': 'waived',
  'a month': 'pass',
  more: 'pass',
  'next release': 'none',
  'not due': 'none',
} as const;

function listing(title: string, episodes: readonly StandingEpisode[], report: PatchReport): string {
  if (episodes.length === 0) return '';
  const cut = episodes.length > maxListed ? `, the first ${maxListed} listed; CSV and JSON have all` : '';
  const caption = `${count(episodes.length, 'finding')}${cut}`;
  const rows = episodes.slice(0, maxListed).map((one) => episodeCells(reportedEpisode(report, one)));
  return `<section><h2>${text(title)}</h2>${grid(caption, episodeHeads, rows)}</section>`;
}

function waiverSection({ waived }: PatchReport): string {
  if (waived.length === 0) return '';
  const rows = waived.slice(0, maxListed).map(waivedCells);
  return `<section><h2>Waived</h2>${grid(count(waived.length, 'finding'), waivedHeads, rows)}</section>`;
}

function grid(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((name) => `<th scope="col">${text(name)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${toned(cell)}</td>`).join('')}</tr>`);
  return `<div class="scroll"><table><caption>${text(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** Whose delay it was is seen before it is read; a number is not parted from its unit, nor days from their hours. */
function toned(cell: string): string {
  const written = text(cell).replace(/(?<=\d) (?=(?:d|h|min|s)\b|%)|(?<=\d d) (?=\d)/g, '&#160;');
  const fault = (['supplier', 'ours'] as const).find((one) => faultNames[one] === cell);
  return fault === undefined ? written : `<span class="verdict ${faultTones[fault]}">${written}</span>`;
}

function text(value: string): string {
  return escapeXml(short(value, 600));
}
