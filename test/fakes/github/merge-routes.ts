import { headOf, revisionOf } from '../bare-repository.ts';
import { mustHave } from './access.ts';
import { findObstacle, mergePull, mergeWaiting, nodeOf } from './merging.ts';
import { pullOf } from './pull-routes.ts';
import { Refused } from './refused.ts';
import { repositoryOf } from './repository-routes.ts';
import type { Answer, Question, Routes } from './routes.ts';
import type { FakeGithubState, Pull, Repository } from './state.ts';

/** What tells whether a commit is good, what a branch asks for, and merging. */
export const mergeRoutes: Routes = {
  'GET /repos/{owner}/{repo}/commits/{ref}/statuses': (question) => {
    const { describe, named, reader } = question;
    const one = repositoryOf(question);
    mustHave(reader, one, 'statuses', 'read');
    const found = one.statuses.filter(({ revision }) => revision === named('ref')).toReversed();
    return { status: 200, body: found.map((status) => describe.status(status, 'ghost')) };
  },
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': (question) => {
    const { describe, named, query, reader } = question;
    const one = repositoryOf(question);
    mustHave(reader, one, 'checks', 'read');
    if (revisionOf(one.folder, named('ref')) === undefined)
      throw new Refused(422, `No commit found for SHA: ${named('ref')}`);
    const all = one.checkRuns.filter(({ revision }) => revision === named('ref'));
    // GitHub leaves out earlier attempts unless it is asked for all.
    const isLatest = (at: number) =>
      !all.slice(at + 1).some(({ name, suite }) => name === all[at]?.name && suite === all[at]?.suite);
    const shown = query.get('filter') === 'all' ? all : all.filter((_, at) => isLatest(at));
    return { status: 200, body: { total_count: shown.length, check_runs: shown.map(describe.checkRun) } };
  },
  'GET /repos/{owner}/{repo}/branches/{branch}': (question) => {
    const { describe, named, reader } = question;
    const one = repositoryOf(question);
    mustHave(reader, one, 'contents', 'read');
    const head = headOf(one.folder, named('branch'));
    if (head === undefined) throw new Refused(404, 'Branch not found');
    return { status: 200, body: describe.branch(one, named('branch'), head) };
  },
  'GET /repos/{owner}/{repo}/rules/branches/{branch}': (question) => {
    const one = repositoryOf(question);
    mustHave(question.reader, one, 'metadata', 'read');
    return { status: 200, body: question.describe.rules(one) };
  },
  'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge': (question) => {
    const { body, state, reader } = question;
    const repository = repositoryOf(question);
    mustHave(reader, repository, 'contents', 'write');
    const pull = pullOf(question, repository, 'pull_number');
    const method = String(body['merge_method'] ?? 'merge');
    if (!repository.mergeMethods.has(method))
      throw new Refused(405, `${method} merges are not allowed on this repository.`);
    const head = headOf(repository.folder, pull.branch);
    if (pull.state === 'open' && body['sha'] !== undefined && body['sha'] !== head)
      throw new Refused(409, 'Head branch was modified. Review and try the merge again.');
    pull.headRevision = head ?? pull.headRevision;
    const obstacle = findObstacle(repository, pull);
    if (obstacle !== undefined) throw new Refused(405, obstacle);
    const sha = mergePull(repository, pull, state.now);
    return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } };
  },
};

/** GraphQL, as far as REST has none of it. https://docs.github.com/graphql/reference/mutations */
export function answerGraphql({ state, reader, body }: Omit<Question, 'named' | 'query' | 'describe'>): Answer {
  const query = String(body['query'] ?? '');
  const variables = (body['variables'] ?? {}) as Readonly<Record<string, string>>;
  const [, mutation] = /\b(enablePullRequestAutoMerge|disablePullRequestAutoMerge)\(/.exec(query) ?? [];
  if (reader.token === undefined) return { status: 401, body: { message: 'Requires authentication' } };
  const refuse = (type: string, message: string): Answer => ({
    status: 200,
    body: { data: { [mutation ?? 'mutation']: null }, errors: [{ type, path: [mutation], message }] },
  });
  if (mutation === undefined) return refuse('undefinedField', 'Field does not exist');
  const found = findNode(state, variables['pull'] ?? '');
  if (found === undefined) return refuse('NOT_FOUND', 'Could not resolve to a node');
  const { repository, pull } = found;
  try {
    mustHave(reader, repository, 'pull_requests', 'write');
  } catch (error) {
    if (error instanceof Refused) return refuse('FORBIDDEN', error.message);
    throw error;
  }
  const obstacle =
    mutation === 'enablePullRequestAutoMerge' ? obstacleToWaiting(repository, pull, variables) : undefined;
  if (obstacle !== undefined) return refuse('UNPROCESSABLE', obstacle);
  pull.autoMerge =
    mutation === 'enablePullRequestAutoMerge'
      ? { login: reader.token.login, method: (variables['method'] ?? 'MERGE').toLowerCase() }
      : null;
  mergeWaiting(repository, state.now);
  return { status: 200, body: { data: { [mutation]: { clientMutationId: null } } } };
}

function obstacleToWaiting(
  repository: Repository,
  pull: Pull,
  { head }: Readonly<Record<string, string>>,
): string | undefined {
  if (!repository.allowsAutoMerge) return 'Auto merge is not allowed for this repository';
  if (head !== undefined && head !== headOf(repository.folder, pull.branch))
    return 'Head sha did not match expected sha';
  return findObstacle(repository, pull) === undefined ? 'Pull request is in clean status' : undefined;
}

function findNode({ repositories }: FakeGithubState, node: string) {
  for (const repository of repositories) {
    const pull = repository.pulls.find((one) => nodeOf(one) === node);
    if (pull !== undefined) return { repository, pull };
  }
  return undefined;
}
