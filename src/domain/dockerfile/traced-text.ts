import type { Piece } from '../image/image-use.ts';

/**
 * Text together with where each of its characters stands in the file. The pieces, joined, are the text; neighbours that
 * also stand side by side in the file are one piece.
 */
export type TracedText = { readonly text: string; readonly pieces: readonly Piece[] };

/** No characters from nowhere. */
export const emptyTracedText: TracedText = { text: '', pieces: [] };

/** Text that no span of the file spells (a platform argument, a build argument). */
export function untracedText(text: string): TracedText {
  return text === '' ? emptyTracedText : { text, pieces: [{ text, span: undefined }] };
}

/** Collects runs of characters into one traced text, in time linear in the number of runs. */
export class TracedTextBuilder {
  #pieces: Piece[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get pieceCount(): number {
    return this.#pieces.length;
  }

  add(piece: Piece): void {
    if (piece.text === '') return;
    this.#length += piece.text.length;
    const last = this.#pieces.at(-1);
    if (last !== undefined && continues(last, piece)) {
      const span = last.span && piece.span ? { start: last.span.start, end: piece.span.end } : undefined;
      this.#pieces[this.#pieces.length - 1] = { text: last.text + piece.text, span };
      return;
    }
    this.#pieces.push(piece);
  }

  addText(traced: TracedText): void {
    for (const piece of traced.pieces) this.add(piece);
  }

  build(): TracedText {
    return this.#length === 0
      ? emptyTracedText
      : { text: this.#pieces.map((piece) => piece.text).join(''), pieces: this.#pieces };
  }
}

/** The characters `start` to `end` with their places. */
export function sliceTracedText(traced: TracedText, start: number, end: number): TracedText {
  const builder = new TracedTextBuilder();
  let offset = 0;
  for (const piece of traced.pieces) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, piece.text.length);
    if (from < to) builder.add(slicePiece(piece, from, to));
    offset += piece.text.length;
    if (offset >= end) break;
  }
  return builder.build();
}

function slicePiece(piece: Piece, from: number, to: number): Piece {
  const span = piece.span && { start: piece.span.start + from, end: piece.span.start + to };
  return { text: piece.text.slice(from, to), span };
}

function continues(last: Piece, next: Piece): boolean {
  if (last.span === undefined || next.span === undefined) return last.span === next.span;
  return last.span.end === next.span.start;
}
