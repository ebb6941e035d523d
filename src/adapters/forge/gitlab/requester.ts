import { createRequesterFn } from '@gitbeaker/requester-utils';
import { HttpError } from '../../http/http-client.ts';
import type { Fetch } from '../../http/one-host-fetch.ts';
import type { RefusedAnswer } from './refusal.ts';

/** `private`: of a user, a project or a group. `job`: what GitLab gives to a running job. */
export type TokenKind = 'private' | 'job' | 'none';

/** An answer of 400 and above, for whoever knows what was wanted. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: RefusedAnswer;
  constructor(answer: RefusedAnswer) {
    super(`GitLab answers ${answer.status}`);
    this.answer = answer;
  }
}

/** Of an answer's headers, those that are read; addresses in others are never followed. */
const readHeaders = ['x-next-page', 'retry-after', 'ratelimit-reset'];

/**
 * How gitbeaker reaches GitLab: through our HTTP, with neither its retries nor its waiting.
 *
 * @throws Refusal, HttpError
 */
export function createRequester(send: Fetch, headers: Readonly<Record<string, string>>, onRequest: () => void) {
  return createRequesterFn(
    (_, request) => Promise.resolve(request),
    async (endpoint, options = {}) => {
      const method = textOf(options['method']) ?? 'GET';
      const body = textOf(options['body']);
      const url = new URL(addressOf(textOf(options['prefixUrl']) ?? '', endpoint));
      url.search = textOf(options['searchParams']) ?? '';
      onRequest();
      const answer = await send(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined || method === 'GET' ? {} : { body }),
      });
      const read = Object.fromEntries(
        readHeaders.flatMap((name) => {
          const value = answer.headers.get(name);
          return value === null ? [] : [[name, value]];
        }),
      );
      const text = await answer.text();
      if (answer.status >= 400) throw new Refusal({ method, status: answer.status, headers: read, body: parsed(text) });
      const content = endpoint.endsWith('/raw') ? text : (parsed(text) ?? malformed());
      // What gitbeaker hands on as it is; every reader of it looks before it takes.
      return { status: answer.status, headers: read, body: content as Record<string, unknown> };
    },
  );
}

function addressOf(prefix: string, endpoint: string): string {
  // A repository or file of such a name would lead to another address.
  if (endpoint.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
    throw new HttpError('malformed', 'a name is empty or made of dots');
  return `${prefix.replace(/\/+$/, '')}/${endpoint}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(): never {
  throw new HttpError('malformed', 'it is no JSON');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
