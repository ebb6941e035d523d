import { asObject, listMember, textMember } from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import { ForgeError, type ForgeErrorCode } from '../../../ports/forge.ts';
import { askedWait } from '../../http/asked-wait.ts';
import { quotedWords } from '../../http/quoted-words.ts';
import { limited } from '../rate-limits.ts';
import type { GithubAnswer } from './github-answer.ts';

/** GitHub asks for a minute where it names no time. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const unnamedWaitMs = 60_000;

/**
 * What GitHub's refusal means, with the permission that it names as missing.
 *
 * @param doing completes "cannot …".
 * @param hasToken one was sent.
 */
export function refusalOf(doing: string, answer: GithubAnswer, hasToken: boolean, now: Instant): ForgeError {
  const quoted = quotedWords(wordsOf(answer));
  const text = (says: string) => `cannot ${doing}: ${says}`;
  const retryAt = retryAtOf(answer, now);
  if (retryAt !== undefined) return limited(doing, 'GitHub', retryAt);
  switch (answer.status) {
    case 401:
      return new ForgeError(
        'unauthorized',
        text(
          hasToken
            ? `GitHub does not accept the token${quoted}; set GITHUB_TOKEN to a valid one`
            : 'GitHub wants a token; set GITHUB_TOKEN',
        ),
      );
    case 403:
      return new ForgeError('unauthorized', text(`the token may not${quoted}${wantedBy(answer)}`));
    case 410:
      // Of a repository without issues.
      return new ForgeError('not-found', text(`it is gone${quoted}`));
    case 404:
      return new ForgeError('not-found', text('there is none, or the token may not see it'));
    default:
      return new ForgeError(codeOf(answer.status), text(`GitHub answers ${answer.status}${quoted}`));
  }
}

function codeOf(status: number): ForgeErrorCode {
  if (status >= 500 || status === 408) return 'unavailable';
  return status === 405 || status === 409 || status === 412 ? 'conflict' : 'invalid';
}

/** @returns `undefined` for a refusal that is no limit. */
function retryAtOf(answer: GithubAnswer, now: Instant): Instant | undefined {
  const { status, headers } = answer;
  if (status !== 403 && status !== 429) return undefined;
  const isUsedUp = headers['x-ratelimit-remaining'] === '0';
  const asked = askedWait(headers['retry-after'], isUsedUp ? headers['x-ratelimit-reset'] : undefined, now);
  if (asked !== undefined) return asked;
  return status === 429 || /secondary rate limit|abuse detection/i.test(wordsOf(answer))
    ? now + unnamedWaitMs
    : undefined;
}

/** `{ message, errors: [{ message }, { code, field }, "…"] }` */
function wordsOf({ data }: GithubAnswer): string {
  const body = asObject(data);
  const details = (listMember(body, 'errors') ?? []).slice(0, 3).map((one) => {
    if (typeof one === 'string') return one;
    const error = asObject(one);
    return textMember(error, 'message') ?? [textMember(error, 'field'), textMember(error, 'code')].join(' ');
  });
  return [textMember(body, 'message') ?? '', ...details].filter((part) => part.trim() !== '').join(', ');
}

function wantedBy({ headers }: GithubAnswer): string {
  if (headers['x-github-sso']?.startsWith('required') === true)
    return "; authorise it for the organisation's single sign-on";
  const permissions = wordsIn(headers['x-accepted-github-permissions'], /[,;]/);
  if (permissions.length > 0) return `; it needs the permission ${permissions.join(' and ')}`;
  const accepted = wordsIn(headers['x-accepted-oauth-scopes'], /,/);
  const granted = wordsIn(headers['x-oauth-scopes'], /,/);
  if (accepted.length === 0 || accepted.some((scope) => granted.includes(scope))) return '';
  return `; it needs the scope ${accepted.join(' or ')} and has ${granted.length === 0 ? 'none' : granted.join(', ')}`;
}

/** What looks like the name of a scope or a permission. */
export function wordsIn(header: string | undefined, separator: RegExp): readonly string[] {
  return (header ?? '')
    .slice(0, 1000)
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => /^[\w:=.-]{1,60}$/.test(word))
    .slice(0, 40);
}
