import { createHash } from 'node:crypto';
import { notFound, Refused } from '../github/refused.ts';
import { describeAs } from '../github/schemas.ts';
import type { Commit, FakeRepository, Run } from './repository.ts';

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

/** What GitHub answers, with the members that matter; others as its description wants them. */
export function answerRoute(repository: FakeRepository, asked: Asked, dialect: DispatchDialect): Answered {
  const [area = '', kind = ''] = asked.path;
  if (area === 'actions' && kind === 'variables') return answerVariable(repository, asked);
  if (area === 'actions') return answerActions(repository, asked, dialect);
  if (area === 'git') return answerGit(repository, asked);
  if (area === 'contents') return answerContents(repository, asked);
  return notFound();
}

function answerVariable({ variables }: FakeRepository, { method, path, body }: Asked): Answered {
  const name = path[2] ?? text(body, 'name');
  if (method === 'POST') {
    if (variables.has(name)) return new Refused(409, 'Already exists - Variable already exists');
    variables.set(name, text(body, 'value'));
    return { status: 201, body: {} };
  }
  const value = variables.get(name);
  if (value === undefined) return notFound();
  if (method === 'GET') return { status: 200, body: describeAs('actions-variable', { name, value }) };
  if (method === 'DELETE') variables.delete(name);
  else variables.set(name, text(body, 'value'));
  return { status: 204 };
}

function answerActions(repository: FakeRepository, asked: Asked, dialect: DispatchDialect): Answered {
  const { method, path, body, origin } = asked;
  const [, kind, name = '', what] = path;
  const url = (id: number) => `${origin}/acme/shop/actions/runs/${id}`;
  const shown = ({ id, status, conclusion }: Run) =>
    describeAs('workflow-run', { id, status, conclusion, html_url: url(id) });
  if (kind === 'runs') {
    const run = repository.runs.find(({ id }) => String(id) === name);
    return run === undefined ? notFound() : { status: 200, body: shown(run) };
  }
  if (kind !== 'workflows' || !repository.workflows.has(name)) return notFound();
  if (what === 'runs') {
    const runs = repository.runs.filter(({ workflow }) => workflow === name).reverse();
    return { status: 200, body: { total_count: runs.length, workflow_runs: runs.map(shown) } };
  }
  if (method !== 'POST') return notFound();
  if (!repository.branches.has(text(body, 'ref'))) return new Refused(422, `No ref found for: ${text(body, 'ref')}`);
  const wantsDetails = body['return_run_details'] === true;
  if (wantsDetails && dialect === 'refuses-details')
    return new Refused(422, 'Invalid request. "return_run_details" is not a permitted key.');
  const inputs = (body['inputs'] ?? {}) as Readonly<Record<string, string>>;
  if (Object.values(inputs).some((value) => typeof value !== 'string'))
    return new Refused(422, 'Invalid request. Inputs must be strings.');
  const { id } = repository.run(name, text(body, 'ref'), inputs);
  if (!wantsDetails || dialect !== 'details') return { status: 204 };
  return {
    status: 200,
    body: { workflow_run_id: id, run_url: `${origin}/repos/acme/shop/actions/runs/${id}`, html_url: url(id) },
  };
}

function answerGit(repository: FakeRepository, { method, path, body, origin }: Asked): Answered {
  const [, kind, ...rest] = path;
  if (kind === 'ref' && method === 'GET') {
    const sha = repository.branches.get(rest.slice(1).join('/'));
    return sha === undefined ? notFound() : { status: 200, body: shownRef(rest.slice(1).join('/'), sha, origin) };
  }
  if (kind === 'commits' && method === 'GET') {
    const commit = repository.commits.get(rest[0] ?? '');
    return commit === undefined ? notFound() : { status: 200, body: shownCommit(rest[0] ?? '', commit, origin) };
  }
  if (kind === 'trees') {
    const entries = body['tree'] as readonly { readonly path: string; readonly content: string }[];
    const sha = repository.tree(new Map(entries.map((one) => [one.path, one.content])));
    const tree = entries.map(({ path: file, content }) => ({
      path: file,
      mode: '100644',
      type: 'blob',
      sha: blobOf(content),
    }));
    return { status: 201, body: { sha, tree, truncated: false } };
  }
  if (kind === 'commits') {
    const made = {
      message: text(body, 'message'),
      tree: text(body, 'tree'),
      parents: body['parents'] as readonly string[],
    };
    const sha = repository.commit(made.message, made.tree, made.parents);
    return { status: 201, body: shownCommit(sha, made, origin) };
  }
  if (kind !== 'refs') return notFound();
  const branch = method === 'POST' ? text(body, 'ref').replace('refs/heads/', '') : rest.slice(1).join('/');
  const head = repository.branches.get(branch);
  if (method === 'POST' && head !== undefined) return new Refused(422, 'Reference already exists');
  const sha = text(body, 'sha');
  if (method === 'PATCH' && !(repository.commits.get(sha)?.parents ?? []).includes(head ?? ''))
    return new Refused(422, 'Update is not a fast forward');
  repository.branches.set(branch, sha);
  return { status: method === 'POST' ? 201 : 200, body: shownRef(branch, sha, origin) };
}

function shownRef(branch: string, sha: string, origin: string): object {
  const object = { type: 'commit', sha, url: `${origin}/repos/acme/shop/git/commits/${sha}` };
  return describeAs('git-ref', { ref: `refs/heads/${branch}`, object });
}

function shownCommit(sha: string, { message, tree, parents }: Commit, origin: string): object {
  const at = (kind: string, of: string) => ({ sha: of, url: `${origin}/repos/acme/shop/git/${kind}/${of}` });
  return describeAs('git-commit', {
    sha,
    message,
    tree: at('trees', tree),
    parents: parents.map((parent) => ({ ...at('commits', parent), html_url: `${origin}/acme/shop/commit/${parent}` })),
  });
}

function answerContents(repository: FakeRepository, asked: Asked): Answered {
  const { method, path, query, body } = asked;
  const file = path.slice(1).join('/');
  const branch = method === 'GET' ? (query.get('ref') ?? 'main') : text(body, 'branch');
  const head = repository.branches.get(branch);
  if (head === undefined) return new Refused(404, `Branch ${branch} not found`);
  const files = repository.trees.get(repository.commits.get(head)?.tree ?? '') ?? new Map<string, string>();
  const present = files.get(file);
  if (method === 'GET') {
    if (present === undefined) return notFound();
    return { status: 200, body: shownFile(file, present, asked.origin) };
  }
  const known = body['sha'];
  if (present !== undefined && known === undefined) return new Refused(422, 'Invalid request. "sha" wasn\'t supplied.');
  if (present !== undefined && known !== blobOf(present))
    return new Refused(409, `${file} does not match ${String(known)}`);
  const content = Buffer.from(text(body, 'content'), 'base64').toString('utf8');
  const sha = repository.push(branch, text(body, 'message'), new Map([...files, [file, content]]));
  return {
    status: present === undefined ? 201 : 200,
    body: { content: { path: file, sha: blobOf(content) }, commit: { sha } },
  };
}

function shownFile(path: string, text: string, origin: string): object {
  return describeAs('content-file', {
    type: 'file',
    encoding: 'base64',
    content: Buffer.from(text).toString('base64'),
    name: path.split('/').at(-1),
    path,
    sha: blobOf(text),
    size: Buffer.byteLength(text),
    git_url: null,
    html_url: null,
    download_url: null,
    _links: { git: null, html: null, self: `${origin}/self` },
  });
}

function blobOf(content: string): string {
  return createHash('sha1').update(content).digest('hex');
}

function text(body: Asked['body'], name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}
