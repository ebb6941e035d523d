import { allCategories, type CategoryCounts } from '../../domain/compliance/compliance.ts';
import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { escapeXml } from '../xml.ts';
import { criterionColumns } from './compliance-rows.ts';

type Compliance = PatchReport['compliance'];

export const categoryTones: Readonly<Record<keyof CategoryCounts, string>> = {
  preferred: 'pass',
  permitted: 'waived',
  restricted: 'warn',
  prohibited: 'fail',
  unknown: 'unknown',
};

const verdictTones = { pass: 'pass', info: 'none', waived: 'waived', warn: 'warn', fail: 'fail', unknown: 'unknown' };
const verdictNames = {
  ...{ pass: 'passes', info: 'noted', waived: 'waived', warn: 'warned', fail: 'fails', unknown: 'unknown' },
};

const rowHeight = 26;
const labelWidth = 220;
const plotWidth = 400;

/** Each criterion as one bar of a hundred percent: what is unknown has a tone of its own. */
export function criterionChart({ byCriterion }: Compliance): string {
  const rows = byCriterion.filter(({ uses }) => uses > 0);
  if (rows.length === 0) return '';
  const bars = rows.map((one, at) => {
    const y = at * rowHeight + 4;
    let x = labelWidth;
    const parts = criterionColumns.flatMap((verdict) => {
      const width = (one[verdict] / one.uses) * plotWidth;
      if (width === 0) return [];
      const part = `<rect class="${verdictTones[verdict]}" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="16"><title>${escapeXml(`${one.title}: ${one[verdict]} ${verdictNames[verdict]}`)}</title></rect>`;
      x += width;
      return [part];
    });
    return `<text x="0" y="${y + 12}">${escapeXml(one.title)}</text>${parts.join('')}`;
  });
  const spoken = rows.map((one) => `${one.title}: ${one.pass} of ${one.uses} pass`).join('; ');
  const legend = criterionColumns.map((verdict) => legendItem(verdictTones[verdict], verdictNames[verdict]));
  return `<figure class="wide"><figcaption>By criterion, of all uses that it speaks of</figcaption>
<svg viewBox="0 0 620 ${rows.length * rowHeight + 6}" role="img" aria-label="${escapeXml(spoken)}">${bars.join('\n')}</svg>
<ul class="legend">${legend.join('')}</ul></figure>`;
}

const [width, plotHeight, step] = [620, 110, 50];

/** A column at the end of each stretch: how many uses were in which category. */
export function categoryTrend({ trend }: Compliance): string {
  const highest = Math.max(1, ...trend.map(({ uses }) => uses));
  const columns = trend.flatMap(({ until, uses, byCategory }, at) => {
    if (uses === 0) return [];
    const x = at * step + 10;
    let y = plotHeight + 14;
    const bars = allCategories.flatMap((category) => {
      const height = (byCategory[category] / highest) * plotHeight;
      if (height === 0) return [];
      y -= height;
      return [
        `<rect class="${categoryTones[category]}" x="${x}" y="${y.toFixed(1)}" width="24" height="${height.toFixed(1)}"/>`,
      ];
    });
    const told = `until ${until.slice(0, 10)}: ${countsText(byCategory)}`;
    return [
      `<g><title>${escapeXml(told)}</title>${bars.join('')}<text x="${x}" y="${plotHeight + 28}">${escapeXml(until.slice(5, 10))}</text></g>`,
    ];
  });
  if (columns.length === 0) return '';
  const spoken = trend
    .filter(({ uses }) => uses > 0)
    .map(({ until, byCategory }) => `${until.slice(0, 10)}: ${countsText(byCategory)}`);
  const legend = allCategories.map((category) => legendItem(categoryTones[category], category));
  return `<figure class="wide"><figcaption>Base images by category, over time (up to ${highest})</figcaption>
<svg viewBox="0 0 ${width} ${plotHeight + 34}" role="img" aria-label="${escapeXml(`By category: ${spoken.join('; ')}`)}">
${columns.join('\n')}</svg>
<ul class="legend">${legend.join('')}</ul></figure>`;
}

function countsText(counts: CategoryCounts): string {
  const there = allCategories.filter((category) => counts[category] > 0);
  return there.map((category) => `${counts[category]} ${category}`).join(', ');
}

function legendItem(tone: string, label: string): string {
  return `<li><svg width="12" height="12" aria-hidden="true"><rect class="${tone}" width="12" height="12" rx="2"/></svg> ${escapeXml(label)}</li>`;
}
