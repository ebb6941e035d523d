import { type Edit, expandedAfter, expandedText, piecesToEdit } from '../dockerfile/edit.ts';
import type { ImageUse } from '../image/image-use.ts';
import { indexLines } from '../source/lines.ts';

/** A use that edits change, with what it comes to name. */
export type ChangedUse = { readonly use: ImageUse; readonly after: string };

/** Finds the uses of a file that edits change, one after the other: only those with a piece on a line of the edits are looked at. */
export function changedUses(
  text: string,
  uses: readonly ImageUse[],
): (edits: readonly Edit[]) => Generator<ChangedUse> {
  const lines = indexLines(text);
  const linesOf = ({ span }: Pick<Edit, 'span'>) => {
    const first = lines.lineAt(span.start);
    return Array.from({ length: lines.lineAt(span.end) - first + 1 }, (_, at) => first + at);
  };
  const byLine = new Map<number, Set<ImageUse>>();
  for (const use of uses) {
    for (const { span } of piecesToEdit(use)) {
      if (span === undefined) continue;
      for (const line of linesOf({ span })) byLine.set(line, (byLine.get(line) ?? new Set()).add(use));
    }
  }
  return function* (edits) {
    const seen = new Set<ImageUse>();
    for (const line of new Set(edits.flatMap(linesOf))) {
      for (const use of byLine.get(line) ?? []) {
        if (seen.has(use)) continue;
        seen.add(use);
        const after = expandedAfter(piecesToEdit(use), edits);
        if (after !== expandedText(use)) yield { use, after };
      }
    }
  };
}
