import { expandedText } from '../dockerfile/edit.ts';
import type { ImageUse } from '../image/image-use.ts';
import { type Reference, repositoryName } from '../image/reference.ts';

/** A file as it was read at one commit. */
export type FileVersion = { readonly text: string; readonly uses: readonly ImageUse[] };

/** A use that names another image than before; both as they are written, variables expanded. */
export type ReferenceChange = {
  readonly line: number;
  readonly role: ImageUse['role'];
  readonly before: string;
  readonly after: string;
  readonly to: Reference;
};

/** `reason`: one clause, what else has changed. */
export type ReferenceChanges =
  | { readonly kind: 'references'; readonly changes: readonly ReferenceChange[] }
  | { readonly kind: 'more'; readonly reason: string };

/** What has changed between two versions of a file, if that is tags and digests of the images that it names, and nothing else. */
export function referenceChanges(before: FileVersion, after: FileVersion): ReferenceChanges {
  if (withoutImages(before) !== withoutImages(after)) return more('more than the names of images changes');
  if (before.uses.length !== after.uses.length)
    return more(`it names ${after.uses.length} images in place of ${before.uses.length}`);
  const changes: ReferenceChange[] = [];
  for (const [at, use] of before.uses.entries()) {
    const now = after.uses[at];
    if (now === undefined || now.role !== use.role || now.stage?.index !== use.stage?.index)
      return more(`the image of line ${use.line} gets another purpose`);
    const [was, is] = [expandedText(use), expandedText(now)];
    if (was === is) continue;
    if (use.image.kind !== 'reference' || now.image.kind !== 'reference')
      return more(`the image of line ${now.line} cannot be read`);
    const { reference } = now.image;
    if (repositoryName(use.image.reference) !== repositoryName(reference))
      return more(`line ${now.line} comes to name another image: ${repositoryName(reference)}`);
    changes.push({ line: now.line, role: now.role, before: was, after: is, to: reference });
  }
  return { kind: 'references', changes };
}

/** The text with a mark in place of every stretch that spells an image. */
function withoutImages({ text, uses }: FileVersion): string {
  const spans = uses.flatMap(({ pieces }) => pieces.flatMap(({ span }) => span ?? []));
  const kept: string[] = [];
  let at = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    // One argument may spell several images.
    if (start >= at) kept.push(text.slice(at, start));
    at = Math.max(at, end);
  }
  return JSON.stringify([...kept, text.slice(at)]);
}

function more(reason: string): ReferenceChanges {
  return { kind: 'more', reason };
}
