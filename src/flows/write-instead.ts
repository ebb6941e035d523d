import type { ImageFacts } from '../domain/catalog/image-facts.ts';
import { changesLineOfStore } from '../domain/catalog/keeps-data.ts';
import { cutsValue } from '../domain/dockerfile/cuts-value.ts';
import { type Edit, expandedAfter, expandedText, planEdit } from '../domain/dockerfile/edit.ts';
import type { ImageUse } from '../domain/image/image-use.ts';
import { parseReference, type Reference, repositoryName } from '../domain/image/reference.ts';
import { writtenForm } from '../domain/image/written-form.ts';
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
 * Per use, the edits that make it name what is recommended: in its own word, or in the default of the ARG that spells the
 * part that changes. The written form is kept (a mirror stays a mirror, `library/` stays).
 *
 * Stages on the same repository move together: what one builds the other has to run. An edit of an ARG is proposed only
 * where every other image that it spells is then either the one recommended for it or still a maintained, supported one.
 *
 * @returns in the order of the candidates; `undefined` where nothing is to be done, or where no edit of this file does it.
 */
export function writeInstead(
  candidates: readonly Candidate[],
  text: string,
  look: LookUp,
): readonly (readonly Edit[] | undefined)[] {
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
    return isHarmless ? edits : undefined;
  });
}

function planOf({ use, actual, facts }: Candidate, text: string): readonly Edit[] | undefined {
  if (actual === undefined || facts?.recommended === undefined || changesLineOfStore(facts)) return undefined;
  const edits = planEdit(use, writtenForm(expandedText(use), actual, facts.recommended.reference));
  if (edits === undefined || edits.length === 0) return undefined;
  const isWhole = edits.every(({ span }) => !cutsValue(use, span, text));
  return isWhole ? edits : undefined;
}

/** What another use names after the edits: unchanged, recommended for it, or maintained and supported. */
function staysFine(other: Candidate, edits: readonly Edit[], look: LookUp): boolean {
  const before = expandedText(other.use);
  const after = expandedAfter(other.use.pieces, edits);
  if (after === before) return true;
  const { actual, facts } = other;
  if (
    actual !== undefined &&
    facts?.recommended !== undefined &&
    after === writtenForm(before, actual, facts.recommended.reference)
  )
    return true;
  const parsed = parseReference(after);
  if (parsed.kind === 'invalid') return false;
  const found = look(parsed.reference).facts;
  return found.tagState === 'maintained' && found.lifecycle?.state !== 'ended' && found.os?.state !== 'ended';
}
