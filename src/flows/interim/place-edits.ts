import { compareText } from '../../domain/candidates/compare-digits.ts';
import { applyEdits, type Edit, expandedText } from '../../domain/dockerfile/edit.ts';
import { canonicalReference, repositoryName } from '../../domain/image/reference.ts';
import { isChangedOnlyBy } from '../../domain/interim/interim-edit.ts';
import type { FileUpdate, RefusedUpdate, UpdateLane, UpdatePlan, UpdateStep } from '../../domain/update/update-plan.ts';
import type { ReadFile } from '../read-dockerfile.ts';
import type { Survey } from '../survey-tree.ts';
import type { InterimPlace } from './interim-places.ts';

/** Lines that go in or out behind one FROM. */
export type InterimChange = {
  readonly place: InterimPlace;
  readonly lane: Extract<UpdateLane, 'interim' | 'interim-end'>;
  readonly edits: readonly Edit[];
  /** One clause each; the first says what it is. */
  readonly reasons: readonly string[];
};

export type Planned = { readonly changes: readonly InterimChange[]; readonly refused: readonly RefusedUpdate[] };

/** One plan for each image and lane. Every file is edited, read again, and refused when anything but whole lines has changed. */
export async function placeEdits(
  changes: readonly InterimChange[],
  survey: Pick<Survey, 'readAs'>,
): Promise<{ readonly plans: readonly UpdatePlan[]; readonly refused: readonly RefusedUpdate[] }> {
  const plans: UpdatePlan[] = [];
  const refused: RefusedUpdate[] = [];
  const groups = Map.groupBy(changes, ({ place, lane }) => `${repositoryName(place.reference)} ${lane}`);
  for (const [, group] of [...groups].sort(([one], [other]) => compareText(one, other))) {
    const [first] = group;
    if (first === undefined) continue;
    const files: FileUpdate[] = [];
    const done: InterimChange[] = [];
    for (const [file, own] of Map.groupBy(group, ({ place }) => place.file)) {
      const edits = own.flatMap((change) => change.edits).toSorted((a, b) => a.span.start - b.span.start);
      if (await isOnlyThat(file, edits, survey)) {
        files.push({ path: file.path, before: file.text, edits });
        done.push(...own);
      } else
        refused.push(
          ...own.map(({ place, lane }) =>
            refusal(place, lane, 'it was tried, and the file would mean something else: write it by hand'),
          ),
        );
    }
    if (done.length === 0) continue;
    const { place, lane } = first;
    plans.push({
      lane,
      image: repositoryName(place.reference),
      steps: stepsOf(done),
      files: files.toSorted((a, b) => compareText(a.path, b.path)),
    });
  }
  return { plans, refused };
}

export function refusal({ file, use }: InterimPlace, lane: InterimChange['lane'], reason: string): RefusedUpdate {
  const before = expandedText(use);
  return { path: file.path, line: use.line, before, after: before, lane, reason };
}

async function isOnlyThat(
  file: ReadFile,
  edits: readonly Edit[],
  { readAs }: Pick<Survey, 'readAs'>,
): Promise<boolean> {
  const again = await readAs(file, applyEdits(file.text, edits));
  const readings = again?.dockerfiles ?? [];
  return (
    readings.length === file.dockerfiles.length &&
    file.dockerfiles.every((dockerfile, at) => {
      const after = readings[at];
      return after !== undefined && isChangedOnlyBy(edits, { text: file.text, dockerfile }, after);
    })
  );
}

function stepsOf(changes: readonly InterimChange[]): readonly UpdateStep[] {
  const groups = Map.groupBy(changes, ({ place }) => canonicalReference(place.reference));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { reference } = first.place;
    const uses = same.map(({ place: { file, use } }) => {
      const { line, role, platform } = use;
      const text = expandedText(use);
      const named = platform === undefined ? {} : { platform };
      return { path: file.path, line, role, before: text, after: text, ...named };
    });
    const reasons = [...new Set(same.flatMap((change) => change.reasons))];
    return [{ lane: first.lane, from: reference, to: reference, reasons, uses }];
  });
}
