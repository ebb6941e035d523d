import PQueue from 'p-queue';
import type { Instant } from '../../../domain/source/instant.ts';
import { ForgeError } from '../../../ports/forge.ts';
import { HttpError } from '../../http/http-client.ts';
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

export type Waiting = {
  readonly clock: () => Instant;
  readonly pause: (ms: number) => Promise<void>;
};

/** Before reading again what broke off. */
const retryPausesMs = [1000, 4000] as const;
/** GitHub asks for a second between writing requests, else its secondary limits set in. */
const betweenWritesMs = 1000;
/** Whoever asked decides whether to wait longer. */
const longestOwnWaitMs = 60_000;

/**
 * Writes one at a time. What breaks off while it is read is read again; a short wait that GitHub asks for is waited, for a
 * refused request has done nothing.
 */
export function createPatientSending(transport: Transport, host: string, { clock, pause }: Waiting): Send {
  const writes = new PQueue({ concurrency: 1 });
  let lastWriteAt = Number.NEGATIVE_INFINITY;

  const attempt: (...asked: Parameters<Send>) => Promise<GithubAnswer | ForgeError> = async (doing, ...request) => {
    try {
      const answer = await transport.send(...request);
      const [, , authorization] = request;
      return answer.status < 300 ? answer : refusalOf(doing, answer, authorization !== undefined, clock());
    } catch (error) {
      if (error instanceof HttpError) return transportFailure(doing, host, error);
      throw error;
    }
  };

  const sendPatiently: Send = async (doing, route, parameters, authorization) => {
    for (const retryMs of retryPausesMs) {
      const outcome = await attempt(doing, route, parameters, authorization);
      if (!(outcome instanceof ForgeError)) return outcome;
      const waitMs = waitBefore(outcome, isRead(route), retryMs, clock());
      if (waitMs === undefined) throw outcome;
      await pause(waitMs);
    }
    const last = await attempt(doing, route, parameters, authorization);
    if (last instanceof ForgeError) throw last;
    return last;
  };

  return (doing, route, parameters, authorization) => {
    if (isRead(route)) return sendPatiently(doing, route, parameters, authorization);
    return writes.add(async () => {
      const waitMs = lastWriteAt + betweenWritesMs - clock();
      if (waitMs > 0) await pause(waitMs);
      try {
        return await sendPatiently(doing, route, parameters, authorization);
      } finally {
        lastWriteAt = clock();
      }
    });
  };
}

function isRead(route: string): boolean {
  return route.startsWith('GET ');
}

/** @returns `undefined`: it is not tried again */
function waitBefore(error: ForgeError, isRead: boolean, retryMs: number, now: Instant): number | undefined {
  if (error.code === 'unavailable') return isRead ? retryMs : undefined;
  if (error.code !== 'rate-limited' || error.retryAt === undefined) return undefined;
  const waitMs = Math.max(0, error.retryAt - now);
  return waitMs <= longestOwnWaitMs ? waitMs : undefined;
}
