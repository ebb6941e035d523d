import { applyEdits } from '../../domain/dockerfile/edit.ts';
import { joinFiles } from '../../domain/update/join-files.ts';
import type { RefusedUpdate, UpdateStep } from '../../domain/update/update-plan.ts';
import type { TreeWriter } from '../../ports/tree-writer.ts';
import { WorkspaceError } from '../../ports/workspace.ts';
import type { TreePlan } from './tree-plan.ts';

/** What `update` found and did: field for field its JSON. */
export type UpdateResult = {
  readonly schemaVersion: 1;
  /** ISO instant of the run. */
  readonly now: string;
  readonly isWritten: boolean;
  readonly trees: readonly UpdatedTree[];
};

export type UpdatedTree = {
  /** As it was named. */
  readonly tree: string;
  readonly files: number;
  /** Distinct references that were looked at. */
  readonly references: number;
  readonly steps: readonly (UpdateStep & { readonly image: string })[];
  readonly changes: readonly FileChange[];
  readonly refused: readonly RefusedUpdate[];
  readonly others: TreePlan['others'];
  readonly unanswered: TreePlan['unanswered'];
  readonly unresolved: TreePlan['unresolved'];
  readonly problems: TreePlan['problems'];
};

/** A file with all its edits. `written`: whether it holds `after` now; `failure`: why it could not be written. */
export type FileChange = {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly written: boolean;
  readonly failure?: string;
};

/** @param writer absent: nothing is written. A file that cannot be written is a row; the others are. */
export async function applyPlan(tree: string, plan: TreePlan, writer: TreeWriter | undefined): Promise<UpdatedTree> {
  const changes: FileChange[] = [];
  for (const { path, before, edits } of joinFiles(plan.plans)) {
    const after = applyEdits(before, edits);
    const failure = writer === undefined ? undefined : await write(writer, path, before, after);
    const written = writer !== undefined && failure === undefined;
    changes.push({ path, before, after, written, ...(failure === undefined ? {} : { failure }) });
  }
  const { files, references, refused, others, unanswered, unresolved, problems } = plan;
  const steps = plan.plans.flatMap(({ image, steps: own }) => own.map((step) => ({ image, ...step })));
  return { tree, files, references, steps, changes, refused, others, unanswered, unresolved, problems };
}

async function write(writer: TreeWriter, path: string, before: string, after: string): Promise<string | undefined> {
  try {
    await writer.replace(path, before, after);
    return undefined;
  } catch (error) {
    if (error instanceof WorkspaceError) return error.message;
    throw error;
  }
}

/** 0; 1 when a file could not be read; 3 when a registry did not answer, or a file could not be written. */
export function updateExitCode({ trees }: UpdateResult): 0 | 1 | 3 {
  const isLeft = trees.some(
    ({ unanswered, changes }) => unanswered.length > 0 || changes.some(({ failure }) => failure !== undefined),
  );
  if (isLeft) return 3;
  return trees.some(({ problems }) => problems.length > 0) ? 1 : 0;
}
