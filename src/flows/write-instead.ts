import { planEdit } from '../domain/dockerfile/edit.ts';
import type { ImageUse } from '../domain/image/image-use.ts';
import { familiarReference, formatReference, type Reference, repositoryName } from '../domain/image/reference.ts';
import type { LineIndex } from '../domain/source/lines.ts';
import type { Replacement } from './check-result.ts';

/**
 * The lines to write so that a use names `recommended`: the use's own line, or the line of the ARG whose default spells
 * the part that changes. The written form is kept (a mirror stays a mirror, `library/` stays).
 *
 * @param actual what the use names after aliases.
 * @returns `undefined` when some part to change is not spelled in this file.
 */
export function writeInstead(
  use: ImageUse,
  actual: Reference,
  recommended: Reference,
  text: string,
  lines: LineIndex,
): readonly Replacement[] | undefined {
  const edits = planEdit(use, wantedText(use, actual, recommended));
  if (edits === undefined || edits.length === 0) return undefined;
  const byLine = new Map<number, { start: number; end: number; text: string }[]>();
  for (const { span, text: replacement } of edits) {
    const line = lines.lineAt(span.start);
    const list = byLine.get(line) ?? [];
    list.push({ start: span.start, end: span.end, text: replacement });
    byLine.set(line, list);
  }
  return [...byLine]
    .sort(([a], [b]) => a - b)
    .map(([line, list]) => ({ line, text: editedLine(text, lines, line, list) }));
}

function wantedText(use: ImageUse, actual: Reference, recommended: Reference): string {
  const expanded = use.pieces.map((piece) => piece.text).join('');
  if (repositoryName(actual) !== repositoryName(recommended)) return familiarReference(recommended);
  const suffix = formatReference(recommended).slice(repositoryName(recommended).length);
  return expanded.slice(0, endOfName(expanded)) + suffix;
}

/** Where tag or digest begin: at `@`, or at the colon behind the last slash. */
function endOfName(expanded: string): number {
  const at = expanded.indexOf('@');
  const name = at < 0 ? expanded : expanded.slice(0, at);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? name.length : colon;
}

function editedLine(
  text: string,
  lines: LineIndex,
  line: number,
  edits: readonly { start: number; end: number; text: string }[],
): string {
  const start = lines.startOf(line);
  const end = text.indexOf('\n', start);
  let result = '';
  let at = start;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return (result + text.slice(at, end < 0 ? text.length : end)).replace(/\r$/, '').replace(/^\uFEFF/, '');
}
