import { textMember } from '../../../domain/image/json-value.ts';
import { formatInstant, type Instant } from '../../../domain/source/instant.ts';
import { PipelineError, type PipelineErrorCode } from '../../../ports/pipeline.ts';
import type { GithubAnswer } from './session.ts';

/** What a token needs for a request: as fine-grained tokens and Apps call it. */
export type Permission = 'Actions' | 'Contents' | 'Variables';

export type Purpose = {
  /** Completes "cannot …". */
  readonly doing: string;
  readonly permission: `${Permission}: ${'read' | 'write'}`;
};

// GitHub's secondary limits ask for a minute where they name no time.
const unnamedWaitMs = 60_000;
const longestWaitMs = 24 * 3600_000;

/** An answer of 400 and above, in our words. */
export function refusalOf(
  { doing, permission }: Purpose,
  answer: GithubAnswer,
  hasToken: boolean,
  now: Instant,
): PipelineError {
  const { status } = answer;
  const failed = (code: PipelineErrorCode, what: string, retryAt?: Instant) =>
    new PipelineError(code, `cannot ${doing}: ${what}`, { retryAt });
  if (isLimit(answer)) {
    const retryAt = retryAtOf(answer, now);
    return failed(
      'rate-limited',
      `GitHub's limit of requests is reached; run it again after ${formatInstant(retryAt)}`,
      retryAt,
    );
  }
  if (!hasToken && (status === 401 || status === 403 || status === 404))
    return failed(
      'unauthorized',
      `GitHub answers ${status}, and there is no token: set GITHUB_TOKEN to one with ${permission}`,
    );
  if (status === 401)
    return failed(
      'unauthorized',
      `GitHub does not accept the token: set GITHUB_TOKEN to a valid one with ${permission}`,
    );
  if (status === 403)
    return failed(
      'unauthorized',
      `the token may not${quotedWords(answer)}; it needs ${permission}${mendOf(permission)}`,
    );
  if (status === 404 || status === 410)
    return failed('not-found', `there is none, or the token lacks ${permission}${mendOf(permission)}`);
  if (status === 409) return failed('conflict', `GitHub answers 409${quotedWords(answer)}`);
  if (status >= 500 || status === 408) return failed('unavailable', `GitHub answers ${status}; run it again`);
  return failed('invalid', `GitHub answers ${status}${quotedWords(answer)}`);
}

/** 403 is a limit where it says so, and a refusal where it does not. */
export function isLimit({ status, headers, body }: GithubAnswer): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers.has('retry-after') ||
    headers.get('x-ratelimit-remaining') === '0' ||
    /rate limit/i.test(textMember(body, 'message') ?? '')
  );
}

function retryAtOf({ headers }: GithubAnswer, now: Instant): Instant {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (seconds >= 0) return now + Math.min(longestWaitMs, seconds * 1000);
  const resetAt = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000;
  return resetAt >= now ? Math.min(now + longestWaitMs, resetAt) : now + unnamedWaitMs;
}

/** They may repeat what others wrote. */
export function quotedWords({ body }: Pick<GithubAnswer, 'body'>): string {
  const words = (textMember(body, 'message') ?? '').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return words === '' ? '' : ` (“${words.length > 200 ? `${words.slice(0, 199)}…` : words}”)`;
}

/** The token that every job has cannot be given this. */
function mendOf(permission: string): string {
  return permission.startsWith('Variables')
    ? ", which a job's own token cannot have: use a personal or App token, or --state branch"
    : '';
}
