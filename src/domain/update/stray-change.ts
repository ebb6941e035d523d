import { expandedText } from '../dockerfile/edit.ts';
import type { ImageUse } from '../image/image-use.ts';

/**
 * What an edited file, read again, says otherwise than it should: every use has to be there, in the same place and role, and
 * name what it named before or what was intended.
 *
 * @param intended what the changed uses are to name, by use before the edits.
 * @returns one clause; `undefined` when all is as intended.
 */
export function strayChange(
  before: readonly ImageUse[],
  after: readonly ImageUse[],
  intended: ReadonlyMap<ImageUse, string>,
): string | undefined {
  if (before.length !== after.length) return `the file would name ${after.length} images in place of ${before.length}`;
  for (const [at, use] of before.entries()) {
    const now = after[at];
    const wanted = intended.get(use) ?? expandedText(use);
    if (now === undefined || now.role !== use.role || now.line !== use.line || now.stage?.index !== use.stage?.index)
      return `the image of line ${use.line} would mean something else`;
    if (expandedText(now) !== wanted)
      return `the image of line ${use.line} would become ${expandedText(now)}, not ${wanted}`;
    const isStillRead = now.image.kind === use.image.kind || now.image.kind === 'reference';
    if (!isStillRead) return `the image of line ${use.line} could not be read any more`;
  }
  return undefined;
}
