import type { CheckResult, FileResult, JudgedUse } from '../flows/check-result.ts';
import { approvalLines } from './approvals.ts';
import { catalogRemedy } from './catalog-age.ts';
import { adviceOf, count, imageOf, placeOf } from './familiar.ts';
import type { Format } from './format.ts';
import { headline } from './headline.ts';
import { type Ending, endingsChart, shareBar } from './page/charts.ts';
import { evidenceOf } from './page/evidence.ts';
import { style } from './page/style.ts';
import { takenOutLines, waiverLines } from './scans.ts';
import { short } from './visible.ts';
import { waiverWords } from './waiver-words.ts';
import { escapeXml } from './xml.ts';

/** One self-contained page with charts, to mail and to print: no script, no request to anywhere. */
export const html: Format = { name: 'html', pathsFrom: 'argument', render: renderHtml };

const maxEndings = 20;

function renderHtml(result: CheckResult): string {
  const { summary } = result;
  const today = result.now.slice(0, 10);
  const { byVerdict, byCategory } = summary;
  const verdicts = (['fail', 'unknown', 'warn', 'waived', 'pass'] as const).map((verdict) => ({
    label: verdict,
    value: byVerdict[verdict],
    tone: verdict as string,
  }));
  const categories = (['preferred', 'permitted', 'restricted', 'prohibited', 'unknown'] as const).map((category) => ({
    label: category,
    value: byCategory[category],
    tone: tones[category],
  }));
  const named = result.files.filter(({ uses, problems }) => uses.length > 0 || problems.length > 0);
  const endings = endingsOf(result);
  const stale = summary.catalog.isStale ? ` – <strong>older than 90 days: ${catalogRemedy}</strong>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Base images – ${today}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Base images</h1>
<p class="lead">${text(headline(result))}</p>
<p class="faint">Judged ${text(result.now)}. ${text(count(summary.files, 'file'))}, ${text(count(summary.uses, 'image use'))}. Catalog of public images: ${text(summary.catalog.asOf)}${stale}${summary.catalog.notes.map((note) => `; ${text(note)}`).join('')}.</p>
</header>
<main>
<section class="charts" aria-label="Charts">
${shareBar('Verdicts', [...verdicts, { label: 'not judged', value: byVerdict['not-judged'], tone: 'none' }])}
${shareBar('Categories', categories)}
${endingsChart(endingsTitle(endings.length), endings.slice(0, maxEndings), today)}
</section>
${exceptionsSection(result)}
<section><h2>Not checked</h2><ul>${summary.notChecked.map((clause) => `<li>${text(clause)}</li>`).join('')}</ul></section>
<section><h2>Files</h2>
${named.map(fileSection).join('\n')}
</section>
</main>
</body>
</html>
`;
}

const tones = {
  preferred: 'pass',
  permitted: 'waived',
  restricted: 'warn',
  prohibited: 'fail',
  unknown: 'unknown',
} as const;

function fileSection({ path, problems, uses }: FileResult): string {
  const notes = problems.map(
    ({ severity, line, message }) =>
      `<li><span class="verdict ${severity === 'error' ? 'fail' : 'warn'}">${severity}</span> ${line > 0 ? `line ${line}: ` : ''}${text(message)}</li>`,
  );
  const list = notes.length === 0 ? '' : `<ul>${notes.join('')}</ul>`;
  if (uses.length === 0) return `<h3><code>${text(path)}</code></h3>${list}`;
  return `<h3><code>${text(path)}</code></h3>${list}
<div class="scroll"><table><caption>${text(count(uses.length, 'image use'))}</caption>
<thead><tr><th scope="col">Line</th><th scope="col">Image</th><th scope="col">Role</th><th scope="col">Category</th><th scope="col">Verdict</th><th scope="col">Why, and what to write instead</th><th scope="col">Evidence</th></tr></thead>
<tbody>${uses.map(row).join('\n')}</tbody></table></div>`;
}

function row(use: JudgedUse): string {
  const verdict = use.verdict ?? 'not judged';
  const reasons = use.rules.map((broken) => {
    const { rule, verdict: level, reason, waiver } = broken;
    const until = waiver === undefined ? '' : ` – ${waiverWords(waiver)}: ${waiver.reason}`;
    const fix = adviceOf(use, broken);
    const advice = fix === undefined ? '' : `; ${fix}`;
    return `<li><span class="verdict ${tone(level)}">${level}</span> ${text(`${reason}${advice}${until}`)} <span class="faint">${text(rule)}</span></li>`;
  });
  const instead = (use.instead ?? []).map(
    ({ line, text: content }) => `<li>write instead, line ${line}: <code>${text(content)}</code></li>`,
  );
  const evidence = evidenceOf(use).map((sentence) => `<li>${text(sentence)}</li>`);
  return `<tr><td>${use.line}</td><td><code>${text(imageOf(use))}</code></td><td>${text(placeOf(use))}</td><td>${use.category ?? 'unknown'}</td><td class="verdict ${tone(verdict)}">${verdict}</td><td><ul>${reasons.join('')}${instead.join('')}</ul></td><td><ul>${evidence.join('')}</ul></td></tr>`;
}

function tone(verdict: string): string {
  return ['fail', 'warn', 'unknown', 'waived', 'pass'].includes(verdict) ? verdict : 'none';
}

function exceptionsSection({ policyFindings, files, scans, approvals = [] }: CheckResult): string {
  const waived = files.flatMap(({ path, uses }) =>
    uses.flatMap((use) =>
      use.rules.flatMap(({ rule, waiver }) => (waiver === undefined ? [] : [{ path, use, rule, waiver }])),
    ),
  );
  const rows = waived.map(
    ({ path, use, rule, waiver }) =>
      `<tr><td>${text(waiver.id)}</td><td>${text(waiver.kind)}</td><td><code>${text(`${path}:${use.line}`)}</code></td><td><code>${text(imageOf(use))}</code></td><td>${text(rule)}</td><td>${text(waiver.until === '' ? 'until paid off' : waiver.until)}</td><td>${text(waiver.approvedBy ?? '')}</td><td>${text(waiver.reason)}</td></tr>`,
  );
  const findings = policyFindings.map(
    ({ path, line, reason }) =>
      `<li><code>${text(`${path}${line === undefined ? '' : `:${line}`}`)}</code> ${text(reason)}</li>`,
  );
  const said = [
    ...waiverLines(scans?.waivers ?? []),
    ...takenOutLines(scans?.images ?? []),
    ...approvalLines(approvals),
  ].map((line) => `<li>${text(line)}</li>`);
  const items = [...findings, ...said];
  if (rows.length === 0 && items.length === 0) return '';
  const list = items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
  const table =
    rows.length === 0
      ? ''
      : `<div class="scroll"><table><caption>${text(count(rows.length, 'exception'))} in use</caption><thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Place</th><th scope="col">Image</th><th scope="col">Rule</th><th scope="col">Until</th><th scope="col">Approved by</th><th scope="col">Reason</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
  return `<section><h2>Exceptions and settings</h2>${list}${table}</section>`;
}

/** The release lines in use, soonest end first. */
function endingsOf({ files }: CheckResult): readonly Ending[] {
  const endings = new Map<string, { label: string; endsOn: string; uses: number }>();
  for (const use of files.flatMap(({ uses }) => uses)) {
    for (const line of [use.evidence?.facts?.lifecycle, use.evidence?.facts?.os]) {
      if (line?.supportEndsOn === undefined) continue;
      const label = `${line.product} ${line.line}`;
      const known = endings.get(label) ?? { label, endsOn: line.supportEndsOn, uses: 0 };
      endings.set(label, { ...known, uses: known.uses + 1 });
    }
  }
  return [...endings.values()].sort((a, b) => a.endsOn.localeCompare(b.endsOn));
}

function endingsTitle(count: number): string {
  const which = count > maxEndings ? `, the ${maxEndings} soonest of ${count}` : '';
  return `End of free public support, by release line (uses)${which}`;
}

function text(value: string): string {
  return escapeXml(short(value, 600));
}
