import type { Instant } from '../../domain/source/instant.ts';
import { ForgeError } from '../../ports/forge.ts';

export type Waiting = {
  readonly clock: () => Instant;
  readonly pause: (ms: number) => Promise<void>;
};

/** What one host said of its limits, for all who ask it: after one was told to wait, nobody asks before the time. */
export type RateLimits = {
  /**
   * Stands before each request: waits, where a wait is on that is short.
   *
   * @param doing completes "cannot …".
   * @param credential limits are counted by it.
   * @throws ForgeError where the wait is long
   */
  pass(doing: string, credential: string): Promise<void>;
  note(credential: string, refused: ForgeError): void;
};

/** Whoever asked decides whether to wait longer. */
export const longestOwnWaitMs = 60_000;

/** @param name of the forge, in messages */
export function createRateLimits(name: string, { clock, pause }: Waiting): RateLimits {
  const waits = new Map<string, Instant>();
  return {
    async pass(doing, credential) {
      // While some wait, another may be told of a later time.
      for (let until = waits.get(credential); until !== undefined; until = waits.get(credential)) {
        const waitMs = until - clock();
        if (waitMs > longestOwnWaitMs) throw limited(doing, name, until);
        if (waitMs > 0) await pause(waitMs);
        if (waits.get(credential) === until) waits.delete(credential);
      }
    },
    note(credential, { code, retryAt }) {
      if (code === 'rate-limited' && retryAt !== undefined)
        waits.set(credential, Math.max(retryAt, waits.get(credential) ?? retryAt));
    },
  };
}

export function limited(doing: string, name: string, retryAt: Instant): ForgeError {
  const message = `cannot ${doing}: ${name} asks to wait, its limit of requests is reached`;
  return new ForgeError('rate-limited', message, { retryAt });
}
