import { request as octokit } from '@octokit/request';
import { asObject, member, objectMember } from '../../../domain/image/json-value.ts';
import { HttpError } from '../../http/http-client.ts';
import type { Fetch } from '../../http/one-host-fetch.ts';
import type { GithubAnswer } from './github-answer.ts';
import type { KeptAnswers } from './kept-answers.ts';

export type Transport = {
  /** Whatever the status. @throws HttpError */
  send(route: string, parameters: object, authorization: string | undefined): Promise<GithubAnswer>;
  requests(): number;
};

const apiVersion = '2022-11-28';

/** Octokit makes the address and reads the answer; our HTTP carries both. What has not changed is not sent again. */
export function createTransport(apiUrl: string, fetch: Fetch, kept: KeptAnswers): Transport {
  const silent = () => undefined;
  const send = octokit.defaults({
    baseUrl: apiUrl,
    headers: { 'user-agent': 'basekeeper', 'x-github-api-version': apiVersion },
    request: { fetch, log: { debug: silent, info: silent, warn: silent, error: silent } },
  });
  let requests = 0;

  return {
    requests: () => requests,
    async send(route, parameters, authorization) {
      const headers = authorization === undefined ? {} : { authorization };
      const { method, url } = send.endpoint(route, { ...parameters, headers });
      if (!isAsWritten(url)) throw new HttpError('malformed', 'a name is empty or made of dots');
      const isRead = method === 'GET';
      const key = `${authorization ?? ''} ${url}`;
      const known = isRead ? kept.find(key) : undefined;
      const etag = known?.headers['etag'];
      requests += 1;
      const conditions = etag === undefined ? {} : { 'if-none-match': etag };
      const answer = await answerOf(send(route, { ...parameters, headers: { ...headers, ...conditions } }));
      if (answer.status === 304 && known !== undefined) return known;
      if (isRead && answer.status === 200) kept.keep(key, answer);
      return answer;
    },
  };
}

/** A repository of such a name would lead to another address. */
function isAsWritten(address: string): boolean {
  const [path = ''] = address.slice(address.indexOf('/', address.indexOf('://') + 3)).split('?');
  return new URL(address).pathname === path && !path.includes('//');
}

/** Octokit throws refusals; the answers in them are as good as others. */
async function answerOf(sent: Promise<unknown>): Promise<GithubAnswer> {
  try {
    return readAnswer(await sent);
  } catch (error) {
    if (error instanceof Error && error.cause instanceof HttpError) throw error.cause;
    if (error instanceof Error && 'response' in error && error.response !== undefined)
      return readAnswer(error.response);
    throw error;
  }
}

function readAnswer(response: unknown): GithubAnswer {
  const answer = asObject(response);
  const headers = Object.entries(objectMember(answer, 'headers') ?? {}).map(([name, value]) => [name, String(value)]);
  // What octokit cannot read as JSON it hands over as text.
  return {
    status: Number(member(answer, 'status')),
    headers: Object.fromEntries(headers),
    data: member(answer, 'data'),
  };
}
