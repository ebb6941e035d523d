import type { ImageUse } from '../image/image-use.ts';
import type { Edit } from './edit.ts';

/** Whether a piece that an edit lies in is only a part of the value it came from (`${V%%.*}`): the rest would stay behind. */
export function cutsValue(use: Pick<ImageUse, 'pieces' | 'span'>, span: Edit['span'], text: string): boolean {
  const piece = use.pieces.find(
    (one) => one.span !== undefined && one.span.start <= span.start && one.span.end >= span.end,
  );
  if (piece?.span === undefined || (piece.span.start >= use.span.start && piece.span.end <= use.span.end)) return false;
  return /[\w.]/.test(text.charAt(piece.span.end)) || /[\w.]/.test(text.charAt(piece.span.start - 1));
}
