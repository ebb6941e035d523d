import PQueue from 'p-queue';
import type { Instant } from '../../../domain/source/instant.ts';
import { ForgeError } from '../../../ports/forge.ts';
import { HttpError } from '../../http/http-client.ts';
import { createRateLimits, longestOwnWaitMs, type RateLimits, type Waiting } from '../rate-limits.ts';
import { transportFailure } from '../transport-failure.ts';
import type { GithubAnswer } from './github-answer.ts';
import { refusalOf } from './refusal.ts';
import type { Transport } from './transport.ts';

/** @param doing completes "cannot …". @throws ForgeError */
export type Send = (
  doing: string,
  route: string,
  parameters: object,
  authorization: string | undefined,
) => Promise<GithubAnswer>;

/** What all who send to one GitHub have in common. */
export type Pace = Waiting & {
  readonly limits: RateLimits;
  /** Does one at a time, a second after the one before. */
  readonly inTurn: (write: () => Promise<GithubAnswer>) => Promise<GithubAnswer>;
};

/** Before reading again what broke off. */
const retryPausesMs = [1000, 4000] as const;
/** GitHub asks for a second between writing requests, else its secondary limits set in. */
const betweenWritesMs = 1000;

export function createPace({ clock, pause }: Waiting): Pace {
  const writes = new PQueue({ concurrency: 1 });
  let lastWriteAt = Number.NEGATIVE_INFINITY;
  return {
    ...{ clock, pause, limits: createRateLimits('GitHub', { clock, pause }) },
    inTurn: (write) =>
      writes.add(async () => {
        const waitMs = lastWriteAt + betweenWritesMs - clock();
        if (waitMs > 0) await pause(waitMs);
        try {
          return await write();
        } finally {
          lastWriteAt = clock();
        }
      }),
  };
}

/**
 * Writes in turn. What breaks off while it is read is read again; a short wait that GitHub asks for is waited, for a refused
 * request has done nothing.
 */
export function createPatientSending(transport: Transport, host: string, pace: Pace): Send {
  const { clock, pause, limits, inTurn } = pace;

  const attempt: (...asked: Parameters<Send>) => Promise<GithubAnswer | ForgeError> = async (doing, ...request) => {
    const [, , authorization] = request;
    try {
      await limits.pass(doing, authorization ?? '');
      const answer = await transport.send(...request);
      if (answer.status < 300) return answer;
      const refusal = refusalOf(doing, answer, authorization !== undefined, clock());
      limits.note(authorization ?? '', refusal);
      return refusal;
    } catch (error) {
      if (error instanceof ForgeError) return error;
      if (error instanceof HttpError) return transportFailure(doing, host, error);
      throw error;
    }
  };

  const sendPatiently: Send = async (doing, route, parameters, authorization) => {
    for (const retryMs of retryPausesMs) {
      const outcome = await attempt(doing, route, parameters, authorization);
      if (!(outcome instanceof ForgeError)) return outcome;
      if (outcome.code === 'unavailable' && isRead(route)) await pause(retryMs);
      // What is short is waited for with all others, before the next attempt.
      else if (!isShortWait(outcome, clock())) throw outcome;
    }
    const last = await attempt(doing, route, parameters, authorization);
    if (last instanceof ForgeError) throw last;
    return last;
  };

  return (doing, route, parameters, authorization) => {
    if (isRead(route)) return sendPatiently(doing, route, parameters, authorization);
    return inTurn(() => sendPatiently(doing, route, parameters, authorization));
  };
}

function isRead(route: string): boolean {
  return route.startsWith('GET ');
}

function isShortWait({ code, retryAt }: ForgeError, now: Instant): boolean {
  return code === 'rate-limited' && retryAt !== undefined && retryAt - now <= longestOwnWaitMs;
}
