import type { Comment } from '../dockerfile/dockerfile.ts';
import type { Parsed, Problem } from '../source/problem.ts';
import { type InlineIgnore, parseInlineIgnore } from './inline-ignore.ts';
import { approvedOnly } from './waiver.ts';

export type IgnoreContext = {
  readonly knownRules: ReadonlySet<string>;
  readonly today: string;
  readonly maxDays: number;
};

/** The inline ignores among the comments of a Dockerfile: each holds for the instruction it stands above or inside. */
export function ignoresOfDockerfile(
  comments: readonly Comment[],
  context: IgnoreContext,
): Parsed<readonly InlineIgnore[]> {
  return collect(
    comments.map(({ text, line, nextInstructionLine }) => ({ text, line, appliesTo: nextInstructionLine ?? line })),
    context,
  );
}

/** The inline ignores in YAML or JSON-with-comments: behind a value they hold for its line, alone on a line for the next. */
export function ignoresOfDocument(text: string, context: IgnoreContext): Parsed<readonly InlineIgnore[]> {
  if (!text.includes('basekeeper:')) return { value: [], problems: [] };
  const comments = text.split('\n').flatMap((content, index) => {
    const marker = content.indexOf('basekeeper:');
    const before = marker < 0 ? '' : content.slice(0, marker).trimEnd();
    const sign = before.endsWith('#') ? 1 : before.endsWith('//') ? 2 : 0;
    if (sign === 0) return [];
    const isAlone = before.slice(0, -sign).trim() === '';
    return [{ text: content.slice(marker), line: index + 1, appliesTo: isAlone ? index + 2 : index + 1 }];
  });
  return collect(comments, context);
}

function collect(
  comments: readonly { text: string; line: number; appliesTo: number }[],
  context: IgnoreContext,
): Parsed<readonly InlineIgnore[]> {
  const value: InlineIgnore[] = [];
  const problems: Problem[] = [];
  const latest = new Date(Date.parse(context.today) + context.maxDays * 86_400_000).toISOString().slice(0, 10);
  for (const { text, line, appliesTo } of comments) {
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
        appliesTo: { from: appliesTo, to: appliesTo },
      });
  }
  return { value, problems };
}

function warning(line: number, message: string): Problem {
  return { code: 'ignore-without-effect', severity: 'warning', message, line };
}
