import type { Comment } from '../dockerfile/dockerfile.ts';
import type { Parsed, Problem } from '../source/problem.ts';
import { type InlineIgnore, parseInlineIgnore } from './inline-ignore.ts';
import { approvedOnly } from './waiver.ts';

export type IgnoreContext = {
  readonly knownRules: ReadonlySet<string>;
  readonly today: string;
  readonly maxDays: number;
};

/**
 * The inline ignores of a Dockerfile: each holds for the instruction it stands above or inside, to its last line.
 *
 * @param instructionLines the first lines of all instructions, ascending.
 */
export function ignoresOfDockerfile(
  comments: readonly Comment[],
  instructionLines: readonly number[],
  context: IgnoreContext,
): Parsed<readonly InlineIgnore[]> {
  return collect(
    comments.map(({ text, line, nextInstructionLine }) => {
      const from = nextInstructionLine ?? line;
      return { text, line, from, to: firstAbove(instructionLines, from) - 1 };
    }),
    context,
  );
}

/** The first of ascending numbers that is larger; infinity when there is none. */
function firstAbove(ascending: readonly number[], number: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) > number) high = middle;
    else low = middle + 1;
  }
  return ascending[low] ?? Number.POSITIVE_INFINITY;
}

/** The inline ignores in YAML or JSON-with-comments: behind a value they hold for its line, alone on a line for the next. */
export function ignoresOfDocument(text: string, context: IgnoreContext): Parsed<readonly InlineIgnore[]> {
  const comments = text.split('\n').flatMap((content, index) => {
    const marker = content.indexOf('basekeeper:');
    const before = marker < 0 ? '' : content.slice(0, marker).trimEnd();
    const sign = before.endsWith('#') ? 1 : before.endsWith('//') ? 2 : 0;
    if (sign === 0) return [];
    const isAlone = before.slice(0, -sign).trim() === '';
    const at = isAlone ? index + 2 : index + 1;
    return [{ text: content.slice(marker), line: index + 1, from: at, to: at }];
  });
  return collect(comments, context);
}

function collect(
  comments: readonly { text: string; line: number; from: number; to: number }[],
  context: IgnoreContext,
): Parsed<readonly InlineIgnore[]> {
  const value: InlineIgnore[] = [];
  const problems: Problem[] = [];
  const latest = new Date(Date.parse(context.today) + context.maxDays * 86_400_000).toISOString().slice(0, 10);
  for (const { text, line, from, to } of comments) {
    const reading = parseInlineIgnore(text, context.knownRules);
    if (reading.kind === 'none') continue;
    if (reading.kind === 'malformed') {
      problems.push(warning(line, reading.reason));
      continue;
    }
    const approved = reading.rules.find((rule) => approvedOnly.has(rule));
    if (approved !== undefined)
      problems.push(
        warning(
          line,
          `${approved} cannot be ignored in a comment: it needs a waiver with an approver in the policy file`,
        ),
      );
    else if (reading.until > latest)
      problems.push(
        warning(
          line,
          `this ignore has no effect: until=${reading.until} is more than ${context.maxDays} days ahead, ${latest} at the latest`,
        ),
      );
    else
      value.push({
        rules: reading.rules,
        until: reading.until,
        reason: reading.reason,
        line,
        appliesTo: { from, to },
      });
  }
  return { value, problems };
}

function warning(line: number, message: string): Problem {
  return { code: 'ignore-without-effect', severity: 'warning', message, line };
}
