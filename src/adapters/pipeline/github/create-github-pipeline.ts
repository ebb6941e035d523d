import type { Pipeline } from '../../../ports/pipeline.ts';
import { prepareDispatch } from './dispatch-workflow.ts';
import { pushEmptyCommit } from './push-empty-commit.ts';
import { readRun } from './read-run.ts';
import { repositoryVariables } from './repository-variables.ts';
import { createSession, type GithubRepository, type SessionWorld } from './session.ts';
import { stateInBranch } from './state-branch.ts';

/** Where state is kept: in variables of the repository, or as a file in a branch of its own. */
export type StateKind = 'variables' | 'branch';

export function createGithubPipeline(repository: GithubRepository, state: StateKind, world: SessionWorld): Pipeline {
  const session = createSession(repository, world);
  return {
    ...(state === 'variables' ? repositoryVariables(session) : stateInBranch(session)),
    pushEmptyCommit: (branch, message) => pushEmptyCommit(session, branch, message),
    prepareDispatch: (dispatch) => prepareDispatch(session, dispatch),
    readRun: (id) => readRun(session, id),
  };
}
