import type { Instant } from '../../domain/source/instant.ts';
import { type Budget, RegistryError } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';

type Known = Budget & { readonly heardAt: Instant };

const reserveShare = 0.2;

/** Pulls that hosts still grant, by their newest word. */
export class PullBudgets {
  readonly #budgets = new Map<string, Known>();
  readonly #pending = new Map<string, number>();
  readonly #clock: () => Instant;

  constructor(clock: () => Instant) {
    this.#clock = clock;
  }

  /**
   * Asks for one pull, and keeps count of those on their way.
   *
   * @throws RegistryError `over-budget` when it would be one of the reserve.
   */
  async spend<T>(host: string, what: string, pull: () => Promise<T>): Promise<T> {
    const pending = this.#pending.get(host) ?? 0;
    const known = this.#find(host);
    if (known !== undefined && known.remaining - pending <= known.reserve) throw overBudget(what, known);
    this.#pending.set(host, pending + 1);
    try {
      return await pull();
    } finally {
      this.#pending.set(host, (this.#pending.get(host) ?? 1) - 1);
    }
  }

  /** Reads what an answer says of the limit; a whole one that says nothing is not limited. */
  hear(host: string, { status, headers }: HttpAnswer): void {
    const limit = readCount(headers.get('ratelimit-limit')?.[0]);
    const remaining = readCount(headers.get('ratelimit-remaining')?.[0]);
    if (limit !== undefined && remaining !== undefined)
      this.#budgets.set(host, {
        host,
        limit: limit.count,
        remaining: remaining.count,
        reserve: Math.ceil(limit.count * reserveShare),
        windowSeconds: limit.windowSeconds,
        heardAt: this.#clock(),
      });
    else if (status === 200) this.#budgets.delete(host);
  }

  /** The host refused a pull for want of them. */
  exhaust(host: string, what: string): RegistryError {
    const known = this.#find(host);
    if (known === undefined) return new RegistryError('over-budget', host, `${what}: the host grants no pull any more`);
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

function overBudget(what: string, { host, remaining, limit, reserve }: Budget): RegistryError {
  const message = `${what}: ${remaining} of ${limit} pulls are left at ${host}, and ${reserve} are kept in reserve; log in for more, or wait`;
  return new RegistryError('over-budget', host, message);
}
