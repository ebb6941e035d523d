import { type TracedText, TracedTextBuilder } from '../dockerfile/traced-text.ts';
import type { ImageUse, Piece } from '../image/image-use.ts';
import type { Span } from '../source/span.ts';
import type { InlineDockerfile } from './document-reading.ts';
import { PieceSource } from './expansion.ts';

export function placeInline({ text, pieces }: TracedText, line: number): InlineDockerfile {
  return { text, pieces, line };
}

/**
 * A use that was read from an inline Dockerfile, as it stands in the document around it: spans, pieces and line.
 *
 * Where escapes or folding spell the word, its span is empty at the start of the inline text, and its pieces cannot be edited.
 *
 * @param lineOf 1-based line of an offset in the document.
 */
export function relocateUse(use: ImageUse, inline: InlineDockerfile, lineOf: (offset: number) => number): ImageUse {
  const source = new PieceSource(inline);
  const span = relocateSpan(use.span, source, inline);
  const pieces = use.pieces.flatMap((piece) => relocatePiece(piece, source));
  return { ...use, span, pieces, line: span.end > span.start ? lineOf(span.start) : inline.line };
}

/**
 * The line in the document of a line of the inline Dockerfile: exact for block literals (`|`), which is how people write
 * them; for other spellings never past the end of the scalar's own lines as they stand in the text.
 *
 * @param line 1-based; 0 (the whole file) becomes the first.
 */
export function relocateLine(line: number, inline: InlineDockerfile): number {
  return inline.line + Math.max(line, 1) - 1;
}

function relocateSpan(span: Span, source: PieceSource, inline: InlineDockerfile): Span {
  const spans = source
    .slice(span.start, span.end)
    .pieces.flatMap((piece) => (piece.span === undefined ? [] : [piece.span]));
  const [first, last] = [spans[0], spans.at(-1)];
  if (first !== undefined && last !== undefined && last.end >= first.start)
    return { start: first.start, end: last.end };
  const start = inline.pieces.find((piece) => piece.span !== undefined)?.span?.start ?? 0;
  return { start, end: start };
}

function relocatePiece(piece: Piece, source: PieceSource): readonly Piece[] {
  if (piece.span === undefined) return [piece];
  const builder = new TracedTextBuilder();
  source.copy(piece.span.start, piece.span.end, builder);
  return builder.build().pieces;
}
