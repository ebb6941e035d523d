import type { FileUpdate, UpdatePlan } from './update-plan.ts';

/** The edits of several plans of one tree, put together by file. Plans of one step per use never overlap. */
export function joinFiles(plans: readonly UpdatePlan[]): readonly FileUpdate[] {
  const byPath = Map.groupBy(
    plans.flatMap(({ files }) => files),
    ({ path }) => path,
  );
  return [...byPath.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const edits = [first, ...others].flatMap((file) => file.edits);
    const distinct = new Map(edits.map((edit) => [`${edit.span.start} ${edit.span.end} ${edit.text}`, edit]));
    return [{ ...first, edits: [...distinct.values()].toSorted((a, b) => a.span.start - b.span.start) }];
  });
}
