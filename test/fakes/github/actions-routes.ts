import { headOf } from '../bare-repository.ts';
import { mustHave } from './access.ts';
import { notFound, Refused } from './refused.ts';
import { repositoryOf } from './repository-routes.ts';
import type { Question, Routes } from './routes.ts';
import type { Repository } from './state.ts';

const path = '/repos/{owner}/{repo}/actions';

function allowed(question: Question, permission: string, level: 'read' | 'write'): Repository {
  const repository = repositoryOf(question);
  // No variable is shown to everybody.
  mustHave(question.reader, { ...repository, isPrivate: true }, permission, level);
  return repository;
}

function variableOf(question: Question, level: 'read' | 'write') {
  const found = allowed(question, 'actions_variables', level).variables.get(question.named('name').toUpperCase());
  if (found === undefined) throw notFound();
  return found;
}

export const actionsRoutes: Routes = {
  [`GET ${path}/variables`]: (question) => {
    const found = [...allowed(question, 'actions_variables', 'read').variables.values()];
    return { status: 200, body: { total_count: found.length, variables: found.map(question.describe.variable) } };
  },
  [`GET ${path}/variables/{name}`]: (question) => ({
    status: 200,
    body: question.describe.variable(variableOf(question, 'read')),
  }),
  [`POST ${path}/variables`]: (question) => {
    const { state, body } = question;
    const { variables } = allowed(question, 'actions_variables', 'write');
    const name = String(body['name'] ?? '').toUpperCase();
    const value = String(body['value'] ?? '');
    if (!/^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/.test(name))
      throw new Refused(422, 'Variable names may only contain alphanumeric characters');
    if (Buffer.byteLength(value) > 48 * 1024) throw new Refused(422, 'Variable value is too large');
    if (variables.has(name)) throw new Refused(409, 'Already exists - Variable already exists');
    variables.set(name, { name, value, createdAt: state.now, updatedAt: state.now });
    return { status: 201, body: {} };
  },
  [`PATCH ${path}/variables/{name}`]: (question) => {
    const variable = variableOf(question, 'write');
    Object.assign(variable, { value: String(question.body['value'] ?? variable.value), updatedAt: question.state.now });
    return { status: 204 };
  },
  [`POST ${path}/workflows/{workflow_id}/dispatches`]: (question) => {
    const { state, body, named } = question;
    const repository = allowed(question, 'actions', 'write');
    const workflow = named('workflow_id');
    if (!repository.workflows.has(workflow)) throw notFound();
    const branch = String(body['ref'] ?? '').replace(/^refs\/heads\//, '');
    const revision = headOf(repository.folder, branch);
    if (revision === undefined) throw new Refused(422, `No ref found for: ${branch}`);
    const inputs = typeof body['inputs'] === 'object' && body['inputs'] !== null ? { ...body['inputs'] } : {};
    const id = state.nextId++;
    repository.runs.push({
      id,
      workflow,
      branch,
      revision,
      inputs,
      createdAt: state.now,
      status: 'queued',
      conclusion: null,
    });
    if (body['return_run_details'] !== true) return { status: 204 };
    const url = `https://github.example/${repository.owner}/${repository.name}/actions/runs/${id}`;
    return { status: 200, body: { workflow_run_id: id, run_url: url, html_url: url } };
  },
  [`GET ${path}/runs/{run_id}`]: (question) => {
    const repository = allowed(question, 'actions', 'read');
    const run = repository.runs.find(({ id }) => String(id) === question.named('run_id'));
    if (run === undefined) throw notFound();
    return { status: 200, body: question.describe.run(run, repository) };
  },
};
