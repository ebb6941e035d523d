import { type JsonObject, parseJsonObject } from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import { PipelineError } from '../../../ports/pipeline.ts';
import { type HttpClient, HttpError } from '../../http/http-client.ts';
import { createOneHostFetch } from '../../http/one-host-fetch.ts';
import { portCodeOf } from '../../http/port-code.ts';
import { type Purpose, refusalOf } from './refusal.ts';

export type GithubRepository = {
  /** `https://api.github.com`, `https://github.corp.example/api/v3` */
  readonly apiUrl: string;
  /** `acme/shop` */
  readonly name: string;
  readonly token?: string;
  readonly isPrivateAllowed: boolean;
};

export type GithubAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** Absent where there is none, or it is no JSON object. */
  readonly body: JsonObject | undefined;
};

export type GithubRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the repository: `['git', 'ref', 'heads', 'main']`. Each is a part of its own, whatever it is made of. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
};

/** One way to one repository on GitHub. */
export type Session = {
  /** @param accepted statuses of 400 and above that are answers, too @throws PipelineError */
  ask(purpose: Purpose, request: GithubRequest, accepted?: readonly number[]): Promise<GithubAnswer>;
  readonly clock: () => Instant;
  readonly wait: (ms: number) => Promise<void>;
};

export type SessionWorld = Pick<Session, 'clock' | 'wait'> & { readonly http: HttpClient };

const bounds = { maxBytes: 4 * 1024 * 1024, timeoutMs: 30_000 };
const readAgainAfterMs = [500, 2000];

export function createSession(
  { apiUrl, name, token, isPrivateAllowed }: GithubRepository,
  world: SessionWorld,
): Session {
  const { http, clock, wait } = world;
  const base = apiUrl.replace(/\/+$/, '');
  const send = createOneHostFetch(http, new URL(base).origin, { ...bounds, isPrivateAllowed });
  const headers = {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };

  async function askOnce(purpose: Purpose, request: GithubRequest, accepted: readonly number[]): Promise<GithubAnswer> {
    const { method, path, query, body } = request;
    const whole = [...name.split('/'), ...path];
    // Addresses swallow such parts: the request would go elsewhere.
    if (whole.some((part) => part === '' || part === '.' || part === '..'))
      throw new PipelineError('invalid', `cannot ${purpose.doing}: a name is empty or made of dots`);
    const parts = whole.map(encodeURIComponent).join('/');
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
    try {
      const answer = await send(`${base}/repos/${parts}${search}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const read = { status: answer.status, headers: answer.headers, body: parseJsonObject(await answer.text()) };
      if (read.status < 400 || accepted.includes(read.status)) return read;
      throw refusalOf(purpose, read, token !== undefined, clock());
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const message = `cannot ${purpose.doing}: ${new URL(base).host}: ${error.message}`;
      throw new PipelineError(portCodeOf(error, 'invalid'), message, { cause: error });
    }
  }

  return {
    clock,
    wait,
    async ask(purpose, request, accepted = []) {
      // What only reads may be asked again; what writes might have been done.
      const waits = request.method === 'GET' ? readAgainAfterMs : [];
      for (const ms of waits) {
        try {
          return await askOnce(purpose, request, accepted);
        } catch (error) {
          if (!(error instanceof PipelineError) || error.code !== 'unavailable') throw error;
          await wait(ms);
        }
      }
      return askOnce(purpose, request, accepted);
    },
  };
}
