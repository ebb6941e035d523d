import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { escapeXml } from '../xml.ts';

const [width, plotHeight, step] = [620, 110, 50];

/** Columns over time: closed in time below, closed late above it; a mark for each stretch in which deadlines passed. */
export function trendChart(trend: PatchReport['trend']): string {
  const highest = Math.max(
    1,
    ...trend.map(({ closedInTime, closedLate, breached }) => Math.max(closedInTime + closedLate, breached)),
  );
  const scale = (number: number) => (number / highest) * plotHeight;
  const columns = trend.map(({ from, closedInTime, closedLate, breached }, at) => {
    const x = at * step + 10;
    const [inTime, late, missed] = [scale(closedInTime), scale(closedLate), scale(breached)];
    const told = `from ${from.slice(0, 10)}: ${closedInTime} closed in time, ${closedLate} closed late, ${breached} passed their deadline`;
    const top = plotHeight + 14;
    const bars = [
      `<rect class="pass" x="${x}" y="${(top - inTime).toFixed(1)}" width="16" height="${inTime.toFixed(1)}"/>`,
      `<rect class="warn" x="${x}" y="${(top - inTime - late).toFixed(1)}" width="16" height="${late.toFixed(1)}"/>`,
      `<rect class="fail" x="${x + 18}" y="${(top - missed).toFixed(1)}" width="8" height="${missed.toFixed(1)}"/>`,
    ];
    return `<g><title>${escapeXml(told)}</title>${bars.join('')}<text x="${x}" y="${top + 14}">${escapeXml(from.slice(5, 10))}</text></g>`;
  });
  const spoken = trend
    .filter(({ closedInTime, closedLate, breached }) => closedInTime + closedLate + breached > 0)
    .map(
      ({ from, closedInTime, closedLate, breached }) =>
        `${from.slice(0, 10)}: ${closedInTime} in time, ${closedLate} late, ${breached} missed`,
    );
  const legend = (
    [
      ['pass', 'closed in time'],
      ['warn', 'closed late'],
      ['fail', 'deadlines that passed'],
    ] as const
  ).map(
    ([tone, label]) =>
      `<li><svg width="12" height="12" aria-hidden="true"><rect class="${tone}" width="12" height="12" rx="2"/></svg> ${label}</li>`,
  );
  return `<figure class="wide"><figcaption>Over time (up to ${highest})</figcaption>
<svg viewBox="0 0 ${width} ${plotHeight + 34}" role="img" aria-label="${escapeXml(`Over time: ${spoken.join('; ') || 'nothing'}`)}">
${columns.join('\n')}</svg>
<ul class="legend">${legend.join('')}</ul></figure>`;
}
