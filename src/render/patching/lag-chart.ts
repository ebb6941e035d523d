import { ratedSeverities } from '../../domain/deadline/metrics.ts';
import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { span } from '../span.ts';
import { escapeXml } from '../xml.ts';

const rowHeight = 26;
const labelWidth = 90;
// What is left of 620 holds the words behind the longest bar.
const plotWidth = 330;

/** Per severity how long the supplier took and how long we did, one behind the other: medians. */
export function lagChart({ bySeverity }: Pick<PatchReport, 'bySeverity'>): string {
  const rows = ratedSeverities.flatMap((severity) => {
    const { supplierLag, ourLag } = bySeverity[severity];
    const [supplierMs, oursMs] = [supplierLag?.medianMs ?? 0, ourLag?.medianMs ?? 0];
    return supplierMs + oursMs === 0 ? [] : [{ severity, supplierMs, oursMs }];
  });
  if (rows.length === 0) return '';
  const longest = Math.max(...rows.map(({ supplierMs, oursMs }) => supplierMs + oursMs));
  const bars = rows.map(({ severity, supplierMs, oursMs }, at) => {
    const y = at * rowHeight + 4;
    const [first, second] = [(supplierMs / longest) * plotWidth, (oursMs / longest) * plotWidth];
    const told = `supplier ${span(supplierMs)}, we ${span(oursMs)}`;
    return `<text x="0" y="${y + 12}">${severity.toUpperCase()}</text><rect class="unknown" x="${labelWidth}" y="${y}" width="${first.toFixed(1)}" height="16"/><rect class="waived" x="${(labelWidth + first).toFixed(1)}" y="${y}" width="${second.toFixed(1)}" height="16"/><text x="${(labelWidth + first + second + 6).toFixed(1)}" y="${y + 12}">${escapeXml(told)}</text>`;
  });
  const spoken = rows.map(
    ({ severity, supplierMs, oursMs }) => `${severity}: supplier ${span(supplierMs)}, we ${span(oursMs)}`,
  );
  return `<figure class="wide"><figcaption>Whose time it took: from the fix to a patched base, then to the release (medians)</figcaption>
<svg viewBox="0 0 620 ${rows.length * rowHeight + 6}" role="img" aria-label="${escapeXml(spoken.join('; '))}">${bars.join('\n')}</svg>
<ul class="legend"><li><svg width="12" height="12" aria-hidden="true"><rect class="unknown" width="12" height="12" rx="2"/></svg> supplier</li><li><svg width="12" height="12" aria-hidden="true"><rect class="waived" width="12" height="12" rx="2"/></svg> we</li></ul></figure>`;
}
