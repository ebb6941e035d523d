import type { ReviewedImage, ReviewResult } from '../flows/review/review-result.ts';
import { count, familiar } from './familiar.ts';
import { lifecycleSentence } from './lifecycle-sentence.ts';
import { code, escapeMarkdown } from './markdown-text.ts';
import { palette } from './palette.ts';
import { wrap } from './table.ts';
import { short } from './visible.ts';

/** The answer, then per image what it comes to be, and what stands against it. */
export function renderReview(result: ReviewResult, view: { readonly color: boolean; readonly width: number }): string {
  const colors = palette(view.color);
  const images = result.images.map((image) =>
    [
      `${colors.strong(`${familiar(image.before)} → ${familiar(image.after)}`)}  ${short(image.path)}:${image.line}  ${colors.category(image.category)}`,
      ...factsOf(image).map((fact) => wrap(short(fact, 600), view.width, '  ')),
    ].join('\n'),
  );
  const against = result.objections.map((objection) =>
    wrap(`${colors.verdict('fail')}: ${short(objection, 600)}`, view.width, '  '),
  );
  const blocks = [colors.strong(answerOf(result)), ...images, against.join('\n')];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** As a comment. Whatever a repository or a registry wrote is neither markup nor a mention. */
export function renderReviewComment(result: ReviewResult): string {
  const rows = result.images.map((image) =>
    [
      code(`${image.path}:${image.line}`),
      `${code(familiar(image.before))} → ${code(familiar(image.after))}`,
      image.category ?? 'unknown',
      factsOf(image).map(escapeMarkdown).join('<br>'),
    ].join(' | '),
  );
  const table =
    rows.length === 0
      ? []
      : ['', '| place | image | category | |', '| --- | --- | --- | --- |', ...rows.map((row) => `| ${row} |`)];
  const against = result.objections.map((objection) => `- ${escapeMarkdown(objection)}`);
  const told = against.length === 0 ? [] : ['', '**Against it:**', '', ...against];
  return cut([escapeMarkdown(answerOf(result)), ...told, ...table].join('\n'));
}

function answerOf({ bot, reason, images, objections }: ReviewResult): string {
  if (bot === null) return `Not judged: ${short(reason ?? 'it is no work of a bot', 600)}.`;
  if (objections.length > 0)
    return `${bot} changes ${count(images.length, 'image')}; ${count(objections.length, 'thing')} against it.`;
  return `${bot} changes ${count(images.length, 'image')} and nothing else, all on policy.`;
}

function factsOf({ lifecycle, rules }: ReviewedImage): readonly string[] {
  return [
    ...lifecycle.map((life) => `${life.product} ${life.line}: ${lifecycleSentence(life)}`),
    ...rules.filter(({ verdict }) => verdict !== 'info').map(({ verdict, reason }) => `${verdict}: ${reason}`),
  ];
}

/** Forges refuse comments of more than 65,536 characters. */
function cut(text: string): string {
  return text.length <= 60_000 ? text : `${text.slice(0, text.lastIndexOf('\n', 60_000))}\n\n… and more.`;
}
