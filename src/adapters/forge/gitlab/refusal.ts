import { asObject, listMember, member, textMember } from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import { ForgeError, type ForgeErrorCode } from '../../../ports/forge.ts';
import { askedWait } from '../../http/asked-wait.ts';
import { quotedWords } from '../../http/quoted-words.ts';
import { limited } from '../rate-limits.ts';
import type { TokenKind } from './requester.ts';

/** An answer of 400 and above. Header names are in lower case. */
export type RefusedAnswer = {
  readonly method: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

/** GitLab's limits count by the minute. https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/ */
const unnamedWaitMs = 60_000;

/**
 * What GitLab's refusal means, with the scope or role that is missing.
 *
 * @param doing completes "cannot …".
 */
export function refusalOf(doing: string, answer: RefusedAnswer, token: TokenKind, now: Instant): ForgeError {
  const quoted = quotedWords(wordsOf(answer));
  const text = (says: string) => `cannot ${doing}: ${says}`;
  switch (answer.status) {
    case 429:
      return limited(
        doing,
        'GitLab',
        askedWait(answer.headers['retry-after'], answer.headers['ratelimit-reset'], now) ?? now + unnamedWaitMs,
      );
    case 401: {
      const says = token === 'none' ? 'GitLab wants a token' : 'GitLab does not accept the token';
      return new ForgeError('unauthorized', text(`${says}${quoted}; ${mendOf(answer, token)}`));
    }
    case 403:
      return new ForgeError('unauthorized', text(`the token may not${quoted}; ${mendOf(answer, token)}`));
    case 404:
    case 410:
      // What a token may not see, GitLab says is not there; a job token may see next to nothing.
      return token === 'job'
        ? new ForgeError('unauthorized', text(`there is none that a job token may see; ${mendOf(answer, token)}`))
        : new ForgeError('not-found', text('there is none, or the token may not see it'));
    default:
      return new ForgeError(codeOf(answer.status), text(`GitLab answers ${answer.status}${quoted}`));
  }
}

/** GitLab's own words, as they are. */
export function wordsOf({ body }: Pick<RefusedAnswer, 'body'>): string {
  const object = asObject(body);
  const parts = [
    textMember(object, 'error_description'),
    textMember(object, 'error'),
    ...textsIn(member(object, 'message')),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** `"403 Forbidden"`, `["Another open…"]` or `{ title: ["is too long"] }`. */
function textsIn(message: unknown): readonly string[] {
  if (typeof message === 'string') return [message];
  const fields = asObject(message);
  if (fields === undefined)
    return (listMember({ message }, 'message') ?? []).filter((one) => typeof one === 'string').slice(0, 3);
  return Object.entries(fields)
    .slice(0, 3)
    .flatMap(([field, said]) => textsIn(Array.isArray(said) ? said : String(said)).map((one) => `${field} ${one}`));
}

function mendOf({ method, body, status }: RefusedAnswer, token: TokenKind): string {
  if (token === 'job')
    return 'a job token (CI_JOB_TOKEN) has hardly any of the API: set GITLAB_TOKEN to a project or group access token with the scope api';
  if (token === 'none') return 'set GITLAB_TOKEN to a token with the scope api';
  const scopes = (textMember(asObject(body), 'scope') ?? '').split(' ').filter((scope) => /^[a-z_]{1,40}$/.test(scope));
  const fallback = method === 'GET' ? ['api', 'read_api'] : ['api'];
  const wanted = (scopes.length > 0 ? scopes.slice(0, 4) : fallback).join(' or ');
  if (status === 401) return `set GITLAB_TOKEN to a valid one with the scope ${wanted}`;
  const role = method === 'GET' ? 'Reporter' : 'Developer';
  return `it needs the scope ${wanted} and at least the role ${role} in the project`;
}

function codeOf(status: number): ForgeErrorCode {
  if (status >= 500 || status === 408) return 'unavailable';
  return status === 405 || status === 406 || status === 409 || status === 412 ? 'conflict' : 'invalid';
}
