import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
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

/** The part of GitHub that a pipeline speaks to, for `acme/shop`, over real HTTP. It keeps state. */
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
    if (token !== undefined && token !== `Bearer ${goodToken}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    if (token === undefined || `${repos}/${owner}/${name}` !== 'repos/acme/shop')
      return { status: 404, body: { message: 'Not Found' } };
    const parsed = body === '' ? {} : (JSON.parse(body) as Readonly<Record<string, unknown>>);
    return answerRoute(repository, { method, path, query: url.searchParams, body: parsed, origin }, settings.dialect);
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
