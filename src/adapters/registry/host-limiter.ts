import PQueue from 'p-queue';
import type { Instant } from '../../domain/source/instant.ts';
import type { HostLimits } from './hosts.ts';

export type Timing = {
  clock(): Instant;
  sleep(ms: number): Promise<void>;
  /** The longest pause of a host that a request waits for. */
  readonly maxWaitMs: number;
};

/** The host asks for more patience than we have. */
export class HostPaused extends Error {
  override readonly name = 'HostPaused';
  readonly until: Instant;
  constructor(until: Instant) {
    super('the host asks to wait');
    this.until = until;
  }
}

/** The host did not answer a moment ago. */
export class HostSilent extends Error {
  override readonly name = 'HostSilent';
}

/** What a request learnt when it began: how often the host had been told to be slower by then. */
export type Ticket = { readonly reductions: number };

const answersToGrow = 20;
const burstMs = 1000;
// As many unanswered requests in a row: the host is down, and each further one would wait for its own time-out.
const silencesToGiveUp = 6;
const giveUpMs = 60_000;
// As many refusals in a row, one after the other: waiting was told to help, and does not.
const refusalsToGiveUp = 6;

/**
 * The requests to one host: how many at once, how many a second, and none while it is paused. Fewer at once after each
 * refusal, one more after every twenty answers without.
 */
export class HostLimiter {
  readonly #queue: PQueue;
  readonly #limits: HostLimits;
  readonly #timing: Timing;
  #pausedUntil: Instant = 0;
  #nextAt: Instant = 0;
  #reductions = 0;
  #refusals = 0;
  #answers = 0;
  #silences = 0;
  #silentUntil: Instant = 0;

  constructor(limits: HostLimits, timing: Timing) {
    this.#queue = new PQueue({ concurrency: limits.maxInFlight });
    this.#limits = limits;
    this.#timing = timing;
  }

  /**
   * @throws HostPaused when the host is paused for longer than a request waits, or paused again after refusals in a row;
   * HostSilent when it does not answer.
   */
  async run<T>(task: (ticket: Ticket) => Promise<T>): Promise<T> {
    this.#checkPause();
    return this.#queue.add(async () => {
      await this.#waitForPause();
      await this.#waitForTurn();
      await this.#waitForPause();
      return task({ reductions: this.#reductions });
    });
  }

  /** Half as many at once; once for all that were on their way when the host first said so. */
  slowDown(until: Instant, ticket: Ticket, toOne: boolean): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
    this.#answers = 0;
    if (ticket.reductions !== this.#reductions) return;
    this.#reductions += 1;
    this.#refusals += 1;
    this.#queue.concurrency = toOne ? 1 : Math.max(1, Math.floor(this.#queue.concurrency / 2));
  }

  /** Whether a request was answered, in whatever way. */
  hear(isAnswered: boolean): void {
    this.#silences = isAnswered ? 0 : this.#silences + 1;
    if (this.#silences >= silencesToGiveUp) this.#silentUntil = this.#timing.clock() + giveUpMs;
  }

  /** An answer without a refusal. */
  speedUp(): void {
    this.#refusals = 0;
    this.#answers += 1;
    if (this.#answers < answersToGrow || this.#queue.concurrency >= this.#limits.maxInFlight) return;
    this.#answers = 0;
    this.#queue.concurrency += 1;
  }

  get maxInFlight(): number {
    return this.#queue.concurrency;
  }

  #checkPause(): void {
    const now = this.#timing.clock();
    if (this.#silentUntil > now) throw new HostSilent('it did not answer a moment ago');
    const longestMs = this.#refusals < refusalsToGiveUp ? this.#timing.maxWaitMs : 0;
    if (this.#pausedUntil - now > longestMs) throw new HostPaused(this.#pausedUntil);
  }

  async #waitForPause(): Promise<void> {
    for (;;) {
      this.#checkPause();
      const waitMs = this.#pausedUntil - this.#timing.clock();
      if (waitMs <= 0) return;
      await this.#timing.sleep(waitMs);
    }
  }

  /** A second's worth may go at once, then evenly. */
  async #waitForTurn(): Promise<void> {
    const now = this.#timing.clock();
    const intervalMs = 1000 / this.#limits.requestsPerSecond;
    const turnAt = Math.max(this.#nextAt, now);
    this.#nextAt = turnAt + intervalMs;
    const waitMs = turnAt + intervalMs - Math.max(burstMs, intervalMs) - now;
    if (waitMs > 0) await this.#timing.sleep(waitMs);
  }
}
