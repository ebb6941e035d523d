import { headOf } from '../bare-repository.ts';
import { git } from '../git-server.ts';
import { mustHave } from './access.ts';
import { invalid, notFound, Refused } from './refused.ts';
import { repositoryOf } from './repository-routes.ts';
import type { Question, Routes } from './routes.ts';
import { nextNumber, type Pull, type Repository } from './state.ts';

const pullsPath = '/repos/{owner}/{repo}/pulls';
const pullPath = `${pullsPath}/{pull_number}`;
const issuePath = '/repos/{owner}/{repo}/issues/{issue_number}';
const maxBody = 65_536;

export function pullOf(question: Question, repository: Repository, place: 'pull_number' | 'issue_number'): Pull {
  const found = repository.pulls.find(({ number }) => String(number) === question.named(place));
  if (found === undefined) throw notFound();
  return found;
}

export function toWrite(question: Question, permission: string): Repository {
  const repository = repositoryOf(question);
  mustHave(question.reader, repository, permission, 'write');
  return repository;
}

export const loginOf = ({ reader }: Question): string => reader.token?.login ?? '';
export const textIn = ({ body }: Question, name: string): string | undefined =>
  typeof body[name] === 'string' ? body[name] : undefined;
const listIn = ({ body }: Question, name: string): readonly string[] =>
  Array.isArray(body[name]) ? body[name].map(String) : [];

function checkBody(body: string | undefined): void {
  if (body !== undefined && body.length > maxBody)
    throw invalid('PullRequest', 'body is too long (maximum is 65536 characters)');
}

function open(question: Question) {
  const { state, body, describe } = question;
  const repository = toWrite(question, 'pull_requests');
  const [branch, baseBranch, title] = [textIn(question, 'head'), textIn(question, 'base'), textIn(question, 'title')];
  if (branch === undefined || baseBranch === undefined || title === undefined)
    throw invalid('PullRequest', 'head, base and title are required');
  checkBody(textIn(question, 'body'));
  const [headRevision, baseRevision] = [headOf(repository.folder, branch), headOf(repository.folder, baseBranch)];
  if (headRevision === undefined || baseRevision === undefined)
    throw new Refused(422, 'Validation Failed', {
      errors: [{ resource: 'PullRequest', field: headRevision === undefined ? 'head' : 'base', code: 'invalid' }],
    });
  const isOpen = repository.pulls.some(
    (one) => one.state === 'open' && one.branch === branch && one.baseBranch === baseBranch,
  );
  if (isOpen) throw invalid('PullRequest', `A pull request already exists for ${repository.owner}:${branch}.`);
  if (git(repository.folder, 'rev-list', '--count', `${baseRevision}..${headRevision}`) === '0')
    throw invalid('PullRequest', `No commits between ${baseBranch} and ${branch}`);
  if (body['draft'] === true && !repository.hasDrafts)
    throw new Refused(422, 'Draft pull requests are not supported in this repository.');
  const pull: Pull = {
    id: state.nextId++,
    number: nextNumber(repository),
    login: loginOf(question),
    branch,
    headRepositoryId: repository.id,
    baseBranch,
    title,
    body: textIn(question, 'body') ?? null,
    state: 'open',
    isDraft: body['draft'] === true,
    createdAt: state.now,
    updatedAt: state.now,
    closedAt: null,
    mergedAt: null,
    headRevision,
    baseRevision,
    labels: [],
    assignees: [],
    reviewers: [],
    teams: [],
    comments: [],
    reviews: [],
    autoMerge: null,
  };
  repository.pulls.push(pull);
  return { status: 201, body: describe.pull('pull-request', pull, repository) };
}

function listed({ query }: Question, repository: Repository): readonly Pull[] {
  const state = query.get('state') ?? 'open';
  const [owner, branch] = (query.get('head') ?? '').split(/:(.*)/s);
  const base = query.get('base');
  const by = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = (query.get('direction') ?? (by === 'createdAt' ? 'desc' : 'asc')) === 'asc' ? 1 : -1;
  return repository.pulls
    .filter((one) => state === 'all' || one.state === state)
    .filter((one) => base === null || one.baseBranch === base)
    .filter(
      (one) =>
        branch === undefined ||
        (owner === repository.owner && one.branch === branch && one.headRepositoryId === repository.id),
    )
    .toSorted((a, b) => sign * (a[by] - b[by] || a.number - b.number));
}

export const pullRoutes: Routes = {
  [`GET ${pullsPath}`]: (question) => {
    const repository = repositoryOf(question);
    mustHave(question.reader, repository, 'pull_requests', 'read');
    const found = listed(question, repository);
    return { status: 200, body: found.map((one) => question.describe.pull('pull-request-simple', one, repository)) };
  },
  [`POST ${pullsPath}`]: open,
  [`GET ${pullPath}`]: (question) => {
    const repository = repositoryOf(question);
    const pull = pullOf(question, repository, 'pull_number');
    return { status: 200, body: question.describe.pull('pull-request', pull, repository) };
  },
  [`PATCH ${pullPath}`]: (question) => {
    const repository = toWrite(question, 'pull_requests');
    const pull = pullOf(question, repository, 'pull_number');
    const { now } = question.state;
    checkBody(textIn(question, 'body'));
    const base = textIn(question, 'base');
    if (base !== undefined && headOf(repository.folder, base) === undefined)
      throw invalid('PullRequest', `Proposed base branch '${base}' was not found`);
    pull.title = textIn(question, 'title') ?? pull.title;
    pull.body = textIn(question, 'body') ?? pull.body;
    pull.baseBranch = base ?? pull.baseBranch;
    if (textIn(question, 'state') === 'closed' && pull.state === 'open')
      Object.assign(pull, { state: 'closed', closedAt: now });
    pull.updatedAt = now;
    return { status: 200, body: question.describe.pull('pull-request', pull, repository) };
  },
  [`GET ${pullPath}/commits`]: (question) => {
    const repository = repositoryOf(question);
    const pull = pullOf(question, repository, 'pull_number');
    return { status: 200, body: question.describe.commits(pull, repository).slice(0, 250) };
  },
  [`GET ${pullPath}/files`]: (question) => {
    const repository = repositoryOf(question);
    const pull = pullOf(question, repository, 'pull_number');
    return { status: 200, body: question.describe.files(pull, repository) };
  },
  [`GET ${pullPath}/reviews`]: (question) => {
    const pull = pullOf(question, repositoryOf(question), 'pull_number');
    return { status: 200, body: pull.reviews.map(question.describe.review) };
  },
  'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls': (question) => {
    const repository = repositoryOf(question);
    const { folder } = repository;
    const brought = repository.pulls.filter(({ mergedAt, baseRevision, headRevision }) => {
      const commits = git(folder, 'rev-list', `${baseRevision}..${headRevision}`).split('\n');
      return mergedAt !== null && commits.includes(question.named('commit_sha'));
    });
    return { status: 200, body: brought.map((one) => question.describe.pull('pull-request-simple', one, repository)) };
  },
  [`POST ${pullPath}/requested_reviewers`]: (question) => {
    const repository = toWrite(question, 'pull_requests');
    const pull = pullOf(question, repository, 'pull_number');
    const [people, teams] = [listIn(question, 'reviewers'), listIn(question, 'team_reviewers')];
    if (people.some((login) => !repository.collaborators.has(login)))
      throw new Refused(
        422,
        'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.',
      );
    if (teams.some((slug) => !repository.teams.has(slug)))
      throw new Refused(422, 'Validation Failed', {
        errors: ["Could not resolve to a node with the global id of 'T_'."],
      });
    if (people.includes(pull.login)) throw new Refused(422, 'Review cannot be requested from pull request author.');
    pull.reviewers = [...new Set([...pull.reviewers, ...people])];
    pull.teams = [...new Set([...pull.teams, ...teams])];
    return { status: 201, body: question.describe.pull('pull-request-simple', pull, repository) };
  },
  [`POST ${issuePath}/labels`]: (question) => {
    const repository = toWrite(question, 'issues');
    const pull = pullOf(question, repository, 'issue_number');
    for (const label of listIn(question, 'labels')) {
      // GitHub makes the ones that are not there.
      if (!repository.labels.includes(label)) repository.labels.push(label);
      if (!pull.labels.includes(label)) pull.labels.push(label);
    }
    return { status: 200, body: pull.labels.map(question.describe.label) };
  },
  [`POST ${issuePath}/assignees`]: (question) => {
    const repository = toWrite(question, 'issues');
    const pull = pullOf(question, repository, 'issue_number');
    // Who may not be assigned is left out without a word.
    const known = listIn(question, 'assignees').filter((login) => repository.collaborators.has(login));
    pull.assignees = [...new Set([...pull.assignees, ...known])];
    return { status: 201, body: question.describe.issue(pull, repository) };
  },
};
