import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { notFound, Refused } from '../github/refused.ts';
import { holdToSchema, routeOf } from '../github/schemas.ts';
import { FakeRepository } from './repository.ts';
import { type Answered, answerRoute, type DispatchDialect } from './routes.ts';

export const goodToken = 'ghp_good';

/** Instead of answers to requests that match, as many as `times`; without it, for ever. */
export type Fault = {
  /** Matched against `GET actions/runs/101`. */
  readonly on: RegExp;
  readonly status: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  times?: number;
  /** What others do just before. */
  readonly meanwhile?: () => void;
  /** Others do it, and the request is answered as ever. */
  readonly isAnswered?: boolean;
};

export type FakeGithub = {
  readonly repository: FakeRepository;
  /** `http://127.0.0.1:PORT`; its API lies at the root, as that of api.github.com. */
  readonly origin: string;
  /** `GET actions/variables/NODE_DIGEST`, oldest first. */
  readonly requests: string[];
  readonly faults: Fault[];
  dialect: DispatchDialect;
  /** Requests that write. */
  writes(): readonly string[];
  close(): Promise<void>;
};

/**
 * The part of GitHub that a pipeline speaks to, for `acme/shop`, over real HTTP. It keeps state, and every answer but a
 * fault is held to GitHub's own description.
 */
export async function startFakeGithub(): Promise<FakeGithub> {
  const repository = new FakeRepository();
  const requests: string[] = [];
  const faults: Fault[] = [];
  const settings: { dialect: DispatchDialect } = { dialect: 'details' };
  let origin = '';

  function answer(
    method: string,
    url: URL,
    token: string | undefined,
    body: string,
  ): Answered & Pick<Fault, 'headers'> {
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
    const [repos, owner, name, ...path] = parts;
    const asked = `${method} ${path.join('/')}`;
    requests.push(asked);
    const fault = faults.find(({ on, times = 1 }) => times > 0 && on.test(asked));
    if (fault !== undefined) {
      if (fault.times !== undefined) fault.times -= 1;
      fault.meanwhile?.();
      if (fault.isAnswered !== true)
        return {
          status: fault.status,
          ...(fault.status === 204 ? {} : { body: { message: fault.message ?? 'fault' } }),
          headers: fault.headers ?? {},
        };
    }
    try {
      const given = refusalFor(token, `${repos}/${owner}/${name}`) ?? answerAs(method, path, url, body);
      const route = routeOf(method, url.pathname);
      if (route === undefined) throw new Error(`GitHub's description has no ${asked}`);
      holdToSchema(route, given.status, given.body);
      return { status: given.status, body: given.body };
    } catch (error) {
      // An answer that GitHub would not give, or a bug of the fake: the test has to see it.
      return { status: 599, body: { message: String(error) } };
    }
  }

  function answerAs(method: string, path: readonly string[], url: URL, text: string): Answered {
    const body = text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
    return answerRoute(repository, { method, path, query: url.searchParams, body, origin }, settings.dialect);
  }

  const server = createServer(async (request, response) => {
    const { status, body, headers } = answer(
      request.method ?? '',
      new URL(request.url ?? '/', 'http://github'),
      request.headers.authorization,
      await text(request),
    );
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    repository,
    origin,
    requests,
    faults,
    get dialect() {
      return settings.dialect;
    },
    set dialect(dialect) {
      settings.dialect = dialect;
    },
    writes: () => requests.filter((asked) => !asked.startsWith('GET ')),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** `undefined` for whoever may ask. */
function refusalFor(token: string | undefined, path: string): Answered | undefined {
  if (token === undefined) return notFound();
  if (token !== `Bearer ${goodToken}`) return new Refused(401, 'Bad credentials');
  return path === 'repos/acme/shop' ? undefined : notFound();
}
