import type { CheckResult, FileResult, JudgedUse } from '../flows/check-result.ts';
import { approvalLines } from './approvals.ts';
import { catalogRemedy } from './catalog-age.ts';
import { count, imageOf, placeOf } from './familiar.ts';
import type { Format } from './format.ts';
import { headline } from './headline.ts';
import { code, escapeMarkdown } from './markdown-text.ts';
import { takenOutLines, waiverLines } from './scans.ts';
import { waiverWords } from './waiver-words.ts';

/** For a pull request's comment or a step's summary. */
export const markdown: Format = { name: 'markdown', pathsFrom: 'here', render: renderMarkdown };

// GitHub refuses comments over 65,536 characters.
const maxLength = 65_000;
// Of these, what exceptions may take; the files come first.
const maxFindingsLength = 15_000;
const maxWaived = 20;

function renderMarkdown(result: CheckResult): string {
  const head = [`### Base images`, '', headline(result), ''];
  const files = result.files.filter(
    ({ problems, uses }) => problems.length > 0 || uses.some(({ verdict }) => verdict !== 'pass' && verdict !== null),
  );
  const tail = [
    ...waivedLines(result),
    ...findingLines(result.policyFindings.filter(({ verdict }) => verdict !== 'info')),
    '',
    '<details><summary>Summary</summary>',
    '',
    '| category | images | | verdict | images |',
    '| --- | ---: | --- | --- | ---: |',
    ...summaryRows(result),
    '',
    `Not checked: ${result.summary.notChecked.map(escapeMarkdown).join('; ')}.`,
    '',
    catalogLine(result.summary.catalog),
    '',
    '</details>',
    '',
  ];
  const blocks: string[] = [];
  let length = [...head, ...tail].join('\n').length;
  for (const [at, file] of files.entries()) {
    const block = fileBlock(file);
    if (length + block.length > maxLength - 200) {
      blocks.push(`… and ${count(files.length - at, 'file')} more; the full report is in the other formats.`, '');
      break;
    }
    length += block.length + 1;
    blocks.push(block);
  }
  return [...head, ...blocks, ...tail].join('\n');
}

/** What is out of the findings: by waivers, those that no rule judges among them, and by documents; and whether waivers are approved. */
function waivedLines({ scans, approvals = [] }: CheckResult): readonly string[] {
  return [
    ...listed('Waived findings', waiverLines(scans?.waivers ?? [])),
    ...listed('Findings taken out', takenOutLines(scans?.images ?? [])),
    ...listed('Approval of waivers', approvalLines(approvals)),
  ];
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length > maxWaived ? [`- ${lines.length - maxWaived} more; the JSON report has all`] : [];
  return ['', `**${title}**`, '', ...lines.slice(0, maxWaived).map((line) => `- ${escapeMarkdown(line)}`), ...more];
}

function findingLines(findings: CheckResult['policyFindings']): readonly string[] {
  if (findings.length === 0) return [];
  const lines = ['', '**Exceptions and settings to look at**', ''];
  let length = 0;
  for (const [at, { path, line, reason }] of findings.entries()) {
    const item = `- ${code(`${path}${line === undefined ? '' : `:${line}`}`)} ${escapeMarkdown(reason)}`;
    length += item.length + 1;
    if (length > maxFindingsLength)
      return [
        ...lines,
        `- … and ${count(findings.length - at, 'more exception')}; the full report is in the other formats.`,
      ];
    lines.push(item);
  }
  return lines;
}

function catalogLine({ asOf, isStale, notes }: CheckResult['summary']['catalog']): string {
  const clauses = [
    `${asOf}${isStale ? ` – **older than 90 days**: ${catalogRemedy}` : ''}`,
    ...notes.map(escapeMarkdown),
  ];
  return `Catalog of public images: ${clauses.join('; ')}.`;
}

function summaryRows({ summary }: CheckResult): readonly string[] {
  const categories = Object.entries(summary.byCategory);
  const verdicts = Object.entries(summary.byVerdict);
  return Array.from({ length: Math.max(categories.length, verdicts.length) }, (_, at) => {
    const [category = '', images = ''] = categories[at] ?? [];
    const [verdict = '', judged = ''] = verdicts[at] ?? [];
    return `| ${category} | ${images} | | ${verdict} | ${judged} |`;
  });
}

function fileBlock(file: FileResult): string {
  const problems = file.problems.map(
    ({ severity, line, message }) => `- **${severity}** ${line > 0 ? `line ${line}: ` : ''}${escapeMarkdown(message)}`,
  );
  const uses = file.uses.filter(({ verdict }) => verdict !== 'pass' && verdict !== null);
  const rows =
    uses.length === 0
      ? []
      : [
          '',
          '| line | image | role | category | verdict | why | write instead |',
          '| ---: | --- | --- | --- | --- | --- | --- |',
          ...uses.map(row),
        ];
  return [`#### ${code(file.path)}`, '', ...problems, ...rows, ''].join('\n');
}

function row(use: JudgedUse): string {
  const why = use.rules
    .filter(({ verdict }) => verdict !== 'info')
    .map(
      ({ reason, rule, waiver }) =>
        `${escapeMarkdown(reason)} (${rule}${waiver === undefined ? '' : `, ${escapeMarkdown(waiverWords(waiver))}`})`,
    );
  const instead = (use.instead ?? []).map(({ line, text }) => `${line}: ${code(text)}`);
  return `| ${use.line} | ${code(imageOf(use))} | ${escapeMarkdown(placeOf(use))} | ${use.category ?? 'unknown'} | **${use.verdict ?? ''}** | ${why.join('<br>')} | ${instead.join('<br>')} |`;
}
