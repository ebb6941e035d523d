import { readStartedRun, type StartedRun } from '../../../domain/forge/started-run.ts';
import { asObject, listMember } from '../../../domain/image/json-value.ts';
import { type Dispatch, PipelineError } from '../../../ports/pipeline.ts';
import type { Session } from './session.ts';

// A run is listed some seconds after its dispatch.
const lookAgainAfterMs = [1000, 2000, 4000, 8000, 15_000];

/** A workflow that is not there, or may not be seen, is told by its runs. */
export async function prepareDispatch(session: Session, dispatch: Dispatch): Promise<() => Promise<StartedRun>> {
  const runs = await listRuns(session, dispatch);
  const newest = Math.max(0, ...runs.map(({ id }) => id));
  return () => dispatchWorkflow(session, dispatch, newest);
}

/**
 * Starts a workflow and tells its run. GitHub returns it where it is asked to (since February 2026); where it does not know
 * that yet, the run is looked for: the first that was started so since.
 *
 * @param before the newest run of before
 * @see https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event
 */
async function dispatchWorkflow(session: Session, dispatch: Dispatch, before: number): Promise<StartedRun> {
  const { workflow, ref, inputs } = dispatch;
  const purpose = { doing: `start the workflow ${workflow} on ${ref}`, permission: 'Actions: write' } as const;
  const path = ['actions', 'workflows', workflow, 'dispatches'];
  const body = { ref, inputs };
  const detailed = { method: 'POST', path, body: { ...body, return_run_details: true } } as const;
  const first = await session.ask(purpose, detailed, [422]);
  // A GitHub that does not know the parameter says so; one that refuses for another reason says that again.
  const answer = first.status < 400 ? first : await session.ask(purpose, { method: 'POST', path, body });
  const told = readStartedRun(answer.body, { id: 'workflow_run_id', url: 'html_url' });
  if (told !== undefined) return told;
  for (const ms of lookAgainAfterMs) {
    const since = (await listRuns(session, dispatch)).filter(({ id }) => id > before);
    const [oldest] = since.sort((a, b) => a.id - b.id);
    if (oldest !== undefined) return oldest;
    await session.wait(ms);
  }
  throw new PipelineError(
    'unavailable',
    `cannot find the run of ${workflow} that was started; look at its runs, and run this again`,
  );
}

/** The newest twenty that were dispatched. */
async function listRuns(session: Session, { workflow, ref }: Dispatch): Promise<StartedRun[]> {
  const purpose = {
    doing: `list the runs of the workflow ${workflow} on ${ref}`,
    permission: 'Actions: read',
  } as const;
  const path = ['actions', 'workflows', workflow, 'runs'];
  const query = { event: 'workflow_dispatch', per_page: '20' };
  const { body } = await session.ask(purpose, { method: 'GET', path, query });
  return (listMember(body, 'workflow_runs') ?? []).flatMap(
    (run) => readStartedRun(asObject(run), { id: 'id', url: 'html_url' }) ?? [],
  );
}
