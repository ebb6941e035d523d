import type { Instant } from '../../domain/source/instant.ts';
import { type Budget, RegistryError } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';

type Known = Budget & { readonly heardAt: Instant };

const reserveShare = 0.2;
const refusalMs = 3_600_000;

/** Pulls that hosts still grant, by their newest word. */
export class PullBudgets {
  readonly #budgets = new Map<string, Known>();
  /** Hosts whose newest word is that they have no limit. */
  readonly #unlimited = new Set<string>();
  /** Until when nothing is pulled from a host that refused without a number. */
  readonly #refusedUntil = new Map<string, Instant>();
  readonly #pending = new Map<string, number>();
  /** The pull that finds out whether there is a limit. */
  readonly #first = new Map<string, Promise<void>>();
  readonly #clock: () => Instant;

  constructor(clock: () => Instant) {
    this.#clock = clock;
  }

  /**
   * Asks for one pull, and keeps count of those on their way. As long as nothing was heard of a limit they go one by one.
   *
   * @param pull its 429 means that no pull is left.
   * @throws RegistryError `over-budget` when it would be one of the reserve, or the host grants none.
   */
  async spend(host: string, what: string, pull: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    for (let first = this.#first.get(host); first !== undefined; first = this.#first.get(host)) await first;
    const pending = this.#pending.get(host) ?? 0;
    const known = this.#find(host);
    if (known !== undefined && known.remaining - pending <= known.reserve) throw overBudget(what, known);
    if ((this.#refusedUntil.get(host) ?? 0) > this.#clock()) throw noPullLeft(host, what);
    const answer = this.#pull(host, pull);
    if (known === undefined && !this.#unlimited.has(host)) {
      const over = () => void this.#first.delete(host);
      this.#first.set(host, answer.then(over, over));
    }
    if ((await answer).status === 429) throw this.#exhaust(host, what);
    return answer;
  }

  /** Reads what an answer says of the limit; a whole one that says nothing is not limited. */
  hear(host: string, { status, headers }: HttpAnswer): void {
    const said = headers.get('ratelimit-limit')?.[0];
    const limit = readCount(said);
    const remaining = readCount(headers.get('ratelimit-remaining')?.[0]);
    if (limit !== undefined && remaining !== undefined) {
      this.#unlimited.delete(host);
      this.#refusedUntil.delete(host);
      this.#budgets.set(host, {
        host,
        limit: limit.count,
        remaining: Math.min(remaining.count, this.#mostLeft(host)),
        reserve: Math.ceil(limit.count * reserveShare),
        windowSeconds: limit.windowSeconds,
        heardAt: this.#clock(),
      });
    } else if (status === 200 && said === undefined) {
      this.#budgets.delete(host);
      this.#unlimited.add(host);
    }
  }

  /** Answers overtake each other: while pulls are on their way, one that says more than was known before is an old one. */
  #mostLeft(host: string): number {
    const known = this.#find(host);
    return known === undefined || (this.#pending.get(host) ?? 0) === 0 ? Number.POSITIVE_INFINITY : known.remaining;
  }

  /** Its word counts before the next pull is weighed. */
  async #pull(host: string, pull: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    this.#pending.set(host, (this.#pending.get(host) ?? 0) + 1);
    let answer: HttpAnswer;
    try {
      answer = await pull();
    } finally {
      this.#pending.set(host, (this.#pending.get(host) ?? 1) - 1);
    }
    this.hear(host, answer);
    return answer;
  }

  /** The host refused a pull for want of them. */
  #exhaust(host: string, what: string): RegistryError {
    const known = this.#find(host);
    if (known === undefined) {
      this.#refusedUntil.set(host, this.#clock() + refusalMs);
      return noPullLeft(host, what);
    }
    const spent = { ...known, remaining: 0, heardAt: this.#clock() };
    this.#budgets.set(host, spent);
    return overBudget(what, spent);
  }

  all(): readonly Budget[] {
    return [...this.#budgets.keys()].flatMap((host) => {
      const known = this.#find(host);
      if (known === undefined) return [];
      const { heardAt: _, ...budget } = known;
      return [budget];
    });
  }

  /** A word older than the window says nothing: all that was pulled before it is forgiven. */
  #find(host: string): Known | undefined {
    const known = this.#budgets.get(host);
    return known !== undefined && this.#clock() - known.heardAt < known.windowSeconds * 1000 ? known : undefined;
  }
}

/** `97;w=21600`. */
function readCount(text: string | undefined): { readonly count: number; readonly windowSeconds: number } | undefined {
  const [, count, windowSeconds] = /^\s*(\d{1,9})\s*;\s*w=(\d{1,9})\b/.exec(text ?? '') ?? [];
  return count === undefined ? undefined : { count: Number(count), windowSeconds: Number(windowSeconds) };
}

function noPullLeft(host: string, what: string): RegistryError {
  return new RegistryError('over-budget', host, `${what}: the host grants no pull any more; log in for more, or wait`);
}

function overBudget(what: string, { host, remaining, limit, reserve }: Budget): RegistryError {
  const message = `${what}: ${remaining} of ${limit} pulls are left at ${host}, and ${reserve} are kept in reserve; log in for more, or wait`;
  return new RegistryError('over-budget', host, message);
}
