import type { FakeGitlabState } from './fake-gitlab.ts';
import type { Issue, Project, User } from './projects.ts';
import { type Answer, type Describe, message, mustFit, ofNotes, type Question } from './routes.ts';

type Asked = {
  readonly state: FakeGitlabState;
  readonly project: Project;
  readonly reader: User | undefined;
  readonly question: Question;
  readonly describe: Describe;
};

/** `/projects/{id}/issues`, and what lies below it. https://docs.gitlab.com/api/issues/ */
export function answerIssues(
  asked: Asked,
  path: { readonly iid: string; readonly part: string; readonly id: string },
): Answer {
  const { state, project, reader, question, describe } = asked;
  if (!project.hasIssues) throw message(403, '403 Forbidden');
  if (path.iid === '') return question.method === 'POST' ? open(asked) : list(asked);
  const issue = project.issues.find(({ iid }) => String(iid) === path.iid);
  if (issue === undefined) throw message(404, '404 Issue Not Found');
  if (path.part === 'notes') return ofNotes({ state, notes: issue.notes, reader, question, id: path.id, describe });
  if (question.method === 'PUT') change(asked, issue);
  return { status: 200, kind: 'issue', body: describe.issue(project, issue) };
}

function list({ project, question, describe }: Asked): Answer {
  const [state, author] = ['state', 'author_id'].map((name) => question.url.searchParams.get(name));
  const found = project.issues
    .filter((one) => state === null || one.state === state)
    .filter(({ authorId }) => author === null || String(authorId) === author)
    .toReversed();
  return { status: 200, kind: 'issues', body: found.map((one) => describe.issue(project, one)) };
}

/** Whoever may see a project may open issues there. */
function open({ state, project, reader, question, describe }: Asked): Answer {
  const [title, description] = ['title', 'description'].map((name) => String(question.body[name] ?? ''));
  mustFit(title ?? '', description ?? '');
  // Whoever writes has a token.
  const by = { authorId: reader?.id ?? 0, title: title ?? '', description: description ?? '' };
  const issue = addIssue(state, project, by);
  return { status: 201, kind: 'issue', body: describe.issue(project, issue) };
}

/** One's own, or with a role in the project. */
function change({ state, project, reader, question }: Asked, issue: Issue): void {
  const isMember = reader !== undefined && project.members.has(reader.id);
  if (issue.authorId !== reader?.id && !isMember) throw message(403, '403 Forbidden');
  const { title = issue.title, description = issue.description, state_event: event } = question.body;
  mustFit(String(title), String(description));
  Object.assign(issue, { title: String(title), description: String(description), updatedAt: state.now });
  if (event === 'close' && issue.state === 'opened') Object.assign(issue, { state: 'closed', closedAt: state.now });
}

export function addIssue(
  state: FakeGitlabState,
  project: Project,
  written: Pick<Issue, 'authorId' | 'title' | 'description'>,
): Issue {
  const at = { createdAt: state.now, updatedAt: state.now };
  const issue: Issue = { iid: project.issues.length + 1, ...written, state: 'opened', ...at, notes: [] };
  project.issues.push(issue);
  return issue;
}
