import type { IncomingHttpHeaders } from 'node:http';
import { headOf, revisionOf } from '../bare-repository.ts';
import { git } from '../git-server.ts';
import { createDescriptions } from './describe.ts';
import type { FakeGitlabState } from './fake-gitlab.ts';
import { answerIssues } from './issues.ts';
import { addStatus, findObstacle, mergeRequest, type Pipeline, pipelineOf } from './merging.ts';
import type { MergeRequest, Note, Project, StartedPipeline, User } from './projects.ts';
import type { AnswerKind } from './schemas.ts';

export type Question = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  readonly origin: string;
  readonly gitOrigin: string;
};

export type Answer = { readonly status: number; readonly kind?: AnswerKind; readonly body: unknown };

export class Refused extends Error {
  readonly answer: Answer;
  constructor(status: number, body: unknown) {
    super(String(status));
    this.answer = { status, body };
  }
}

export const message = (status: number, text: unknown) => new Refused(status, { message: text });
const maxTitle = 255;
const maxDescription = 1_048_576;
const reporter = 20;
const developer = 30;

export function answer(state: FakeGitlabState, question: Question): Answer {
  try {
    return route(state, question);
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

function route(state: FakeGitlabState, question: Question): Answer {
  const { method, url, body } = question;
  const describe = createDescriptions(state, () => question.origin, question.gitOrigin);
  const reader = whoAsks(state, question);
  const [area = '', name = '', ...rest] = url.pathname
    .replace(/^\/api\/v4\//, '')
    .split('/')
    .map(decodeURIComponent);
  const asked = (parameter: string) => url.searchParams.get(parameter) ?? undefined;

  if (area === 'user' && method === 'GET') {
    if (reader === undefined) throw message(401, '401 Unauthorized');
    return { status: 200, kind: 'user', body: describe.user(reader) };
  }
  if (area === 'users' && name === '' && method === 'GET') {
    const wanted = asked('username')?.toLowerCase();
    return {
      status: 200,
      kind: 'users',
      body: state.users.filter(({ username }) => username.toLowerCase() === wanted).map(describe.user),
    };
  }
  const seen = state.projects.filter((one) => one.isPublic || (reader !== undefined && one.members.has(reader.id)));
  if ((area === 'users' || area === 'groups') && rest[0] === 'projects' && method === 'GET') {
    const isKnown = area === 'groups' ? state.groups.has(name) : state.users.some(({ username }) => username === name);
    if (!isKnown) throw message(404, area === 'groups' ? '404 Group Not Found' : '404 User Not Found');
    const hasSubgroups = asked('include_subgroups') === 'true';
    const inside = seen.filter(
      ({ path }) => path.startsWith(`${name}/`) && (hasSubgroups || !path.slice(name.length + 1).includes('/')),
    );
    return { status: 200, kind: 'projects', body: inside.map((one) => describe.project(one)) };
  }
  if (area === 'groups' && method === 'GET') return ofGroup(state, name, rest, reader, describe);
  if (area !== 'projects') throw message(404, '404 Not Found');

  const project = seen.find(({ path }) => path === name);
  if (project === undefined) throw message(404, '404 Project Not Found');
  const mayWrite = () => mustHave(project, reader, developer);
  const [first = '', second = '', third = '', fourth = ''] = rest;
  switch (`${method} ${rest.length < 2 ? first : `${first}/*`}`) {
    case 'GET ':
      return { status: 200, kind: 'project', body: describe.project(project, reader) };
    case 'GET labels':
      return { status: 200, kind: 'labels', body: project.labels.map(describe.label) };
    case 'POST labels': {
      mustHave(project, reader, reporter);
      const label = String(body['name'] ?? '');
      if (project.labels.includes(label)) throw message(409, 'Label already exists');
      if (label.trim() === '' || label.includes(',')) throw message(400, { title: ['is invalid'] });
      project.labels.push(label);
      return { status: 201, kind: 'label', body: describe.label(label, project.labels.length - 1) };
    }
    case 'POST statuses/*':
      mayWrite();
      return setStatus(state, project, second, body, describe);
    case 'POST pipeline':
      mayWrite();
      return startPipeline(state, project, body, describe);
    case 'GET pipelines': {
      if (asked('source') === 'api') {
        const started = project.startedPipelines.filter(({ ref }) => ref === asked('ref')).toReversed();
        return {
          status: 200,
          kind: 'pipelines',
          body: started.map((one) => describe.pipeline(project, shownStart(one))),
        };
      }
      const found = pipelineOf(project, asked('sha') ?? '');
      return {
        status: 200,
        kind: 'pipelines',
        body: found === undefined ? [] : [describe.pipeline(project, found)],
      };
    }
    case 'GET merge_requests':
      return {
        status: 200,
        kind: 'mergeRequests',
        body: listed(project, asked).map((one) => describe.mergeRequest(project, one)),
      };
    case 'POST merge_requests':
      mayWrite();
      return open(state, project, reader, body, describe);
    default:
  }
  if (first === 'repository' && second === 'files' && fourth === 'raw' && method === 'GET') {
    const revision = asked('ref') ?? 'main';
    if (revisionOf(project.folder, revision) === undefined) throw message(404, '404 Commit Not Found');
    const file = describe.file(project, third, revision);
    if (file === undefined) throw message(404, '404 File Not Found');
    return { status: 200, kind: 'file', body: file };
  }
  if (first === 'repository' && second === 'commits' && fourth === 'statuses' && method === 'GET') {
    const of = project.statuses.filter(({ sha }) => sha === third);
    const isLast = (one: (typeof of)[number]) => of.findLast(({ name }) => name === one.name) === one;
    const shown = asked('all') === 'true' ? of : of.filter(isLast);
    return { status: 200, kind: 'statuses', body: shown.map(describe.status) };
  }
  if (first === 'repository' && second === 'commits' && fourth === 'signature' && method === 'GET') {
    if (!project.verified.has(third)) throw message(404, '404 Signature Not Found');
    return { status: 200, kind: 'signature', body: { signature_type: 'PGP', verification_status: 'verified' } };
  }
  if (first === 'repository' && second === 'commits' && fourth === 'merge_requests' && method === 'GET') {
    const commitsOf = ({ mergedOnto, sha }: MergeRequest) =>
      mergedOnto === undefined ? [] : git(project.folder, 'rev-list', `${mergedOnto}..${sha}`).split('\n');
    const brought = project.mergeRequests.filter((one) => commitsOf(one).includes(third));
    return { status: 200, kind: 'mergeRequests', body: brought.map((one) => describe.mergeRequest(project, one)) };
  }
  if (first === 'issues')
    return answerIssues({ state, project, reader, question, describe }, { iid: second, part: third, id: fourth });
  if (first !== 'merge_requests') throw message(404, '404 Not Found');
  const one = project.mergeRequests.find(({ iid }) => String(iid) === second);
  if (one === undefined) throw message(404, '404 Not found');
  return ofMergeRequest({ state, project, one, reader, question, part: third, id: fourth, describe, mayWrite });
}

export type Describe = ReturnType<typeof createDescriptions>;

function ofMergeRequest(given: {
  readonly state: FakeGitlabState;
  readonly project: Project;
  readonly one: MergeRequest;
  readonly reader: User | undefined;
  readonly question: Question;
  readonly part: string;
  readonly id: string;
  readonly describe: Describe;
  readonly mayWrite: () => void;
}): Answer {
  const { state, project, one, reader, question, part, id, describe } = given;
  const { method, body } = question;
  switch (`${method} ${part}`) {
    case 'GET ':
      return { status: 200, kind: 'mergeRequest', body: describe.shownMergeRequest(project, one) };
    case 'PUT ':
      given.mayWrite();
      change(state, project, one, body);
      return { status: 200, kind: 'mergeRequest', body: describe.shownMergeRequest(project, one) };
    case 'PUT merge':
      given.mayWrite();
      merge(state, project, one, { ...body, by: reader?.id });
      return { status: 200, kind: 'mergeRequest', body: describe.shownMergeRequest(project, one) };
    case 'POST cancel_merge_when_pipeline_succeeds':
      given.mayWrite();
      if (one.isAutoMerging !== true) throw message(406, 'Not Acceptable');
      one.isAutoMerging = false;
      return { status: 201, kind: 'mergeRequest', body: describe.shownMergeRequest(project, one) };
    case 'GET commits':
      return { status: 200, kind: 'commits', body: describe.commits(project, one) };
    case 'GET approvals':
      return { status: 200, kind: 'approvals', body: describe.approvals(one) };
    case 'GET diffs':
      return { status: 200, kind: 'diffs', body: describe.diffs(project, one) };
    case 'GET notes':
    case 'POST notes':
    case 'PUT notes':
      return ofNotes({ state, notes: one.notes, reader, question, id, describe });
    default:
      throw message(404, '404 Not Found');
  }
}
/** What is said of a merge request or an issue. */
export function ofNotes(given: {
  readonly state: FakeGitlabState;
  readonly notes: Note[];
  readonly reader: User | undefined;
  readonly question: Question;
  readonly id: string;
  readonly describe: Describe;
}): Answer {
  const { state, notes, reader, question, id, describe } = given;
  const text = String(question.body['body'] ?? '');
  switch (question.method) {
    case 'GET': {
      const listed = question.url.searchParams.get('sort') === 'asc' ? notes : notes.toReversed();
      return { status: 200, kind: 'notes', body: listed.map(describe.note) };
    }
    case 'POST': {
      if (reader === undefined) throw message(401, '401 Unauthorized');
      if (text === '') throw message(400, 'Note {:note=>["can\'t be blank"]}');
      const note = { id: state.nextId++, authorId: reader.id, body: text, createdAt: state.now, updatedAt: state.now };
      notes.push(note);
      return { status: 201, kind: 'note', body: describe.note(note) };
    }
    default: {
      const note = notes.find((other) => String(other.id) === id);
      if (note === undefined) throw message(404, '404 Not found');
      if (note.authorId !== reader?.id) throw message(403, '403 Forbidden');
      note.body = text;
      note.updatedAt = state.now;
      return { status: 200, kind: 'note', body: describe.note(note) };
    }
  }
}

function whoAsks(state: FakeGitlabState, { method, headers }: Question): User | undefined {
  const text = headers['private-token'];
  // A job token opens none of these routes: it counts as none.
  if (text === undefined) {
    if (method !== 'GET') throw message(401, '401 Unauthorized');
    return undefined;
  }
  const token = state.tokens.get(String(text));
  if (token === undefined) throw message(401, '401 Unauthorized');
  if (method !== 'GET' && token.scope !== 'api')
    throw new Refused(403, {
      error: 'insufficient_scope',
      error_description: 'The request requires higher privileges than provided by the access token.',
      scope: 'api',
    });
  return state.users.find(({ id }) => id === token.userId);
}

export function mustHave(project: Project, reader: User | undefined, level: number): void {
  const own = reader === undefined ? 0 : (project.members.get(reader.id) ?? 0);
  if (own < level || project.isArchived) throw message(403, '403 Forbidden');
}

function listed(project: Project, asked: (parameter: string) => string | undefined): readonly MergeRequest[] {
  const state = asked('state') ?? 'all';
  const branch = asked('source_branch');
  const after = Date.parse(asked('updated_after') ?? '1970-01-01T00:00:00Z');
  const found = project.mergeRequests
    .filter((one) => state === 'all' || one.state === state)
    .filter((one) => branch === undefined || one.sourceBranch === branch)
    .filter((one) => one.updatedAt >= after)
    .sort((a, b) => b.createdAt - a.createdAt || b.iid - a.iid);
  return asked('sort') === 'asc' ? found.toReversed() : found;
}

function open(
  state: FakeGitlabState,
  project: Project,
  reader: User | undefined,
  body: Question['body'],
  describe: Describe,
): Answer {
  const source = String(body['source_branch'] ?? '');
  const target = String(body['target_branch'] ?? '');
  const title = String(body['title'] ?? '');
  const present = project.mergeRequests.find((one) => one.state === 'opened' && one.sourceBranch === source);
  if (source === target) throw message(422, ["You can't use same project/branch for source and target"]);
  if (present !== undefined)
    throw message(409, [`Another open merge request already exists for this source branch: !${present.iid}`]);
  const sha = headOf(project.folder, source);
  if (sha === undefined) throw message(400, { source_branch: ['does not exist'] });
  if (headOf(project.folder, target) === undefined) throw message(400, { target_branch: ['does not exist'] });
  mustFit(title, String(body['description'] ?? ''));
  const one: MergeRequest = {
    iid: Math.max(0, ...project.mergeRequests.map(({ iid }) => iid)) + 1,
    // Whoever may write has been asked for.
    authorId: reader?.id ?? 0,
    sourceBranch: source,
    sourceProjectId: project.id,
    targetBranch: target,
    title,
    description: String(body['description'] ?? ''),
    state: 'opened',
    createdAt: state.now,
    updatedAt: state.now,
    labels: [],
    assigneeIds: people(state, body['assignee_ids']),
    reviewerIds: people(state, body['reviewer_ids']),
    sha,
    notes: [],
    approverIds: [],
  };
  setLabels(project, one, body['labels']);
  project.mergeRequests.push(one);
  return { status: 201, kind: 'mergeRequest', body: describe.shownMergeRequest(project, one) };
}

/** A group, or one of its members, those of the groups around it included. */
function ofGroup(
  state: FakeGitlabState,
  name: string,
  rest: readonly string[],
  reader: User | undefined,
  describe: ReturnType<typeof createDescriptions>,
): Answer {
  if (reader === undefined || !state.groups.has(name)) throw message(404, '404 Group Not Found');
  const [first, second, id] = rest;
  if (first === undefined) return { status: 200, kind: 'group', body: describe.group(name) };
  const around = name.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'));
  const user = state.users.find((one) => String(one.id) === id);
  const isThere = user !== undefined && around.some((group) => state.groupMembers.get(group)?.has(user.id) === true);
  if (first !== 'members' || second !== 'all' || !isThere) throw message(404, '404 Not found');
  return { status: 200, kind: 'member', body: { ...describe.user(user), access_level: developer, expires_at: null } };
}

function people(state: FakeGitlabState, given: unknown): readonly number[] {
  const known = (Array.isArray(given) ? given : [])
    .map(Number)
    .filter((id) => state.users.some((user) => user.id === id));
  return state.isFree ? known.slice(0, 1) : known;
}

/** Unknown ones are made without a word. */
function setLabels(project: Project, one: MergeRequest, given: unknown): void {
  if (given === undefined) return;
  const labels = String(given)
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '');
  for (const label of labels) if (!project.labels.includes(label)) project.labels.push(label);
  one.labels = labels;
}

export function mustFit(title: string, description: string): void {
  if (title.trim() === '') throw message(400, { title: ["can't be blank"] });
  if (title.length > maxTitle) throw message(400, { title: [`is too long (maximum is ${maxTitle} characters)`] });
  if (description.length > maxDescription)
    throw message(400, { description: ['is too long (maximum is 1048576 characters)'] });
}

function change(state: FakeGitlabState, project: Project, one: MergeRequest, body: Question['body']): void {
  const { title = one.title, description = one.description, target_branch: target = one.targetBranch } = body;
  mustFit(String(title), String(description));
  if (headOf(project.folder, String(target)) === undefined) throw message(400, { target_branch: ['does not exist'] });
  one.title = String(title);
  one.description = String(description);
  one.targetBranch = String(target);
  if (body['reviewer_ids'] !== undefined) one.reviewerIds = people(state, body['reviewer_ids']);
  setLabels(project, one, body['labels']);
  if (body['state_event'] === 'close' && one.state === 'opened') {
    one.state = 'closed';
    one.closedAt = state.now;
  }
  one.updatedAt = state.now;
}

function merge(state: FakeGitlabState, project: Project, one: MergeRequest, body: Question['body']): void {
  const head = headOf(project.folder, one.sourceBranch) ?? one.sha;
  if (one.state !== 'opened') throw message(405, '405 Method Not Allowed');
  if (body['sha'] !== undefined && body['sha'] !== head) throw message(409, 'SHA does not match HEAD of source branch');
  const isLater = body['auto_merge'] === true || body['merge_when_pipeline_succeeds'] === true;
  if (isLater && pipelineOf(project, head)?.status === 'running') {
    Object.assign(one, { isAutoMerging: true, mergedById: body['by'] });
    return;
  }
  const obstacle = findObstacle(project, one);
  if (obstacle !== undefined) throw message(obstacle.startsWith('405') ? 405 : 422, obstacle);
  mergeRequest(project, one, state.now);
}

function startPipeline(
  state: FakeGitlabState,
  project: Project,
  { ref: wanted, inputs: given }: Question['body'],
  describe: Describe,
): Answer {
  const ref = String(wanted);
  const sha = headOf(project.folder, ref);
  if (sha === undefined) throw message(400, { base: ['Reference not found'] });
  const inputs = (given ?? {}) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(inputs).filter((name) => !project.pipelineInputs.has(name));
  if (unknown.length > 0) throw message(400, { base: [`Given inputs not defined in the spec: ${unknown.join(', ')}`] });
  const one = { id: state.nextId++, sha, ref, inputs, createdAt: state.now };
  project.startedPipelines.push(one);
  return { status: 201, kind: 'pipeline', body: describe.pipeline(project, shownStart(one)) };
}

function shownStart({ id, sha, createdAt }: StartedPipeline): Pipeline {
  return { id, sha, source: 'api', status: 'running', createdAt, updatedAt: createdAt };
}

function setStatus(
  state: FakeGitlabState,
  project: Project,
  sha: string,
  body: Question['body'],
  describe: Describe,
): Answer {
  const wanted = String(body['state'] ?? '');
  if (revisionOf(project.folder, sha) !== sha) throw message(404, '404 Commit Not Found');
  if (
    wanted !== 'pending' &&
    wanted !== 'running' &&
    wanted !== 'success' &&
    wanted !== 'failed' &&
    wanted !== 'canceled'
  )
    throw new Refused(400, { error: 'state does not have a valid value' });
  const description = typeof body['description'] === 'string' ? body['description'] : null;
  const targetUrl = typeof body['target_url'] === 'string' ? body['target_url'] : null;
  const name = String(body['name'] ?? 'default');
  // One that has ended is not taken up again: a new one follows it.
  const running = project.statuses.find(
    (one) => one.sha === sha && one.name === name && (one.status === 'pending' || one.status === 'running'),
  );
  if (running !== undefined && running.status === wanted)
    throw message(
      400,
      `Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via "enqueue")`,
    );
  const status = running ?? {
    ...{ id: state.nextId++, sha, name, status: wanted, description, targetUrl },
    ...{ isJob: false, allowsFailure: false, createdAt: state.now },
  };
  Object.assign(status, {
    status: wanted,
    description: description ?? status.description,
    targetUrl: targetUrl ?? status.targetUrl,
  });
  if (running === undefined) addStatus(project, status, state.now);
  return { status: 201, kind: 'status', body: describe.status(status) };
}
