import type { Instant } from '../../domain/source/instant.ts';

/** Answers that are asked for once and kept for a while; who asks meanwhile waits for the same one. */
export class KeptAnswers<T> {
  readonly #now: () => Instant;
  readonly #answers = new Map<string, { readonly answer: Promise<T>; until: Instant }>();

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** A refusal is kept for `refusalMs`: what people mend meanwhile is seen soon, and nothing is asked in a storm. */
  get(key: string, ask: () => Promise<T>, keepMs: number, refusalMs: number): Promise<T> {
    const kept = this.#answers.get(key);
    if (kept !== undefined && this.#now() < kept.until) return kept.answer;
    const entry = { answer: ask(), until: Number.POSITIVE_INFINITY };
    this.#answers.set(key, entry);
    entry.answer.then(
      () => {
        entry.until = this.#now() + keepMs;
      },
      () => {
        entry.until = this.#now() + refusalMs;
      },
    );
    return entry.answer;
  }
}
