import type { Lane } from '../../domain/candidates/candidate.ts';
import type { RefusedUpdate, UpdatePlan } from '../../domain/update/update-plan.ts';
import type { ReadFile } from '../read-dockerfile.ts';

/** What may be updated in one tree. */
export type TreePlan = {
  /** By image, then lane. With one step per use all of them may be applied together; else one at a time. */
  readonly plans: readonly UpdatePlan[];
  /** Uses that are left as they are though something newer is there. */
  readonly refused: readonly RefusedUpdate[];
  /** Steps that could be taken and were not asked for. */
  readonly others: readonly OtherStep[];
  /** What registries did not answer: nothing is known of these references. */
  readonly unanswered: readonly { readonly reference: string; readonly message: string }[];
  /** Places of which nobody can tell what they name: nothing is known of them. `missing`: arguments without a value. */
  readonly unresolved: readonly {
    readonly path: string;
    readonly line: number;
    readonly written: string;
    readonly missing: readonly string[];
  }[];
  /** Files that could not be read. */
  readonly problems: readonly { readonly path: string; readonly line: number; readonly message: string }[];
  readonly files: number;
  /** References that were looked at. */
  readonly references: number;
  /** Uses that another bot updates; absent where there is none. */
  readonly left?: number;
};

/** `to`: the tag, with its repository where that is another. */
export type OtherStep = { readonly reference: string; readonly lane: Lane; readonly to: string };

export function unresolvedOf(files: readonly ReadFile[]): TreePlan['unresolved'] {
  return files.flatMap(({ path, uses }) =>
    uses.flatMap(({ use: { image, line, written } }) =>
      image.kind === 'unresolved' ? [{ path, line, written, missing: image.missing }] : [],
    ),
  );
}

/** What keeps files from being read as they are meant. */
export function problemsOf(files: readonly ReadFile[]): TreePlan['problems'] {
  return files.flatMap(({ path, problems }) =>
    problems.filter(({ severity }) => severity === 'error').map(({ line, message }) => ({ path, line, message })),
  );
}
