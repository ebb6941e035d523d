import type { RequestCounts, RequestKind } from '../../ports/registry.ts';

type Counted = RequestKind | 'retried' | 'cached';

/** What was asked, by registry as references spell it: token service and web API count there too. */
export class RequestCounter {
  readonly #counts = new Map<string, Partial<Record<Counted, number>>>();

  count(registry: string, what: Counted): void {
    const counts = this.#counts.get(registry) ?? {};
    counts[what] = (counts[what] ?? 0) + 1;
    this.#counts.set(registry, counts);
  }

  all(): RequestCounts {
    return new Map([...this.#counts].map(([registry, counts]) => [registry, { ...counts }]));
  }
}
