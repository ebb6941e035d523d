import { canonicalReference } from '../../domain/image/reference.ts';
import { removalBeside } from '../../domain/interim/interim-edit.ts';
import type { Survey } from '../survey-tree.ts';
import type { InterimPlace } from './interim-places.ts';
import type { InterimPlan, InterimRequest } from './interim-request.ts';
import { type InterimChange, placeEdits } from './place-edits.ts';
import { planEndings } from './plan-endings.ts';
import { planInsertions } from './plan-insertions.ts';
import { type Answers, factsOf, type Ports, scanPlaces, wantedOf } from './scan-places.ts';

/**
 * Which marked upgrades go into the Dockerfiles of a tree and which go out: in, for CRITICAL findings with a fix that nothing in the line of
 * the base is free of; out, where the base scans free of all that they are for. What no scan tells changes nothing.
 *
 * @see docs/interim.md
 */
export async function planInterim(
  ports: Ports,
  survey: Pick<Survey, 'readAs'>,
  request: InterimRequest,
): Promise<InterimPlan> {
  const looked = request.isInserting ? request.places : request.places.filter(({ lines }) => lines.length > 0);
  if (looked.length === 0) return { plans: [], refused: [], unanswered: [] };
  const answers = await scanPlaces(ports, looked.map(wantedOf), request);
  const removed = planEndings(looked, answers);
  const added = request.isInserting
    ? await planInsertions(ports, looked, answers, request)
    : { changes: [], refused: [], unanswered: [] };
  const placed = await placeEdits([...apart(removed.changes, added.changes), ...added.changes], survey);
  return {
    plans: placed.plans,
    refused: [...removed.refused, ...added.refused, ...placed.refused],
    unanswered: [...unansweredOf(looked, answers), ...added.unanswered],
  };
}

/** Both are planned against the same text, and may be written together. */
function apart(removed: readonly InterimChange[], added: readonly InterimChange[]): readonly InterimChange[] {
  return removed.map((change) => {
    const beside = added.filter(({ place }) => place.file === change.place.file).flatMap(({ edits }) => edits);
    return { ...change, edits: change.edits.map((edit) => removalBeside(edit, beside)) };
  });
}

/** What was not learnt of a base: neither that it is patched nor that it is not. */
function unansweredOf(places: readonly InterimPlace[], answers: Answers): InterimPlan['unanswered'] {
  const rows = places.flatMap((place) => {
    const facts = factsOf(answers, wantedOf(place));
    return facts.kind === 'scanned' ? [] : [[canonicalReference(place.reference), facts.message] as const];
  });
  return [...new Map(rows)].map(([reference, message]) => ({ reference, message }));
}
