import type { StartedRun } from '../../domain/forge/started-run.ts';
import { commitMessage } from '../../domain/image-monitor/commit-message.ts';
import { type DecidedImage, stateChanges } from '../../domain/image-monitor/state-changes.ts';
import { type Dispatch, type Pipeline, PipelineError } from '../../ports/pipeline.ts';

/** What moved images make happen. */
export type Reactions = {
  /** An empty commit on this branch, so that a release is cut. */
  readonly commit?: { readonly branch: string; readonly prefix: string };
  readonly dispatch?: Dispatch;
};

export type Reacted = { readonly commit?: string; readonly run?: StartedRun; readonly failure?: string };

/**
 * Commits, starts the workflow, and writes the state last: when a step fails, nothing of it is stored, and the next run finds
 * everything as this one did.
 */
export async function react(
  pipeline: Pipeline,
  decided: readonly DecidedImage[],
  { commit, dispatch }: Reactions,
): Promise<Reacted> {
  const updates = decided.filter(({ decision }) => decision.kind === 'update');
  const hasStart = decided.some(({ decision }) => decision.kind === 'update' || decision.kind === 'retry');
  let done: Reacted = {};
  try {
    // A workflow that is not there, or a state that cannot be written, would else cost a release at each run.
    const start = dispatch !== undefined && hasStart ? await pipeline.prepareDispatch(dispatch) : undefined;
    if (hasStart) await pipeline.prepareState();
    if (commit !== undefined && updates.length > 0)
      done = { commit: await pipeline.pushEmptyCommit(commit.branch, commitMessage(commit.prefix, updates)) };
    if (start !== undefined) done = { ...done, run: await start() };
    const changes = stateChanges(decided, done.run);
    if (changes.length > 0) await pipeline.writeState(changes);
    return done;
  } catch (error) {
    if (error instanceof PipelineError) return { ...done, failure: error.message };
    throw error;
  }
}
