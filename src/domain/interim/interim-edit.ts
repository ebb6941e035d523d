import type { Dockerfile } from '../dockerfile/dockerfile.ts';
import { applyEdits, type Edit, expandedText } from '../dockerfile/edit.ts';
import type { ImageUse } from '../image/image-use.ts';
import { indexLines } from '../source/lines.ts';
import type { InterimLine } from './interim-lines.ts';

/**
 * Puts lines directly behind the FROM that a use stands in, with the line ends of the file. Read the result again: of a FROM that goes on
 * over several lines they would become a part.
 */
export function insertBehind(text: string, { span }: Pick<ImageUse, 'span'>, lines: readonly string[]): Edit {
  const newline = text.indexOf('\n', span.end);
  const first = text.indexOf('\n');
  const end = first > 0 && text.charAt(first - 1) === '\r' ? '\r\n' : '\n';
  const at = newline < 0 ? text.length : newline + 1;
  const body = lines.join(end);
  return { span: { start: at, end: at }, text: newline < 0 ? `${end}${body}` : `${body}${end}` };
}

/**
 * Takes an interim upgrade out again: its marks, its RUN, and the two USER around it where the second names whom it ran as before,
 * so that what follows runs as it did.
 *
 * @param user of the base; `undefined` where it is not known.
 */
export function removeInterim(text: string, line: InterimLine, user: string | undefined): Edit {
  const before = line.userBefore ?? user;
  const isAround = before !== undefined && before !== '' && line.userBehind === before;
  const index = indexLines(text);
  const [from, to] = isAround ? [line.from - 1, line.to + 1] : [line.from, line.to];
  const end = index.startOf(to + 1);
  const start = index.startOf(from);
  // Of the last line of a file without an end of line, the one before it goes.
  const isLast = end === text.length && !text.endsWith('\n');
  const endOfLine = text.slice(0, start).endsWith('\r\n') ? 2 : 1;
  return { span: { start: isLast ? Math.max(0, start - endOfLine) : start, end }, text: '' };
}

/** A removal beside insertions of the same file: the end of line that one of them stands behind is left to it. */
export function removalBeside(removal: Edit, insertions: readonly Edit[]): Edit {
  const { start, end } = removal.span;
  const inside = insertions.map(({ span }) => span.start).find((at) => at > start && at < end);
  return inside === undefined ? removal : { ...removal, span: { start: inside, end } };
}

/** Whether edits that only insert whole lines, or only remove them, change nothing else of a file. One reading against another. */
export function isChangedOnlyBy(
  edits: readonly Edit[],
  before: { readonly text: string; readonly dockerfile: Dockerfile },
  after: Dockerfile,
): boolean {
  const text = applyEdits(before.text, edits);
  const removed = linesOf(
    before.text,
    edits.map(({ span }) => span),
  );
  let shift = 0;
  const added = linesOf(
    text,
    edits
      .toSorted((a, b) => a.span.start - b.span.start)
      .map(({ span, text: put }) => {
        const start = span.start + shift;
        shift += put.length - (span.end - span.start);
        return { start, end: start + put.length };
      }),
  );
  const faults = ({ problems }: Dockerfile) => problems.filter(({ severity }) => severity !== 'info').length;
  return meaning(before.dockerfile, removed) === meaning(after, added) && faults(after) <= faults(before.dockerfile);
}

function linesOf(text: string, spans: readonly Edit['span'][]): ReadonlySet<number> {
  const { lineAt } = indexLines(text);
  return new Set(
    spans
      .filter(({ start, end }) => end > start)
      .flatMap(({ start, end }) => {
        // A span may begin with the end of the line before.
        const first = lineAt(start + (/[\r\n]/.test(text.charAt(start)) ? text.slice(start).search(/[^\r\n]/) : 0));
        const last = lineAt(end - 1);
        return Array.from({ length: last - first + 1 }, (_, at) => first + at);
      }),
  );
}

/** All that a build does, but for instructions that begin on some lines. */
function meaning({ stages, uses }: Dockerfile, without: ReadonlySet<number>): string {
  return JSON.stringify([
    stages.map(({ index, name, role, from, base, copiesFrom, instructions }) => [
      ...[index, name, role, from, base && expandedText(base), copiesFrom],
      instructions
        .filter(({ line }) => !without.has(line))
        .map(({ keyword, flags, text, heredocs }) => [keyword, flags, text, heredocs.map(({ content }) => content)]),
    ]),
    uses.map((use) => [use.role, use.stage, use.platform, expandedText(use)]),
  ]);
}
