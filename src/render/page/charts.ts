import { escapeXml } from '../xml.ts';

/** One part of a whole; `tone` is a class of `style.ts`. */
export type Share = { readonly label: string; readonly value: number; readonly tone: string };

/** A horizontal bar cut into shares, with a legend in words: it reads the same in print and without colour. */
export function shareBar(title: string, shares: readonly Share[]): string {
  const total = shares.reduce((sum, { value }) => sum + value, 0);
  const shown = shares.filter(({ value }) => value > 0);
  let at = 0;
  const bars = shown.map(({ label, value, tone }) => {
    const width = (value / Math.max(1, total)) * 600;
    const bar = `<rect class="${tone}" x="${at.toFixed(1)}" y="0" width="${Math.max(1, width - 2).toFixed(1)}" height="28" rx="3"><title>${escapeXml(label)}: ${value}</title></rect>`;
    at += width;
    return bar;
  });
  const legend = shares.map(
    ({ label, value, tone }) =>
      `<li><svg width="12" height="12" aria-hidden="true"><rect class="${tone}" width="12" height="12" rx="2"/></svg> ${escapeXml(label)} <b>${value}</b></li>`,
  );
  const spoken = shown.map(({ label, value }) => `${value} ${label}`).join(', ');
  return `<figure><figcaption>${escapeXml(title)}</figcaption>
<svg viewBox="0 0 600 28" role="img" aria-label="${escapeXml(`${title}: ${spoken || 'none'}`)}" preserveAspectRatio="none">${bars.join('')}</svg>
<ul class="legend">${legend.join('')}</ul></figure>`;
}

/** A release line and the day its support ends. */
export type Ending = { readonly label: string; readonly endsOn: string; readonly uses: number };

const rowHeight = 24;
const labelWidth = 190;
// What is left of 620 holds the date behind the longest bar.
const plotWidth = 350;
const dayMs = 86_400_000;

/** When support ends, line by line: bars from two years ago to four ahead, with today marked. */
export function endingsChart(title: string, endings: readonly Ending[], today: string): string {
  if (endings.length === 0) return '';
  const from = Date.parse(today) - 2 * 365 * dayMs;
  const to = Date.parse(today) + 4 * 365 * dayMs;
  const x = (instant: number) =>
    labelWidth + ((Math.min(Math.max(instant, from), to) - from) / (to - from)) * plotWidth;
  const now = x(Date.parse(today));
  const height = endings.length * rowHeight + 22;
  const rows = endings.map(({ label, endsOn, uses }, at) => {
    const end = x(Date.parse(endsOn));
    const y = at * rowHeight + 20;
    const isOver = endsOn < today;
    const [left, right] = isOver ? [end, now] : [now, end];
    const bar = `<rect class="${isOver ? 'fail' : 'pass'}" x="${left.toFixed(1)}" y="${y}" width="${Math.max(2, right - left).toFixed(1)}" height="14" rx="2"><title>${escapeXml(`${label}: ${endsOn}, ${uses} uses`)}</title></rect>`;
    const date = isOver
      ? `<text x="${(now + 4).toFixed(1)}" y="${y + 11}">${escapeXml(endsOn)}</text>`
      : `<text x="${(right + 4).toFixed(1)}" y="${y + 11}">${escapeXml(endsOn)}</text>`;
    return `<text x="0" y="${y + 11}">${escapeXml(`${label} (${uses})`)}</text>${bar}${date}`;
  });
  const spoken = endings
    .map(({ label, endsOn, uses }) => `${label} ${endsOn < today ? 'ended' : 'ends'} ${endsOn}, ${uses} uses`)
    .join('; ');
  return `<figure class="wide"><figcaption>${escapeXml(title)}</figcaption>
<svg viewBox="0 0 620 ${height}" role="img" aria-label="${escapeXml(`${title}: ${spoken}`)}">
<line class="axis" x1="${now.toFixed(1)}" x2="${now.toFixed(1)}" y1="14" y2="${height}"/><text x="${now.toFixed(1)}" y="10" text-anchor="middle">${escapeXml(today)}</text>
${rows.join('\n')}</svg></figure>`;
}
