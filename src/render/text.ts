import type { CheckResult, FileResult, JudgedUse, RuleResult } from '../flows/check-result.ts';
import type { ScanResult } from '../flows/scan/scan-result.ts';
import { approvalLines } from './approvals.ts';
import { adviceOf, count, familiar, imageOf, placeOf } from './familiar.ts';
import type { Format, RenderOptions } from './format.ts';
import { headline } from './headline.ts';
import { nextCommand } from './next-command.ts';
import { type Palette, palette } from './palette.ts';
import { registrySentences } from './registry-sentences.ts';
import { scanBlock } from './scans.ts';
import { table, wrap } from './table.ts';
import { summaryLines } from './text-summary.ts';
import { short, visible } from './visible.ts';
import { waiverWords } from './waiver-words.ts';

/** For people at a terminal: per file and image the answer, the reason, and the line to write instead; then the summary. */
export const text: Format = { name: 'text', pathsFrom: 'argument', render: renderText };

function renderText(result: CheckResult, options: RenderOptions): string {
  const colors = palette(options.color);
  const shown = result.files.filter((file) => options.verbose || isWorthShowing(file));
  const blocks = shown.map((file) => fileBlock(file, options, colors));
  const silent = result.files.length - shown.length;
  const rest = silent > 0 ? [colors.faint(`${count(silent, 'file')} with nothing to say (--verbose lists them)`)] : [];
  const command = options.again === undefined ? undefined : nextCommand(result, options.again);
  const next = command === undefined ? '' : `\nWrite what can be written:  ${command}`;
  const scans =
    result.scans === undefined || isSilent(result.scans) ? [] : [scanBlock(result.scans, colors, options.width)];
  const end = `${colors.strong(headline(result))}${next}`;
  const approvals = approvalBlock(result, options, colors);
  return `${[...blocks, ...rest, ...scans, ...approvals, summaryLines(result, options, colors), end].join('\n\n')}\n`;
}

function approvalBlock({ approvals = [] }: CheckResult, { width }: RenderOptions, colors: Palette): readonly string[] {
  if (approvals.length === 0) return [];
  const lines = approvalLines(approvals).map((line) => wrap(line, width, '  '));
  return [[colors.strong('Approval of waivers'), ...lines].join('\n')];
}

/** No scanner answered, and no report: that is told under what was not checked. */
function isSilent({ failure, images, uncounted }: ScanResult): boolean {
  return failure !== undefined && uncounted.length === 0 && images.every(({ scan }) => scan.kind !== 'scanned');
}

function isWorthShowing(file: FileResult): boolean {
  return (
    file.problems.length > 0 ||
    file.suggestion !== undefined ||
    file.uses.some(
      (use) =>
        use.verdict !== null &&
        (use.verdict !== 'pass' || use.rules.some(isNotable) || use.evidence?.chain !== undefined),
    )
  );
}

/** `info` about every image is noise on a screen; it stays in JSON and the pages. */
const quiet: ReadonlySet<string> = new Set(['no-digest', 'restricted']);

function isNotable({ rule, verdict }: RuleResult): boolean {
  return verdict !== 'info' || !quiet.has(rule);
}

function fileBlock(file: FileResult, options: RenderOptions, colors: Palette): string {
  const lines = [colors.strong(short(file.path))];
  for (const problem of file.problems) {
    const place = problem.line > 0 ? `line ${problem.line}: ` : '';
    lines.push(
      wrap(`${colors.verdict(problem.severity)}  ${place}${short(problem.message, 600)}`, options.width, '  '),
    );
  }
  const rows = file.uses.map((use) => [
    `  ${colors.verdict(use.verdict ?? 'listed', (use.verdict ?? 'listed').padEnd(7))}`,
    `line ${use.line}`,
    imageOf(use),
    placeOf(use),
    colors.category(use.category),
  ]);
  table(rows).forEach((row, at) => {
    const use = file.uses[at];
    lines.push(row);
    if (use !== undefined) lines.push(...useLines(use, options, colors));
  });
  if (file.suggestion !== undefined) lines.push(...suggestionLines(file.suggestion, colors));
  return lines.join('\n');
}

function useLines(use: JudgedUse, options: RenderOptions, colors: Palette): readonly string[] {
  const rules = use.rules.filter((rule) => options.verbose || isNotable(rule));
  const lines: string[] = rules.map((rule) => {
    const at = rule.line === undefined || rule.line === use.line ? '' : ` (line ${rule.line})`;
    const waiver = rule.waiver === undefined ? '' : ` – ${waiverWords(rule.waiver)}: ${short(rule.waiver.reason)}`;
    const advice = adviceOf(use, rule);
    const fix = advice === undefined ? '' : `; ${short(advice, 600)}`;
    const body = `${short(rule.reason, 600)}${at}${fix}${waiver} ${colors.faint(`[${rule.rule}]`)}`;
    return wrap(`${colors.verdict(rule.verdict)}: ${body}`, options.width, '            ');
  });
  const chain = use.evidence?.chain;
  if (chain !== undefined)
    lines.unshift(wrap(`internal: ${chain.map(familiar).join(' → ')}`, options.width, '            '));
  const registry = use.evidence?.registry;
  const said = options.verbose && registry !== undefined ? registrySentences(registry).join('; ') : '';
  if (said !== '') lines.push(wrap(colors.faint(short(said, 600)), options.width, '            '));
  const instead = (use.instead ?? []).map(
    ({ line, text: content }) =>
      `            ${colors.faint(`write instead, line ${line}:`)} ${colors.strong(short(content, 600))}`,
  );
  return [...lines, ...instead];
}

function suggestionLines(suggestion: NonNullable<FileResult['suggestion']>, colors: Palette): readonly string[] {
  const body = suggestion.text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${visible(line)}`.trimEnd());
  const notes = suggestion.notes.map((note) => `  ${colors.faint('note:')} ${short(note, 600)}`);
  return ['', `  ${colors.strong('A multi-stage version to start from:')}`, '', ...body, '', ...notes];
}
