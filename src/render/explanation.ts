import type { Explanation, ExplanationWithTags, OnlineExplanation } from '../flows/explanation.ts';
import { renderCandidates } from './candidates.ts';
import { familiar } from './familiar.ts';
import { lifecycleSentence } from './lifecycle-sentence.ts';
import { palette } from './palette.ts';
import { registrySentences } from './registry-sentences.ts';
import { table, wrap } from './table.ts';
import { short } from './visible.ts';

/** What `explain` prints for people. */
export function renderExplanation(
  explanation: Explanation | ExplanationWithTags | OnlineExplanation,
  options: { readonly color: boolean; readonly width: number },
): string {
  const colors = palette(options.color);
  const { category, matched, verdict, rules, lifecycle, alternatives } = explanation;
  const why = matched === null ? '' : ` – ${matched.why} (${matched.pattern})`;
  const facts: string[][] = [
    ['category', `${colors.category(category)}${short(why)}`],
    ['verdict', `${colors.verdict(verdict)} as the base of what ships`],
  ];
  for (const life of lifecycle ?? []) facts.push([`${life.product} ${life.line}`, lifecycleSentence(life)]);
  if ('registry' in explanation && explanation.registry !== undefined)
    facts.push(...registrySentences(explanation.registry).map((sentence) => ['registry', short(sentence, 600)]));
  const sections = [
    [
      colors.strong(familiar(explanation.reference)),
      ...table(facts.map(([name = '', value = '']) => [`  ${name}`, value])),
    ].join('\n'),
  ];
  if (rules.length > 0) {
    sections.push(
      rules
        .map(({ rule, verdict: level, reason }) =>
          wrap(`${colors.verdict(level)}: ${short(reason, 600)} ${colors.faint(`[${rule}]`)}`, options.width, '  '),
        )
        .join('\n'),
    );
  }
  if (alternatives.length > 0) {
    const rows = alternatives.map(({ reference, reasons, sizeBytes }) => [
      `  ${familiar(reference)}`,
      `${reasons.map((reason) => short(reason)).join('; ')}${sizeBytes === undefined ? '' : ` (${Math.round(sizeBytes / 1e6)} MB)`}`,
    ]);
    sections.push(['Use instead:', ...table(rows)].join('\n'));
  }
  if (hasCandidates(explanation)) sections.push(renderCandidates(explanation, colors, options.width));
  return `${sections.join('\n\n')}\n`;
}

function hasCandidates(explanation: Explanation | OnlineExplanation): explanation is ExplanationWithTags {
  return 'candidates' in explanation;
}
