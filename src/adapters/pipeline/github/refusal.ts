import { textMember } from '../../../domain/image/json-value.ts';
import { formatInstant, type Instant } from '../../../domain/source/instant.ts';
import { PipelineError, type PipelineErrorCode } from '../../../ports/pipeline.ts';
import { askedWait } from '../../http/asked-wait.ts';
import { quotedWords } from '../../http/quoted-words.ts';
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
    return failed('unauthorized', `the token may not${saidIn(answer)}; it needs ${permission}${mendOf(permission)}`);
  if (status === 404 || status === 410)
    return failed('not-found', `there is none, or the token lacks ${permission}${mendOf(permission)}`);
  if (status === 409) return failed('conflict', `GitHub answers 409${saidIn(answer)}`);
  if (status >= 500 || status === 408) return failed('unavailable', `GitHub answers ${status}; run it again`);
  return failed('invalid', `GitHub answers ${status}${saidIn(answer)}`);
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
  const header = (name: string) => headers.get(name) ?? undefined;
  // The end of the hour says nothing of a secondary limit, which is beside the hour's.
  const isUsedUp = header('x-ratelimit-remaining') === '0';
  return (
    askedWait(header('retry-after'), isUsedUp ? header('x-ratelimit-reset') : undefined, now) ?? now + unnamedWaitMs
  );
}

function saidIn({ body }: GithubAnswer): string {
  return quotedWords(textMember(body, 'message') ?? '');
}

/** The token that every job has cannot be given this. */
function mendOf(permission: string): string {
  return permission.startsWith('Variables')
    ? ", which a job's own token cannot have: use a personal or App token, or --state branch"
    : '';
}
