import type { ImageUse, Piece } from '../image/image-use.ts';
import type { Span } from '../source/span.ts';

/** One stretch of a file, replaced. Edits of one plan do not overlap; `span` may be empty, which inserts. */
export type Edit = { readonly span: Span; readonly text: string };

/** A change of the expanded text of a use: its characters `start` to `end` become `text`. */
type Change = { readonly start: number; readonly end: number; readonly text: string };

// What a reference consists of: none of it means anything to the shell, to YAML scalars in use or to JSON.
const plainText = /^[A-Za-z0-9._\-/:@+[\]]+$/;
const componentStart = /(?=[:@])/;
const token = /[A-Za-z0-9]+|[^A-Za-z0-9]/g;

/**
 * The smallest set of edits that makes the expanded text of a use `newText`: in the word itself, or in the default of
 * the build argument that a changed character comes from.
 *
 * @returns `undefined` where a changed character stands nowhere in the file, where the same characters are used twice
 *   and would have to differ, and where the change cannot be told apart from a change of a variable's name. Pieces cut by
 *   `%` or `#` are edited where they stand; read the file again to see that the cut still falls in the same place.
 */
export function planEdit(use: Pick<ImageUse, 'pieces'>, newText: string): readonly Edit[] | undefined {
  const oldText = expandedText(use);
  if (!plainText.test(newText)) return undefined;
  if (oldText === newText) return [];
  for (const changes of [
    oneChange(oldText, newText),
    changesBy(componentStart, oldText, newText),
    changesByToken(oldText, newText),
  ]) {
    const edits = changes && placeChanges(use.pieces, changes);
    if (edits !== undefined && expands(use.pieces, edits, newText)) return mergeByPiece(use.pieces, edits);
  }
  return undefined;
}

/**
 * The same for a text that gains a digest, which goes into the word itself: behind a build argument that spells other
 * images, or but a part of the tag.
 */
export function planPinInWord(use: Pick<ImageUse, 'pieces' | 'span'>, newText: string): readonly Edit[] | undefined {
  const at = newText.indexOf('@');
  if (at < 0 || expandedText(use).includes('@') || !plainText.test(newText)) return undefined;
  const end = piecesToEdit(use).at(-1)?.span?.end;
  const edits = planEdit(use, newText.slice(0, at));
  return end === undefined ? undefined : edits && [...edits, { span: { start: end, end }, text: newText.slice(at) }];
}

/** The pieces of a use, and where its word ends in a variable, the place behind it. */
export function piecesToEdit({ pieces, span }: Pick<ImageUse, 'pieces' | 'span'>): readonly Piece[] {
  const last = pieces.at(-1)?.span;
  const endsInWord = last !== undefined && last.start >= span.start && last.end <= span.end;
  return endsInWord ? pieces : [...pieces, { text: '', span: { start: span.end, end: span.end } }];
}

/** What a use names, variables expanded. */
export function expandedText({ pieces }: Pick<ImageUse, 'pieces'>): string {
  return pieces.map((piece) => piece.text).join('');
}

/** The text after the edits, which must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let copied = 0;
  for (const { span, text: replacement } of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    result += text.slice(copied, span.start) + replacement;
    copied = span.end;
  }
  return result + text.slice(copied);
}

function oneChange(oldText: string, newText: string, offset = 0): readonly Change[] {
  const limit = Math.min(oldText.length, newText.length);
  let prefix = 0;
  while (prefix < limit && oldText.charAt(prefix) === newText.charAt(prefix)) prefix++;
  let suffix = 0;
  while (
    suffix < limit - prefix &&
    oldText.charAt(oldText.length - 1 - suffix) === newText.charAt(newText.length - 1 - suffix)
  )
    suffix++;
  return [
    {
      start: offset + prefix,
      end: offset + oldText.length - suffix,
      text: newText.slice(prefix, newText.length - suffix),
    },
  ];
}

/** Name, tag and digest changed each for itself. */
function changesBy(separator: RegExp, oldText: string, newText: string): readonly Change[] | undefined {
  return changesInParts(oldText.split(separator), newText.split(separator));
}

function changesByToken(oldText: string, newText: string): readonly Change[] | undefined {
  return changesInParts(oldText.match(token) ?? [], newText.match(token) ?? []);
}

function changesInParts(oldParts: readonly string[], newParts: readonly string[]): readonly Change[] | undefined {
  if (oldParts.length !== newParts.length) return undefined;
  const changes: Change[] = [];
  let offset = 0;
  for (const [index, oldPart] of oldParts.entries()) {
    const newPart = newParts[index] ?? '';
    if (oldPart !== newPart) changes.push(...oneChange(oldPart, newPart, offset));
    offset += oldPart.length;
  }
  return changes;
}

function placeChanges(pieces: readonly Piece[], changes: readonly Change[]): readonly Edit[] | undefined {
  const edits = new Map<string, Edit>();
  for (const change of changes) {
    const edit = placeChange(pieces, change);
    if (edit === undefined) return undefined;
    edits.set(`${edit.span.start} ${edit.span.end} ${edit.text}`, edit);
  }
  return [...edits.values()].sort((a, b) => a.span.start - b.span.start);
}

/**
 * Puts a change into the one piece that holds it. An insertion between two pieces goes to the end of the first, so that a
 * digest follows the tag into its build argument; but behind `:`, `@` and `/` it begins what the second piece spells.
 */
function placeChange(pieces: readonly Piece[], change: Change): Edit | undefined {
  const fitting: Edit[] = [];
  let offset = 0;
  let before = '';
  for (const { text, span } of pieces) {
    const from = change.start - offset;
    const to = change.end - offset;
    offset += text.length;
    const isInside = from >= 0 && to <= text.length && (from < text.length || from === to);
    if (isInside && span !== undefined && (before === '' || from > 0 || !joinsName(text, to, change.text))) {
      const edit = { span: { start: span.start + from, end: span.start + to }, text: change.text };
      if (from === 0 && /[:@/]$/.test(before)) return edit;
      fitting.push(edit);
    }
    before = text;
  }
  return fitting[0];
}

/**
 * Whether a piece that may stand behind an unbraced `$NAME` would come to begin with a character that belongs to a name:
 * `$V-slim` must not become `$Vslim`. A piece that began so already stands behind something else.
 */
function joinsName(text: string, removedTo: number, inserted: string): boolean {
  const before = text.charAt(0);
  const after = inserted === '' ? text.charAt(removedTo) : inserted.charAt(0);
  return !/\w/.test(before) && /\w/.test(after);
}

/** One edit per piece, so that two images of one build argument ask for the same one, whatever else changes in them. */
function mergeByPiece(pieces: readonly Piece[], edits: readonly Edit[]): readonly Edit[] {
  const merged = new Map<string, Edit>();
  for (const piece of pieces) {
    const { text, span } = piece;
    const after = editPiece(piece, edits);
    if (span === undefined || after === text) continue;
    for (const change of oneChange(text, after, span.start))
      merged.set(`${change.start} ${change.end}`, {
        span: { start: change.start, end: change.end },
        text: change.text,
      });
  }
  return [...merged.values()].sort((a, b) => a.span.start - b.span.start);
}

/** Whether the pieces, edited, are the wanted text: also where two pieces stand for the same stretch of the file. */
function expands(pieces: readonly Piece[], edits: readonly Edit[], newText: string): boolean {
  const isOrdered = edits.every((edit, index) => index === 0 || (edits[index - 1]?.span.end ?? 0) <= edit.span.start);
  return isOrdered && expandedAfter(pieces, edits) === newText;
}

/** The expanded text of a use after edits that were perhaps made for another one. */
export function expandedAfter(pieces: readonly Piece[], edits: readonly Edit[]): string {
  return pieces.map((piece) => editPiece(piece, edits)).join('');
}

function editPiece({ text, span }: Piece, edits: readonly Edit[]): string {
  if (span === undefined) return text;
  const own = edits.filter((edit) => edit.span.start >= span.start && edit.span.end <= span.end);
  const inside = own.map((edit) => ({
    text: edit.text,
    span: { start: edit.span.start - span.start, end: edit.span.end - span.start },
  }));
  return applyEdits(text, inside);
}
