import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeRepository } from '../bare-repository.ts';
import type { GitServer } from '../git-server.ts';
import { whoAsks } from './access.ts';
import { resetOf } from './account-routes.ts';
import { createDescriptions } from './describe.ts';
import { addIssue } from './issue-routes.ts';
import { answerGraphql } from './merge-routes.ts';
import { mergePull, mergeWaiting } from './merging.ts';
import { notFound, Refused } from './refused.ts';
import { type Answer, findRoute } from './routes.ts';
import { holdToSchema } from './schemas.ts';
import type { App, FakeGithubState, Issue, Pull, Repository, User } from './state.ts';

/** GitHub Actions: https://api.github.com/apps/github-actions */
const actionsApp = 15368;

type FoundRoute = NonNullable<ReturnType<typeof findRoute>>;
type Answered = Answer & { readonly headers?: object };

/** The next answers to this method, as many as `times`. */
export type Fault = {
  times: number;
  readonly method?: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type FakeGithub = {
  readonly state: FakeGithubState;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** `GET /repos/acme/shop 200`, oldest first. */
  readonly requests: string[];
  /** Headers of the last request. */
  readonly lastHeaders: () => IncomingMessage['headers'];
  fault: Fault | undefined;
  /** Writes to such a path are taken, and never answered. */
  silentPath: RegExp | undefined;
  /** Resolves when one is left without an answer. */
  readonly hanging: Promise<void>;
  addUser(login: string, type?: User['type']): User;
  addApp(slug: string): App;
  /** With its repository, served by the git server, and its owner, an organisation if nobody knows it. */
  addRepository(path: string): Repository;
  repository(path: string): Repository;
  pull(path: string, number: number): Pull;
  /** A run of a workflow's job, or another attempt at it. @param conclusion `null` while it runs */
  runCheck(
    path: string,
    revision: string,
    name: string,
    conclusion: string | null,
    by?: { readonly appId?: number; readonly suite?: number },
  ): void;
  openIssue(path: string, login: string, body: string): Issue;
  /** As a person does, with a merge commit. */
  merge(path: string, number: number): void;
  close(): Promise<void>;
};

/**
 * A GitHub that keeps state and answers its REST API over real HTTP. Branches, commits and files are those of bare
 * repositories under the git server's root; every answer, refusals too, is held to GitHub's own
 * description.
 */
export async function startFakeGithub(git: GitServer): Promise<FakeGithub> {
  const state: FakeGithubState = {
    users: [],
    apps: [],
    repositories: [],
    tokens: new Map(),
    emails: new Map(),
    memberships: new Map(),
    remaining: 5000,
    now: Date.UTC(2026, 10, 25, 8),
    nextId: 1,
  };
  const requests: string[] = [];
  const settings: {
    fault: Fault | undefined;
    silentPath: RegExp | undefined;
    headers: IncomingMessage['headers'];
  } = { fault: undefined, silentPath: undefined, headers: {} };
  const hang = Promise.withResolvers<void>();
  let origin = '';

  function answer(request: IncomingMessage, url: URL, text: string): Answered {
    if (request.method === 'POST' && url.pathname === '/graphql') return answeredGraphql(request, text);
    const found = findRoute(request.method ?? '', url.pathname);
    if (found === undefined) return notFound();
    try {
      const given = answered(found, request, url, text);
      holdToSchema(found.route, given.status, given.body);
      return given;
    } catch (error) {
      // An answer that GitHub would not give, or a bug of the fake: the test has to see it.
      return { status: 599, body: { message: String(error) } };
    }
  }

  function answeredGraphql(request: IncomingMessage, text: string): Answered {
    try {
      return answerGraphql({ state, reader: whoAsks(state, request.headers), body: JSON.parse(text) });
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
  }

  function answered(found: FoundRoute, request: IncomingMessage, url: URL, text: string): Answered {
    try {
      const describe = createDescriptions(state, origin, git.origin);
      const reader = whoAsks(state, request.headers);
      if (state.remaining <= 0) throw new Refused(403, 'API rate limit exceeded for user ID 1.');
      const body = text === '' ? {} : JSON.parse(text);
      const given = found.answer({ state, reader, describe, query: url.searchParams, body, named: found.named });
      const scopes = reader.token?.scopes;
      return { ...given, headers: scopes === undefined ? {} : { 'x-oauth-scopes': scopes.join(', ') } };
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
  }

  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const url = new URL(request.url ?? '/', 'http://github');
    settings.headers = request.headers;
    response.on('finish', () => requests.push(`${request.method} ${url.pathname} ${response.statusCode}`));
    const { fault } = settings;
    if (fault !== undefined && fault.times > 0 && (fault.method ?? request.method) === request.method) {
      fault.times -= 1;
      const headers = { 'content-type': 'application/json', ...fault.headers };
      response.writeHead(fault.status, headers).end(fault.body ?? '{}');
      return;
    }
    const given = answer(request, url, Buffer.concat(parts).toString());
    if (request.method !== 'GET' && settings.silentPath?.test(url.pathname) === true) return hang.resolve();
    send(request, response, url, given, state);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function repository(path: string): Repository {
    const found = state.repositories.find(({ owner, name }) => `${owner}/${name}` === path);
    if (found === undefined) throw new Error(`no ${path}`);
    return found;
  }

  function pull(path: string, number: number): Pull {
    const found = repository(path).pulls.find((one) => one.number === number);
    if (found === undefined) throw new Error(`no ${path}#${number}`);
    return found;
  }

  function addUser(login: string, type: User['type'] = 'User'): User {
    const user = { id: state.nextId++, login, type };
    state.users.push(user);
    return user;
  }

  return {
    state,
    origin,
    requests,
    lastHeaders: () => settings.headers,
    get fault() {
      return settings.fault;
    },
    set fault(fault) {
      settings.fault = fault;
    },
    get silentPath() {
      return settings.silentPath;
    },
    set silentPath(path) {
      settings.silentPath = path;
    },
    hanging: hang.promise,
    addUser,
    addApp(slug) {
      addUser(`${slug}[bot]`, 'Bot');
      const app = { id: state.nextId++, slug, isPrivate: false, installations: new Map() };
      state.apps.push(app);
      return app;
    },
    addRepository(path) {
      const [owner = '', name = ''] = path.split('/');
      if (!state.users.some(({ login }) => login === owner)) addUser(owner, 'Organization');
      const made: Repository = {
        id: state.nextId++,
        owner,
        name,
        folder: makeRepository(git.root, path),
        isPrivate: true,
        isArchived: false,
        isFork: false,
        hasDrafts: true,
        collaborators: new Set(),
        teams: new Set(),
        labels: [],
        pulls: [],
        issues: [],
        hasIssues: true,
        statuses: [],
        checkRuns: [],
        requiredChecks: [],
        requiredByRule: [],
        allowsAutoMerge: false,
        mergeMethods: new Set(['merge', 'squash', 'rebase']),
        analyses: [],
        verified: new Set(),
        workflows: new Set(),
        workflowRuns: [],
        tellsRuns: true,
      };
      state.repositories.push(made);
      return made;
    },
    repository,
    pull,
    openIssue: (path, login, body) => addIssue(state, repository(path), { login, title: 'Something', body }),
    merge(path, number) {
      mergePull(repository(path), pull(path, number), state.now);
    },
    runCheck(path, revision, name, conclusion, { appId = actionsApp, suite = 1 } = {}) {
      const one = repository(path);
      const status = conclusion === null ? 'in_progress' : 'completed';
      const run = {
        id: state.nextId++,
        revision,
        name,
        appId,
        suite,
        status,
        conclusion,
        startedAt: state.now,
      } as const;
      one.checkRuns.push(run);
      mergeWaiting(one, state.now);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  given: Answered,
  state: FakeGithubState,
): void {
  const { body, headers: paging } = paged(url, given.body);
  const text = body === undefined ? '' : JSON.stringify(body);
  const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
  const isRead = request.method === 'GET' && given.status === 200;
  const isKnown = isRead && request.headers['if-none-match'] === etag;
  if (!isKnown) state.remaining = Math.max(0, state.remaining - 1);
  response.writeHead(isKnown ? 304 : given.status, {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(state.remaining),
    'x-ratelimit-reset': String(resetOf(state.now)),
    ...(isRead ? { etag } : {}),
    ...paging,
    ...given.headers,
    ...(isKnown || body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
  });
  response.end(isKnown ? '' : text);
}

/** Thirty of a list, a hundred at most, and where the next ones are. */
function paged(
  url: URL,
  body: unknown,
): { readonly body: unknown; readonly headers: Readonly<Record<string, string>> } {
  if (!Array.isArray(body)) {
    const wrapped = Object.entries(body ?? {}).find(([, value]) => Array.isArray(value));
    if (wrapped === undefined || !Object.hasOwn(body ?? {}, 'total_count')) return { body, headers: {} };
    const inner = paged(url, wrapped[1]);
    return { body: { ...(body ?? {}), [wrapped[0]]: inner.body }, headers: inner.headers };
  }
  const page = Number(url.searchParams.get('page') ?? 1);
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  const isLast = page * size >= body.length;
  return {
    body: body.slice((page - 1) * size, page * size),
    headers: isLast ? {} : { link: `<${next}>; rel="next", <${next}>; rel="last"` },
  };
}
