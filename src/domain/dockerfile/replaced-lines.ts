import type { LineIndex } from '../source/lines.ts';
import { applyEdits, type Edit } from './edit.ts';

/** A line as it is to be written: whole, without its end and without a byte-order mark. */
export type Replacement = { readonly line: number; readonly text: string };

/** The lines that edits of a text change, in order, as they are afterwards. Edits stay within a line. */
export function replacedLines(edits: readonly Edit[], text: string, lines: LineIndex): readonly Replacement[] {
  const byLine = Map.groupBy(edits, ({ span }) => lines.lineAt(span.start));
  return [...byLine]
    .sort(([a], [b]) => a - b)
    .map(([line, list]) => ({ line, text: replacedLine(text, lines.startOf(line), list) }));
}

function replacedLine(text: string, start: number, edits: readonly Edit[]): string {
  const found = text.indexOf('\n', start);
  const end = found < 0 ? text.length : found;
  const inLine = edits.map(({ span, text: replacement }) => ({
    span: { start: span.start - start, end: span.end - start },
    text: replacement,
  }));
  return applyEdits(text.slice(start, end), inLine)
    .replace(/\r$/, '')
    .replace(/^\uFEFF/, '');
}
