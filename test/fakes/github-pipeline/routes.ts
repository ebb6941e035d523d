import { createHash } from 'node:crypto';
import type { FakeRepository } from './repository.ts';

export type Asked = {
  readonly method: string;
  /** Below `/repos/OWNER/NAME/`, decoded part by part. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly origin: string;
};

export type Answered = { readonly status: number; readonly body?: unknown };

/** How the dispatch endpoint answers: as it does since February 2026, as before, or as a server that knows no new parameter. */
export type DispatchDialect = 'details' | 'no-content' | 'refuses-details';

const notFound: Answered = { status: 404, body: { message: 'Not Found' } };

/** What GitHub answers, from its reference: statuses and the members that matter. */
export function answerRoute(repository: FakeRepository, asked: Asked, dialect: DispatchDialect): Answered {
  const [area = '', kind = ''] = asked.path;
  if (area === 'actions' && kind === 'variables') return answerVariable(repository, asked);
  if (area === 'actions') return answerActions(repository, asked, dialect);
  if (area === 'git') return answerGit(repository, asked);
  if (area === 'contents') return answerContents(repository, asked);
  return notFound;
}

function answerVariable({ variables }: FakeRepository, { method, path, body }: Asked): Answered {
  const name = path[2] ?? text(body, 'name');
  if (method === 'POST') {
    if (variables.has(name)) return { status: 409, body: { message: 'Already exists - Variable already exists' } };
    variables.set(name, text(body, 'value'));
    return { status: 201, body: {} };
  }
  const value = variables.get(name);
  if (value === undefined) return notFound;
  if (method === 'GET') return { status: 200, body: { name, value } };
  if (method === 'DELETE') variables.delete(name);
  else variables.set(name, text(body, 'value'));
  return { status: 204 };
}

function answerActions(repository: FakeRepository, asked: Asked, dialect: DispatchDialect): Answered {
  const { method, path, body, origin } = asked;
  const [, kind, name = '', what] = path;
  const url = (id: number) => `${origin}/acme/shop/actions/runs/${id}`;
  if (kind === 'runs') {
    const run = repository.runs.find(({ id }) => String(id) === name);
    return run === undefined ? notFound : { status: 200, body: { ...run, html_url: url(run.id) } };
  }
  if (kind !== 'workflows' || !repository.workflows.has(name)) return notFound;
  if (what === 'runs') {
    const runs = repository.runs.filter(({ workflow }) => workflow === name).reverse();
    return { status: 200, body: { workflow_runs: runs.map((run) => ({ ...run, html_url: url(run.id) })) } };
  }
  if (method !== 'POST') return notFound;
  if (!repository.branches.has(text(body, 'ref')))
    return { status: 422, body: { message: `No ref found for: ${text(body, 'ref')}` } };
  const wantsDetails = body['return_run_details'] === true;
  if (wantsDetails && dialect === 'refuses-details')
    return { status: 422, body: { message: 'Invalid request. "return_run_details" is not a permitted key.' } };
  const inputs = (body['inputs'] ?? {}) as Readonly<Record<string, string>>;
  if (Object.values(inputs).some((value) => typeof value !== 'string'))
    return { status: 422, body: { message: 'Invalid request. Inputs must be strings.' } };
  const { id } = repository.run(name, text(body, 'ref'), inputs);
  if (!wantsDetails || dialect !== 'details') return { status: 204 };
  return {
    status: 200,
    body: { workflow_run_id: id, run_url: `${origin}/repos/acme/shop/actions/runs/${id}`, html_url: url(id) },
  };
}

function answerGit(repository: FakeRepository, { method, path, body }: Asked): Answered {
  const [, kind, ...rest] = path;
  if (kind === 'ref' && method === 'GET') {
    const sha = repository.branches.get(rest.slice(1).join('/'));
    return sha === undefined ? notFound : { status: 200, body: { object: { sha, type: 'commit' } } };
  }
  if (kind === 'commits' && method === 'GET') {
    const commit = repository.commits.get(rest[0] ?? '');
    return commit === undefined ? notFound : { status: 200, body: { ...commit, tree: { sha: commit.tree } } };
  }
  if (kind === 'trees') {
    const entries = body['tree'] as readonly { readonly path: string; readonly content: string }[];
    return { status: 201, body: { sha: repository.tree(new Map(entries.map((one) => [one.path, one.content]))) } };
  }
  if (kind === 'commits') {
    const sha = repository.commit(text(body, 'message'), text(body, 'tree'), body['parents'] as readonly string[]);
    return { status: 201, body: { sha } };
  }
  if (kind !== 'refs') return notFound;
  const branch = method === 'POST' ? text(body, 'ref').replace('refs/heads/', '') : rest.slice(1).join('/');
  const head = repository.branches.get(branch);
  if (method === 'POST' && head !== undefined) return { status: 422, body: { message: 'Reference already exists' } };
  const sha = text(body, 'sha');
  if (method === 'PATCH' && !(repository.commits.get(sha)?.parents ?? []).includes(head ?? ''))
    return { status: 422, body: { message: 'Update is not a fast forward' } };
  repository.branches.set(branch, sha);
  return { status: method === 'POST' ? 201 : 200, body: { object: { sha } } };
}

function answerContents(repository: FakeRepository, { method, path, query, body }: Asked): Answered {
  const file = path.slice(1).join('/');
  const branch = method === 'GET' ? (query.get('ref') ?? 'main') : text(body, 'branch');
  const head = repository.branches.get(branch);
  if (head === undefined) return { status: 404, body: { message: `Branch ${branch} not found` } };
  const files = repository.trees.get(repository.commits.get(head)?.tree ?? '') ?? new Map<string, string>();
  const present = files.get(file);
  if (method === 'GET') {
    if (present === undefined) return notFound;
    return { status: 200, body: { sha: blobOf(present), content: Buffer.from(present).toString('base64') } };
  }
  const known = body['sha'];
  if (present !== undefined && known === undefined)
    return { status: 422, body: { message: 'Invalid request. "sha" wasn\'t supplied.' } };
  if (present !== undefined && known !== blobOf(present))
    return { status: 409, body: { message: `${file} does not match ${String(known)}` } };
  const content = Buffer.from(text(body, 'content'), 'base64').toString('utf8');
  repository.push(branch, text(body, 'message'), new Map([...files, [file, content]]));
  return { status: present === undefined ? 201 : 200, body: {} };
}

function blobOf(content: string): string {
  return createHash('sha1').update(content).digest('hex');
}

function text(body: Asked['body'], name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}
