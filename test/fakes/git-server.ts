import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What a client asked for: `capabilities` is the first greeting, `refs`, `fetch` and `push` what follows it. */
export type GitQuestion = 'capabilities' | 'refs' | 'fetch' | 'push';

export type GitServer = {
  /** `http://127.0.0.1:PORT`, or `https:` */
  readonly origin: string;
  /** Bare repositories lie here. */
  readonly root: string;
  readonly questions: GitQuestion[];
  /** How it answers from now on. */
  behaviour: GitServerBehaviour;
  /** Resolves when a question is left without an answer, or with half of one; another one since the behaviour was set. */
  readonly hanging: Promise<void>;
  /** Resolves when whoever waits for such an answer goes. */
  readonly abandoned: Promise<void>;
  close(): Promise<void>;
};

export type GitServerBehaviour =
  | { readonly kind: 'serve' }
  /** As servers did before protocol 2. */
  | { readonly kind: 'serve-version-0' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Serves whoever shows this in `Authorization`, and asks others for it; refuses pushes as GitHub does where `mayPush` is false. */
  | { readonly kind: 'guarded'; readonly authorization: string; readonly mayPush?: boolean }
  | { readonly kind: 'hang' }
  /** Answers no push, whether it was taken or not. `after`: so many are answered first, of all that were ever asked. */
  | { readonly kind: 'hang-push'; readonly isTaken: boolean; readonly after?: number }
  /** Sends the first bytes of what is fetched, and then nothing. */
  | { readonly kind: 'half'; readonly bytes: number };

/** Signed by itself, for 127.0.0.1: whoever is to trust it names it in `GIT_SSL_CAINFO`. */
export const loopbackCertificate = join(import.meta.dirname, '..', 'fixtures', 'tls', 'loopback-certificate.pem');
export const loopbackKey = join(import.meta.dirname, '..', 'fixtures', 'tls', 'loopback-key.pem');

/** The real git behind HTTP, on loopback. @param options.isSecure behind HTTPS, with `loopbackCertificate`. */
export async function startGitServer(options: { readonly isSecure?: boolean } = {}): Promise<GitServer> {
  const root = mkdtempSync(join(tmpdir(), 'git-server-'));
  let hang = Promise.withResolvers<void>();
  const abandon = Promise.withResolvers<void>();
  const questions: GitQuestion[] = [];
  const state: { behaviour: GitServerBehaviour } = { behaviour: { kind: 'serve' } };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const body = await bodyOf(request);
    const question = questionOf(request, body);
    questions.push(question);
    const { behaviour } = state;
    if (behaviour.kind === 'hang' || behaviour.kind === 'half') response.on('close', abandon.resolve);
    if (behaviour.kind === 'hang') return hang.resolve();
    const pushes = questions.filter((asked) => asked === 'push').length;
    if (behaviour.kind === 'hang-push' && question === 'push' && pushes > (behaviour.after ?? 0)) {
      if (behaviour.isTaken) await runBackend(root, request, body, true);
      return hang.resolve();
    }
    if (behaviour.kind === 'status')
      return response.writeHead(behaviour.status, { ...behaviour.headers }).end(behaviour.body ?? '');
    if (behaviour.kind === 'guarded' && request.headers.authorization !== behaviour.authorization)
      return response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
    if (
      behaviour.kind === 'guarded' &&
      behaviour.mayPush === false &&
      request.url?.includes('git-receive-pack') === true
    )
      return response.writeHead(403).end('Permission to acme/shop.git denied to keeper.');
    const answer = await runBackend(root, request, body, behaviour.kind !== 'serve-version-0');
    if (behaviour.kind !== 'half' || question !== 'fetch') return send(response, answer);
    response.writeHead(answer.status, answer.headers).write(answer.body.subarray(0, behaviour.bytes));
    return hang.resolve();
  };
  const server =
    options.isSecure === true
      ? createSecureServer({ cert: readFileSync(loopbackCertificate), key: readFileSync(loopbackKey) }, handle)
      : createServer(handle);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http${options.isSecure === true ? 's' : ''}://127.0.0.1:${port}`,
    root,
    questions,
    get hanging() {
      return hang.promise;
    },
    abandoned: abandon.promise,
    get behaviour() {
      return state.behaviour;
    },
    set behaviour(behaviour) {
      state.behaviour = behaviour;
      hang = Promise.withResolvers();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Git without the settings and variables of whoever runs the tests. */
export function git(folder: string, ...args: readonly string[]): string {
  return gitWith(folder, '', ...args);
}

export function gitWith(folder: string, input: string | Uint8Array, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
  const env = bareEnvironment();
  return execFileSync('git', [...identity, ...args], { cwd: folder, env, stdio: 'pipe', input })
    .toString()
    .trim();
}

export function bareEnvironment(): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') && !/_proxy$/i.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: '/nonexistent',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
}

type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly body: Buffer };

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function questionOf(request: IncomingMessage, body: Buffer): GitQuestion {
  if (request.method === 'GET') return 'capabilities';
  if (request.url?.endsWith('/git-receive-pack') === true) return 'push';
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('latin1');
  return text.includes('command=ls-refs') ? 'refs' : 'fetch';
}

function runBackend(root: string, request: IncomingMessage, body: Buffer, hasVersion2: boolean): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://server');
  const { 'content-type': type, 'content-encoding': encoding, 'git-protocol': protocol } = request.headers;
  const env = {
    ...bareEnvironment(),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: type,
    CONTENT_LENGTH: String(body.length),
    HTTP_CONTENT_ENCODING: encoding,
    GIT_PROTOCOL: hasVersion2 && typeof protocol === 'string' ? protocol : undefined,
  };
  return new Promise((done) => {
    const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stdin.on('error', () => undefined);
    child.stdin.end(body);
    child.on('close', () => done(answerOf(Buffer.concat(parts))));
  });
}

function answerOf(output: Buffer): Answer {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const { Status: status = '200', ...others } = headers;
  return { status: Number.parseInt(status, 10), headers: others, body: output.subarray(end + 4) };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}
