import { type TracedText, TracedTextBuilder } from '../dockerfile/traced-text.ts';
import type { Piece } from '../image/image-use.ts';

/** Text with its variables replaced, as far as the document knows them. */
export type Expansion = {
  readonly traced: TracedText;
  /** What has no value, in order, once each; empty when the text is fully known. */
  readonly missing: readonly string[];
};

/** Copies parts of a traced text in logarithmic time each, for texts of many pieces (inline Dockerfiles). */
export class PieceSource {
  readonly text: string;
  readonly #pieces: readonly Piece[];
  readonly #starts: readonly number[];

  constructor({ text, pieces }: TracedText) {
    this.text = text;
    this.#pieces = pieces;
    let at = 0;
    this.#starts = pieces.map((piece) => {
      at += piece.text.length;
      return at - piece.text.length;
    });
  }

  copy(start: number, end: number, into: TracedTextBuilder): void {
    for (let index = this.#indexOf(start); index < this.#pieces.length; index++) {
      const piece = this.#pieces[index];
      const pieceStart = this.#starts[index];
      if (piece === undefined || pieceStart === undefined || pieceStart >= end) return;
      const from = Math.max(start - pieceStart, 0);
      const to = Math.min(end - pieceStart, piece.text.length);
      const span = piece.span && { start: piece.span.start + from, end: piece.span.start + to };
      into.add({ text: piece.text.slice(from, to), span });
    }
  }

  slice(start: number, end: number): TracedText {
    const builder = new TracedTextBuilder();
    this.copy(start, end, builder);
    return builder.build();
  }

  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  }
}
