import { mustHave } from './access.ts';
import { loginOf, textIn, toWrite } from './pull-routes.ts';
import { invalid, notFound, Refused } from './refused.ts';
import { repositoryOf } from './repository-routes.ts';
import type { Question, Routes } from './routes.ts';
import { type FakeGithubState, type Issue, nextNumber, type Repository } from './state.ts';

const issuesPath = '/repos/{owner}/{repo}/issues';
const issuePath = `${issuesPath}/{issue_number}`;
const [maxTitle, maxBody] = [256, 65_536];

function withIssues(repository: Repository): Repository {
  if (!repository.hasIssues) throw new Refused(410, 'Issues has been disabled in this repository.');
  return repository;
}

/** Pull requests are issues, too. */
function numbered(question: Question, { issues, pulls }: Repository) {
  const found = [...issues, ...pulls].find(({ number }) => String(number) === question.named('issue_number'));
  if (found === undefined) throw notFound();
  return found;
}

function issueOf(question: Question, repository: Repository): Issue {
  const found = withIssues(repository).issues.find(({ number }) => String(number) === question.named('issue_number'));
  if (found === undefined) throw notFound();
  return found;
}

function check(title: string | undefined, body: string | undefined): void {
  if (title?.trim() === '' || (title ?? '').length > maxTitle) throw invalid('Issue', 'title is missing or too long');
  if ((body ?? '').length > maxBody) throw invalid('Issue', 'body is too long (maximum is 65536 characters)');
}

export function addIssue(
  state: FakeGithubState,
  repository: Repository,
  { login, title, body }: Pick<Issue, 'login' | 'title' | 'body'>,
): Issue {
  const [id, number] = [state.nextId++, nextNumber(repository)];
  const written = { login, title, body, createdAt: state.now, updatedAt: state.now };
  const issue: Issue = { id, number, ...written, state: 'open', closedAt: null, labels: [], comments: [] };
  repository.issues.push(issue);
  return issue;
}

/** What is written as a comment, and where comments are. */
export const issueRoutes: Routes = {
  [`GET ${issuesPath}`]: (question) => {
    const { reader, query, describe } = question;
    const repository = withIssues(repositoryOf(question));
    mustHave(reader, repository, 'issues', 'read');
    const [state, creator] = [query.get('state') ?? 'open', query.get('creator')];
    const found = [...repository.issues, ...repository.pulls]
      .filter((one) => state === 'all' || one.state === state)
      .filter(({ login }) => creator === null || login === creator)
      .toSorted((a, b) => b.createdAt - a.createdAt || b.number - a.number);
    return { status: 200, body: found.map((one) => describe.issue(one, repository)) };
  },
  [`POST ${issuesPath}`]: (question) => {
    const { state, describe } = question;
    const repository = withIssues(toWrite(question, 'issues'));
    const [title = '', body] = [textIn(question, 'title'), textIn(question, 'body')];
    check(title, body);
    const issue = addIssue(state, repository, { login: loginOf(question), title, body: body ?? null });
    return { status: 201, body: describe.issue(issue, repository) };
  },
  [`GET ${issuePath}`]: (question) => {
    const repository = repositoryOf(question);
    mustHave(question.reader, repository, 'issues', 'read');
    return { status: 200, body: question.describe.issue(issueOf(question, repository), repository) };
  },
  [`PATCH ${issuePath}`]: (question) => {
    const { now } = question.state;
    const repository = toWrite(question, 'issues');
    const issue = issueOf(question, repository);
    const [title, body] = [textIn(question, 'title'), textIn(question, 'body')];
    check(title, body);
    Object.assign(issue, { title: title ?? issue.title, body: body ?? issue.body, updatedAt: now });
    if (textIn(question, 'state') === 'closed') Object.assign(issue, { state: 'closed', closedAt: now });
    return { status: 200, body: question.describe.issue(issue, repository) };
  },
  [`GET ${issuePath}/comments`]: (question) => {
    const one = numbered(question, repositoryOf(question));
    return { status: 200, body: one.comments.map(question.describe.comment) };
  },
  [`POST ${issuePath}/comments`]: (question) => {
    const one = numbered(question, toWrite(question, 'issues'));
    const { state } = question;
    const body = textIn(question, 'body') ?? '';
    check(undefined, body);
    const comment = { id: state.nextId++, login: loginOf(question), body, createdAt: state.now, updatedAt: state.now };
    one.comments.push(comment);
    return { status: 201, body: question.describe.comment(comment) };
  },
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': (question) => {
    const { issues, pulls } = toWrite(question, 'issues');
    const comment = [...issues, ...pulls]
      .flatMap(({ comments }) => comments)
      .find(({ id }) => String(id) === question.named('comment_id'));
    if (comment === undefined) throw notFound();
    Object.assign(comment, { body: textIn(question, 'body') ?? comment.body, updatedAt: question.state.now });
    return { status: 200, body: question.describe.comment(comment) };
  },
};
