import type { CheckResult } from '../flows/check-result.ts';
import { catalogRemedy } from './catalog-age.ts';
import { count } from './familiar.ts';
import type { RenderOptions } from './format.ts';
import type { Palette } from './palette.ts';
import { table, wrap } from './table.ts';
import { short } from './visible.ts';

const verdicts = ['fail', 'unknown', 'warn', 'waived', 'pass', 'not-judged'] as const;
const categories = ['preferred', 'permitted', 'restricted', 'prohibited', 'unknown'] as const;

/** The counts, what the policy itself has to mend, and what was not checked. */
export function summaryLines(
  { summary, policyFindings }: CheckResult,
  options: RenderOptions,
  colors: Palette,
): string {
  const rows = Array.from({ length: Math.max(verdicts.length, categories.length) }, (_, at) => {
    const verdict = verdicts[at];
    const category = categories[at];
    return [
      verdict === undefined ? '' : colors.verdict(verdict, verdict.replace('-', ' ')),
      verdict === undefined ? '' : String(summary.byVerdict[verdict]),
      category ?? '',
      category === undefined ? '' : String(summary.byCategory[category]),
    ];
  });
  const head = ['verdict', 'images', 'category', 'images'].map((word) => colors.faint(word));
  const lines = [
    `${count(summary.files, 'file')}, ${count(summary.uses, 'image use')}`,
    ...table([head, ...rows], { right: [1, 3] }).map((line) => `  ${line}`),
  ];
  const findings = policyFindings.filter(({ verdict }) => options.verbose || verdict !== 'info');
  if (findings.length > 0) {
    lines.push('', 'Exceptions and settings to look at:');
    for (const { path, line, reason, verdict, rule } of findings) {
      const place = `${short(path)}${line === undefined ? '' : `:${line}`}`;
      lines.push(
        wrap(
          `${colors.verdict(verdict)}: ${place}: ${short(reason, 600)} ${colors.faint(`[${rule}]`)}`,
          options.width,
          '  ',
        ),
      );
    }
  }
  lines.push('', 'Not checked:', ...summary.notChecked.map((clause) => wrap(short(clause), options.width, '  ')));
  const { asOf, ageDays, isStale, notes } = summary.catalog;
  lines.push(
    '',
    isStale
      ? colors.verdict(
          'warn',
          `The catalog of public images is of ${asOf}, ${ageDays} days ago – older than 90 days: ${catalogRemedy}.`,
        )
      : colors.faint(`Catalog of public images: ${asOf}, ${count(ageDays, 'day')} ago.`),
    ...notes.map((note) => wrap(short(note, 600), options.width, '  ')),
  );
  return lines.join('\n');
}
