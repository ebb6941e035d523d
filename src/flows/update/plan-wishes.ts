import { compareText } from '../../domain/candidates/compare-digits.ts';
import { applyEdits, expandedText } from '../../domain/dockerfile/edit.ts';
import type { ImageUse } from '../../domain/image/image-use.ts';
import { canonicalReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import { holdApart } from '../../domain/update/hold-apart.ts';
import { type FilePlan, findFollowers, planFile, type Wish } from '../../domain/update/plan-file.ts';
import { strayChange } from '../../domain/update/stray-change.ts';
import type { FileUpdate, RefusedUpdate, UpdateLane, UpdatePlan, UpdateStep } from '../../domain/update/update-plan.ts';
import type { ReadFile } from '../read-dockerfile.ts';
import type { Survey } from '../survey-tree.ts';

/** A use that is to name another image, with what is known of the step. */
export type WishedUse = Wish & {
  readonly file: ReadFile;
  readonly lane: UpdateLane;
  readonly from: Reference;
  readonly to: Reference;
  readonly reasons: readonly string[];
  /** Why it is not done, told before. */
  readonly refusal?: string;
};

/** Whether an image is there that another use of a build argument would come to name, as it would be written. */
export type FollowerCheck = (after: string) => Promise<boolean>;

type Planned = { readonly plans: readonly UpdatePlan[]; readonly refused: readonly RefusedUpdate[] };

/** Hostile files apart, no file names so many: what is looked for in it takes its square in time. */
const maxWishes = 2000;

/** What came of the wishes of one group in one file. */
type PlannedFile = { readonly file: ReadFile; readonly plan: FilePlan; readonly wishes: readonly WishedUse[] };

/**
 * Turns wishes into plans. Every file is edited, read again, and refused when anything but what was intended has changed.
 *
 * @param together `all`: the plans are applied at once; `each`: every plan stands for itself.
 */
export async function planWishes(
  wishes: readonly WishedUse[],
  survey: Pick<Survey, 'readAs'>,
  mayFollow: FollowerCheck,
  together: 'all' | 'each',
): Promise<Planned> {
  const open = wishes.filter(({ refusal }) => refusal === undefined);
  const groups = together === 'all' ? [open] : [...Map.groupBy(open, planName).values()];
  const plans: UpdatePlan[] = [];
  const refused: RefusedUpdate[] = [];
  for (const group of groups) {
    const files: PlannedFile[] = [];
    for (const [file, same] of Map.groupBy(group, (wish) => wish.file)) {
      if (same.length > maxWishes) {
        refused.push(...same.map((wish) => refusal(wish, `its file has more than ${maxWishes} such places: split it`)));
        continue;
      }
      const apart = holdApart(
        same,
        file.uses.map(({ use }) => use),
      );
      refused.push(...apart.held.map(({ wish, reason }) => refusal(wish, reason)));
      const planned = await planOne(file, apart.together, survey, mayFollow);
      refused.push(...planned.refused);
      if (planned.plan.done.length > 0) files.push({ file, plan: planned.plan, wishes: apart.together });
    }
    const byPlan = Map.groupBy(
      files.flatMap((planned) => planned.plan.done.map((done) => ({ planned, done, wish: wishOf(planned, done.use) }))),
      ({ wish }) => planName(wish),
    );
    for (const same of byPlan.values()) plans.push(planOf(same));
  }
  const order = (plan: UpdatePlan) => `${plan.image} ${plan.lane}`;
  return { plans: plans.toSorted((a, b) => compareText(order(a), order(b))), refused };
}

function planName({ from, lane }: WishedUse): string {
  return `${repositoryName(from)} ${lane}`;
}

async function planOne(
  file: ReadFile,
  wishes: readonly WishedUse[],
  survey: Pick<Survey, 'readAs'>,
  mayFollow: FollowerCheck,
): Promise<{ readonly plan: FilePlan; readonly refused: readonly RefusedUpdate[] }> {
  const editable = { text: file.text, uses: file.uses.map(({ use }) => use) };
  const there = new Set<string>();
  for (const after of findFollowers(editable, wishes)) if (await mayFollow(after)) there.add(after);
  const plan = planFile(editable, wishes, (_, after) => there.has(after));
  const refused = plan.refused.map(({ use, reason, rewrite }) => ({
    ...refusal(find(wishes, use), reason),
    ...(rewrite === undefined ? {} : { rewrite }),
  }));
  const intended = new Map([...plan.done, ...plan.followed].map(({ use, after }) => [use, after]));
  const again = await survey.readAs(file, applyEdits(file.text, plan.edits));
  const uses = again?.uses.map(({ use }) => use) ?? [];
  const stray = strayChange(editable.uses, uses, intended) ?? newProblem(file, again);
  if (stray === undefined) return { plan, refused };
  return {
    plan: { edits: [], done: [], followed: [], refused: plan.refused },
    refused: [...refused, ...plan.done.map(({ use }) => refusal(find(wishes, use), `it was tried, and ${stray}`))],
  };
}

/** What the edited text has wrong that the text before did not: a tag that Helm would take for another number. */
function newProblem(before: ReadFile, after: ReadFile | undefined): string | undefined {
  const known = new Set(before.problems.map(({ code, line }) => `${code} ${line}`));
  const found = after?.problems.find(
    ({ severity, code, line }) => severity !== 'info' && !known.has(`${code} ${line}`),
  );
  return found === undefined ? undefined : `line ${found.line} would have a fault: ${found.message}`;
}

type Done = {
  readonly planned: PlannedFile;
  readonly done: FilePlan['done'][number];
  readonly wish: WishedUse;
};

function planOf(parts: readonly Done[]): UpdatePlan {
  const first = parts[0];
  if (first === undefined) throw new Error('a plan of nothing');
  const { lane, from } = first.wish;
  return { lane, image: repositoryName(from), steps: stepsOf(parts), files: filesOf(parts) };
}

function stepsOf(parts: readonly Done[]): readonly UpdateStep[] {
  const byStep = Map.groupBy(parts, ({ wish }) => `${canonicalReference(wish.from)} ${canonicalReference(wish.to)}`);
  const told = new Set<ImageUse>();
  return [...byStep.values()].flatMap((same) => {
    const first = same[0];
    if (first === undefined) return [];
    const { lane, from, to, reasons } = first.wish;
    const uses = same.flatMap(({ planned, done }) => [
      place(planned.file, done),
      ...planned.plan.followed
        .filter(({ use }) => !told.has(use) && told.add(use))
        .map((one) => place(planned.file, one)),
    ]);
    return [{ lane, from, to, reasons, uses }];
  });
}

function place({ path }: ReadFile, { use, after }: Wish): UpdateStep['uses'][number] {
  const { line, role, platform } = use;
  return { path, line, role, before: expandedText(use), after, ...(platform === undefined ? {} : { platform }) };
}

function filesOf(parts: readonly Done[]): readonly FileUpdate[] {
  const byFile = Map.groupBy(parts, ({ planned }) => planned.file);
  return [...byFile]
    .map(([file, same]) => {
      const own = new Map(
        // Wishes that are tied to each other have the same list.
        [...new Set(same.map(({ done }) => done.edits))].flatMap((edits) =>
          edits.map((edit) => [`${edit.span.start} ${edit.span.end}`, edit] as const),
        ),
      );
      const edits = [...own.values()].toSorted((a, b) => a.span.start - b.span.start);
      return { path: file.path, before: file.text, edits };
    })
    .toSorted((a, b) => compareText(a.path, b.path));
}

function wishOf({ wishes }: PlannedFile, use: ImageUse): WishedUse {
  return find(wishes, use);
}

function find(wishes: readonly WishedUse[], use: ImageUse): WishedUse {
  const found = wishes.find((wish) => wish.use === use);
  if (found === undefined) throw new Error('an image use that nobody wished to change');
  return found;
}

function refusal({ file, use, after, lane }: WishedUse, reason: string): RefusedUpdate {
  return { path: file.path, line: use.line, before: expandedText(use), after, lane, reason };
}
