import type { ImageFacts } from '../domain/catalog/image-facts.ts';
import { changesLineOfStore } from '../domain/catalog/keeps-data.ts';
import { type Edit, expandedAfter, planEdit } from '../domain/dockerfile/edit.ts';
import type { ImageUse } from '../domain/image/image-use.ts';
import {
  familiarReference,
  formatReference,
  parseReference,
  type Reference,
  repositoryName,
} from '../domain/image/reference.ts';
import type { LineIndex } from '../domain/source/lines.ts';
import type { Replacement } from './check-result.ts';
import type { LookUp } from './subject-of.ts';

/** A use of a file that might be written otherwise. */
export type Candidate = {
  readonly use: ImageUse;
  /** After aliases; absent where the use names no reference. */
  readonly actual?: Reference;
  readonly facts?: ImageFacts;
  /** Something is to be done about it: a finding above a note. */
  readonly isWanted: boolean;
};

/**
 * Per use, the lines to write so that it names what is recommended: its own line, or that of the ARG whose default spells
 * the part that changes. The written form is kept (a mirror stays a mirror, `library/` stays).
 *
 * Stages on the same repository move together: what one builds the other has to run. An edit of an ARG is proposed only
 * where every other image that it spells is then either the one recommended for it or still a maintained, supported one.
 *
 * @returns in the order of the candidates; `undefined` where nothing is to be done, or where no line of this file does it.
 */
export function writeInstead(
  candidates: readonly Candidate[],
  text: string,
  lines: LineIndex,
  look: LookUp,
): readonly (readonly Replacement[] | undefined)[] {
  const wanted = new Set(
    candidates.flatMap(({ isWanted, actual }) => (isWanted && actual ? [repositoryName(actual)] : [])),
  );
  const plans = candidates.map((candidate) => planOf(candidate, text));
  return candidates.map((candidate, at) => {
    const edits = plans[at];
    if (edits === undefined || candidate.actual === undefined || !wanted.has(repositoryName(candidate.actual)))
      return undefined;
    const outside = edits.filter(
      ({ span }) => span.start < candidate.use.span.start || span.end > candidate.use.span.end,
    );
    const isHarmless =
      outside.length === 0 || candidates.every((other) => other === candidate || staysFine(other, outside, look));
    return isHarmless ? replacements(edits, text, lines) : undefined;
  });
}

function planOf({ use, actual, facts }: Candidate, text: string): readonly Edit[] | undefined {
  if (actual === undefined || facts?.recommended === undefined || changesLineOfStore(facts)) return undefined;
  const edits = planEdit(use, wantedText(use, actual, facts.recommended.reference));
  if (edits === undefined || edits.length === 0) return undefined;
  const isWhole = edits.every(({ span }) => !cutsValue(use, span, text));
  return isWhole ? edits : undefined;
}

/** Whether a piece that an edit lies in is only a part of the value it came from (`${V%%.*}`): the rest would stay behind. */
function cutsValue(use: ImageUse, span: Edit['span'], text: string): boolean {
  const piece = use.pieces.find(
    (one) => one.span !== undefined && one.span.start <= span.start && one.span.end >= span.end,
  );
  if (piece?.span === undefined || (piece.span.start >= use.span.start && piece.span.end <= use.span.end)) return false;
  return /[\w.]/.test(text.charAt(piece.span.end)) || /[\w.]/.test(text.charAt(piece.span.start - 1));
}

/** What another use names after the edits: unchanged, recommended for it, or maintained and supported. */
function staysFine(other: Candidate, edits: readonly Edit[], look: LookUp): boolean {
  const before = other.use.pieces.map((piece) => piece.text).join('');
  const after = expandedAfter(other.use.pieces, edits);
  if (after === before) return true;
  const { actual, facts } = other;
  if (
    actual !== undefined &&
    facts?.recommended !== undefined &&
    after === wantedText(other.use, actual, facts.recommended.reference)
  )
    return true;
  const parsed = parseReference(after);
  if (parsed.kind === 'invalid') return false;
  const found = look(parsed.reference).facts;
  return found.tagState === 'maintained' && found.lifecycle?.state !== 'ended' && found.os?.state !== 'ended';
}

function replacements(edits: readonly Edit[], text: string, lines: LineIndex): readonly Replacement[] {
  const byLine = Map.groupBy(edits, ({ span }) => lines.lineAt(span.start));
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

function editedLine(text: string, lines: LineIndex, line: number, edits: readonly Edit[]): string {
  const start = lines.startOf(line);
  const end = text.indexOf('\n', start);
  let result = '';
  let at = start;
  for (const edit of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return (result + text.slice(at, end < 0 ? text.length : end)).replace(/\r$/, '').replace(/^\uFEFF/, '');
}
