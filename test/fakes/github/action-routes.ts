import { headOf } from '../bare-repository.ts';
import { mustHave } from './access.ts';
import { notFound, Refused } from './refused.ts';
import { repositoryOf } from './repository-routes.ts';
import type { Question, Routes } from './routes.ts';
import { describeAs } from './schemas.ts';
import type { Repository, WorkflowRun } from './state.ts';

const workflow = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';

function urlOf({ describe }: Question, one: Repository, { id }: WorkflowRun): string {
  return `${String(describe.repository('full-repository', one)['html_url'])}/actions/runs/${id}`;
}

function withWorkflow(question: Question, level: 'read' | 'write'): Repository {
  const one = repositoryOf(question);
  mustHave(question.reader, one, 'actions', level);
  if (!one.workflows.has(question.named('workflow_id'))) throw notFound();
  return one;
}

export const actionRoutes: Routes = {
  [`GET ${workflow}/runs`]: (question) => {
    const one = withWorkflow(question, 'read');
    const { query, named } = question;
    const runs = one.workflowRuns
      .filter((run) => run.workflow === named('workflow_id') && run.ref === query.get('branch'))
      .filter(({ event }) => event === query.get('event'))
      .toReversed()
      .map((run) => describeAs('workflow-run', { id: run.id, html_url: urlOf(question, one, run), event: run.event }));
    return { status: 200, body: { total_count: runs.length, workflow_runs: runs } };
  },
  [`POST ${workflow}/dispatches`]: (question) => {
    const one = withWorkflow(question, 'write');
    const { state, body, named } = question;
    const ref = String(body['ref']);
    if (headOf(one.folder, ref) === undefined) throw new Refused(422, `No ref found for: ${ref}`);
    if (body['return_run_details'] === true && !one.tellsRuns)
      throw new Refused(422, 'Invalid request. "return_run_details" is not a permitted key.');
    const inputs = (body['inputs'] ?? {}) as Readonly<Record<string, unknown>>;
    if (Object.values(inputs).some((value) => typeof value !== 'string'))
      throw new Refused(422, 'Invalid request. Inputs must be strings.');
    const run = {
      id: state.nextId++,
      workflow: named('workflow_id'),
      ref,
      event: 'workflow_dispatch',
      inputs,
    } as const;
    one.workflowRuns.push(run);
    if (body['return_run_details'] !== true) return { status: 204 };
    const url = urlOf(question, one, run);
    return { status: 200, body: { workflow_run_id: run.id, run_url: url, html_url: url } };
  },
};
