import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeRepository } from '../bare-repository.ts';
import type { GitServer } from '../git-server.ts';
import { addIssue } from './issues.ts';
import { mergeRequest as mergeInto, mergeWaiting } from './merging.ts';
import type { Issue, MergeRequest, Project, Status, User } from './projects.ts';
import { answer } from './routes.ts';
import { holdToSchema } from './schemas.ts';

export type Token = {
  readonly userId: number;
  readonly scope: 'api' | 'read_api';
};

/** The next answers, as many as `times`. */
export type Fault = {
  times: number;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type FakeGitlabState = {
  readonly users: User[];
  /** `acme`, `acme/web` */
  readonly groups: Set<string>;
  /** Group → users; members of those around it are its members, too. */
  readonly groupMembers: Map<string, Set<number>>;
  readonly projects: Project[];
  /** By the text in PRIVATE-TOKEN. */
  readonly tokens: Map<string, Token>;
  /** Without a licence one assignee and one reviewer are taken. */
  isFree: boolean;
  now: number;
  nextId: number;
};

export type FakeGitlab = {
  readonly state: FakeGitlabState;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** `GET /projects/acme%2Fshop`, oldest first. */
  readonly requests: string[];
  /** Headers of the last request. */
  readonly lastHeaders: () => IncomingMessage['headers'];
  fault: Fault | undefined;
  /** Of the writes from now on, which one is taken and never answered: 1 for the next. */
  silentWrite: number | undefined;
  /** Resolves when that write is left without an answer. */
  readonly hanging: Promise<void>;
  addUser(username: string): User;
  /** With its repository, served by the git server. */
  addProject(path: string, options?: { readonly isPublic?: boolean }): Project;
  mergeRequest(path: string, iid: number): MergeRequest;
  /** A job of the commit's own pipeline: what runs ends, what has ended is tried again. */
  runJob(
    path: string,
    sha: string,
    name: string,
    status: Status['status'],
    more?: { readonly allowsFailure?: boolean },
  ): void;
  openIssue(path: string, authorId: number, description: string): Issue;
  /** As a person does, with a merge commit. */
  merge(path: string, iid: number): void;
  close(): Promise<void>;
};

/**
 * A GitLab that keeps state and answers its REST API over real HTTP. Branches, commits and files are those of bare
 * repositories under the git server's root.
 */
export async function startFakeGitlab(git: GitServer): Promise<FakeGitlab> {
  const state: FakeGitlabState = {
    users: [],
    groups: new Set(),
    groupMembers: new Map(),
    projects: [],
    tokens: new Map(),
    isFree: false,
    now: Date.UTC(2026, 10, 25, 8),
    nextId: 1,
  };
  const requests: string[] = [];
  const settings: { fault: Fault | undefined; silentWrite: number | undefined; headers: IncomingMessage['headers'] } = {
    fault: undefined,
    silentWrite: undefined,
    headers: {},
  };
  let hang = Promise.withResolvers<void>();
  let origin = '';

  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const url = new URL(request.url ?? '/', 'http://gitlab');
    requests.push(`${request.method} ${url.pathname.replace('/api/v4', '')}`);
    settings.headers = request.headers;
    const { fault } = settings;
    if (fault !== undefined && fault.times > 0) {
      fault.times -= 1;
      response
        .writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
        .end(fault.body ?? '{}');
      return;
    }
    try {
      const answered = answer(state, {
        method: request.method ?? '',
        url,
        headers: request.headers,
        body: bodyOf(parts),
        origin,
        gitOrigin: git.origin,
      });
      if (request.method !== 'GET' && settings.silentWrite !== undefined) {
        settings.silentWrite -= 1;
        if (settings.silentWrite === 0) return hang.resolve();
      }
      send(response, url, answered);
    } catch (error) {
      // An answer that GitLab would not give, or a bug of the fake: the test has to see it.
      response.writeHead(599, { 'content-type': 'application/json' }).end(JSON.stringify({ message: String(error) }));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function project(path: string): Project {
    const found = state.projects.find((one) => one.path === path);
    if (found === undefined) throw new Error(`no ${path}`);
    return found;
  }

  function mergeRequest(path: string, iid: number): MergeRequest {
    const found = project(path).mergeRequests.find((one) => one.iid === iid);
    if (found === undefined) throw new Error(`no ${path}!${iid}`);
    return found;
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
    get silentWrite() {
      return settings.silentWrite;
    },
    set silentWrite(count) {
      settings.silentWrite = count;
      hang = Promise.withResolvers();
    },
    get hanging() {
      return hang.promise;
    },
    addUser(username) {
      const user = { id: state.nextId++, username, isBlocked: false };
      state.users.push(user);
      return user;
    },
    addProject(path, { isPublic = false } = {}) {
      const segments = path.split('/');
      for (let depth = 1; depth < segments.length; depth += 1) {
        const group = segments.slice(0, depth).join('/');
        if (!state.users.some(({ username }) => username === group)) state.groups.add(group);
      }
      const project: Project = {
        id: state.nextId++,
        path,
        folder: makeRepository(git.root, path),
        isPublic,
        isArchived: false,
        members: new Map(),
        labels: [],
        mergeRequests: [],
        issues: [],
        hasIssues: true,
        statuses: [],
        startedPipelines: [],
        pipelineInputs: new Set(),
        isPipelineRequired: false,
        verified: new Set(),
      };
      state.projects.push(project);
      return project;
    },
    mergeRequest,
    openIssue: (path, authorId, description) =>
      addIssue(state, project(path), { authorId, title: 'Something', description }),
    merge(path, iid) {
      mergeInto(project(path), mergeRequest(path, iid), state.now);
    },
    runJob(path, sha, name, status, { allowsFailure = false } = {}) {
      const of = project(path);
      const running = of.statuses.findLast(
        (one) => one.sha === sha && one.name === name && (one.status === 'running' || one.status === 'pending'),
      );
      const texts = { description: null, targetUrl: null, createdAt: state.now };
      if (running === undefined)
        of.statuses.push({ id: state.nextId++, sha, name, status, isJob: true, allowsFailure, ...texts });
      else running.status = status;
      mergeWaiting(of, state.now);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function bodyOf(parts: readonly Buffer[]): Readonly<Record<string, unknown>> {
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : JSON.parse(text);
}

function send(response: ServerResponse, url: URL, { status, kind, body }: ReturnType<typeof answer>): void {
  if (kind === 'file') {
    holdToSchema(kind, body);
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
    return;
  }
  if (kind !== undefined) holdToSchema(kind, body);
  const headers = { 'content-type': 'application/json' };
  if (!Array.isArray(body)) {
    response.writeHead(status, headers).end(JSON.stringify(body));
    return;
  }
  const page = Number(url.searchParams.get('page') ?? 1);
  // GitLab gives a hundred at most, whatever is asked for.
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 20));
  const isLast = page * size >= body.length;
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  response
    .writeHead(status, {
      ...headers,
      'x-page': String(page),
      'x-per-page': String(size),
      'x-next-page': isLast ? '' : String(page + 1),
      ...(isLast ? {} : { link: `<${next}>; rel="next"` }),
    })
    .end(JSON.stringify(body.slice((page - 1) * size, page * size)));
}
