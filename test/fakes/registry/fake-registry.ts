import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Instant } from '../../../src/domain/source/instant.ts';
import type { Answer } from './answer.ts';
import { answerBlob, answerBlobStore } from './blobs.ts';
import { FakeContent } from './content.ts';
import { answerOfFault, type FaultRule, Faults } from './faults.ts';
import { hiddenAsPrivate, refusalAtGate } from './gate.ts';
import { answerOrganisation, answerUser, answerWebTags } from './hub-web.ts';
import { answerManifest } from './manifests.ts';
import { PullBudget } from './pull-budget.ts';
import { type LoggedRequest, RequestLog } from './request-log.ts';
import { kindOf, parseRoute, type Route } from './route.ts';
import { defaultSwitches, type Switches } from './switches.ts';
import { answerTags } from './tag-lists.ts';
import { TokenService } from './token-service.ts';
import { type Access, Users } from './users.ts';
import { send } from './wire.ts';

export type FakeRegistryOptions = {
  /** Shared with other servers; absent: its own, empty. */
  readonly content?: FakeContent;
  readonly access?: Access;
  readonly switches?: Partial<Switches>;
  /** For tokens and waiting times; absent: the real clock. */
  now?(): Instant;
  readonly port?: number;
};

/** Starts a registry on the loopback. It plays the token service, Docker Hub's web API and a blob store too. */
export async function startFakeRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const registry = new FakeRegistry(options);
  await registry.listen(options.port ?? 0);
  return registry;
}

export class FakeRegistry {
  readonly content: FakeContent;
  readonly log = new RequestLog();
  readonly #access: Access;
  readonly #users: Users;
  readonly #tokens: TokenService;
  readonly #faults = new Faults();
  readonly #budget = new PullBudget();
  readonly #now: () => Instant;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #waiting = new Set<() => void>();
  #switches: Switches;
  #port = 0;
  #inFlight = 0;

  constructor(options: FakeRegistryOptions) {
    this.content = options.content ?? new FakeContent();
    this.#access = options.access ?? { kind: 'open' };
    this.#now = options.now?.bind(options) ?? Date.now;
    this.#switches = { ...defaultSwitches, ...options.switches };
    this.#users = new Users(this.#access);
    this.#tokens = new TokenService(this.#users, () => this.#switches, this.#now);
    // A held answer is held for as long as the test wants.
    this.#server.requestTimeout = 0;
  }

  /** `127.0.0.1:34567`. */
  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** From now on. */
  set(switches: Partial<Switches>): void {
    this.#switches = { ...this.#switches, ...switches };
  }

  fail(rule: FaultRule): void {
    this.#faults.add(rule);
  }

  heal(): void {
    this.#faults.clear();
  }

  /** Lets go what is held. What is held later waits for the next call. */
  release(): void {
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  /** How many answers are held now. */
  get heldCount(): number {
    return this.#waiting.size;
  }

  /** The next window of pulls begins. */
  resetPulls(): void {
    this.#budget.reset();
  }

  async close(): Promise<void> {
    this.release();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#inFlight += 1;
    response.once('close', () => {
      this.#inFlight -= 1;
    });
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', this.origin);
    const form = new URLSearchParams(method === 'POST' ? await text(request).catch(() => '') : '');
    const route = parseRoute(decodeURIComponent(url.pathname));
    const logged: LoggedRequest = {
      kind: kindOf(method, route),
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      route,
      accept: request.headers.accept,
      authorization: request.headers.authorization,
      userAgent: request.headers['user-agent'],
      form: Object.fromEntries(form),
      inFlight: this.#inFlight,
    };
    this.log.add(logged);

    const repository = 'repository' in route ? route.repository : undefined;
    const fault = this.#faults.take(logged.kind, repository, 'digest' in route ? route.digest : undefined);
    const instead = fault === undefined ? undefined : answerOfFault(fault, this.#now());
    const answer = instead ?? this.#answer(request, method, route, url, form);
    if (fault?.kind !== 'reset') logged.status = answer.status;
    const isHead = method === 'HEAD';
    const isPacked = this.#switches.gzip && !isHead && /\bgzip\b/.test(String(request.headers['accept-encoding']));
    await send(answer, response, { isHead, isPacked, fault, released: () => this.#released() });
  }

  #answer(request: IncomingMessage, method: string, route: Route, url: URL, form: URLSearchParams): Answer {
    const { authorization } = request.headers;
    const switches = this.#switches;
    const ask = { method, query: url.searchParams, path: url.pathname, origin: this.origin, authorization, form };
    switch (route.kind) {
      case 'token':
        return this.#tokens.answer(ask);
      case 'web-tags':
        return answerWebTags({ ...ask, ...route }, this.content, switches);
      case 'organisation':
        return answerOrganisation(route.namespace, this.content);
      case 'user':
        return answerUser(route.namespace, this.content);
      case 'blob-store':
        return answerBlobStore(route.digest, authorization, this.content);
      case 'unknown':
        return notFound;
      case 'ping':
      case 'manifest':
      case 'blob':
      case 'tags':
        break;
    }

    const repository = route.kind === 'ping' ? undefined : route.repository;
    const knock = { authorization, repository, origin: this.origin };
    const site = { users: this.#users, tokens: this.#tokens, switches };
    const refusal =
      refusalAtGate(knock, this.#access, site) ??
      (switches.hidesMissing && repository !== undefined && !this.content.hasRepository(repository)
        ? hiddenAsPrivate(knock, switches)
        : undefined);
    return withVersion(refusal ?? this.#answerRegistry(route, ask, request));
  }

  #answerRegistry(
    route: Extract<Route, { kind: 'ping' | 'manifest' | 'blob' | 'tags' }>,
    ask: { readonly method: string; readonly query: URLSearchParams; readonly origin: string },
    { headers }: IncomingMessage,
  ): Answer {
    const switches = this.#switches;
    switch (route.kind) {
      case 'ping':
        return { status: 200, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: Buffer.from('{}') };
      case 'manifest': {
        const { accept, 'if-none-match': ifNoneMatch } = headers;
        const answer = answerManifest({ ...ask, ...route, accept, ifNoneMatch }, this.content, switches);
        return this.#budget.spend(ask.method, answer, switches.pullLimit);
      }
      case 'blob':
        return answerBlob(route, this.content, switches);
      case 'tags':
        return answerTags({ ...ask, ...route }, this.content, switches);
    }
  }

  #released(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }
}

const notFound = withVersion({
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: Buffer.from('404 page not found\n'),
});

function withVersion(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'Docker-Distribution-Api-Version': 'registry/2.0' } };
}
