import { type Answer, errorAnswer } from './answer.ts';
import type { Switches } from './switches.ts';

/** Docker Hub's count of pulls: a GET of a manifest is one, a HEAD is none, and both say what is left. */
export class PullBudget {
  #pulls = 0;

  /** As after a window has passed. */
  reset(): void {
    this.#pulls = 0;
  }

  /** @param answer what would be said if the budget allows it. */
  spend(method: string, answer: Answer, limit: Switches['pullLimit']): Answer {
    if (limit === undefined) return answer;
    const isPull = method === 'GET' && answer.status === 200;
    if (isPull && this.#pulls >= limit.limit)
      return errorAnswer(
        429,
        {
          code: 'TOOMANYREQUESTS',
          message: 'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
        },
        this.#headers(limit),
      );
    if (isPull) this.#pulls += 1;
    return { ...answer, headers: { ...answer.headers, ...this.#headers(limit) } };
  }

  #headers({ limit, windowSeconds }: NonNullable<Switches['pullLimit']>): Answer['headers'] {
    return {
      'RateLimit-Limit': `${limit};w=${windowSeconds}`,
      'RateLimit-Remaining': `${limit - this.#pulls};w=${windowSeconds}`,
      'Docker-RateLimit-Source': '192.0.2.1',
    };
  }
}
