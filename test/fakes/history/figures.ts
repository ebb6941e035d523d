import type { EventResult } from '../../../src/flows/monitor/monitor-result.ts';
import type { Failure } from './candidate-checks.ts';
import type { ReplayedCycle } from './replay.ts';

const dayMs = 86_400_000;
const yearMs = 365.25 * dayMs;

/** Counts what a replay tells, cycle by cycle, so that no cycle has to be kept. */
export class Figures {
  readonly #events = new Map<string, number>();
  readonly #failures = new Map<string, string[]>();
  /** Days behind, of each recommendation that was taken and whose beginning is known. */
  readonly #behindDays: number[] = [];
  readonly #repositories = new Set<string>();
  #from: number | undefined;
  #until = 0;
  #cycles = 0;
  #tagCycles = 0;
  #moves = 0;
  #movedImages = 0;
  #updates = 0;

  add({ at, result, updates, failures }: ReplayedCycle): void {
    this.#from ??= at;
    this.#until = at;
    this.#cycles += 1;
    this.#tagCycles += result.images.length;
    for (const { image } of result.images) this.#repositories.add(image);
    for (const event of result.events) this.#events.set(kindOf(event), (this.#events.get(kindOf(event)) ?? 0) + 1);
    const moved = result.events.filter(({ kind }) => kind === 'tag-moved' || kind === 'moved-back');
    this.#moves += moved.length;
    this.#movedImages += new Set(moved.map(({ reference }) => reference.slice(0, reference.lastIndexOf(':')))).size;
    this.#updates += updates.length;
    for (const { behindMs } of updates) if (behindMs !== undefined) this.#behindDays.push(behindMs / dayMs);
    for (const failure of failures) this.#addFailure(failure);
  }

  /** Examples by property; empty when every promise was kept. */
  get failures(): ReadonlyMap<string, readonly string[]> {
    return this.#failures;
  }

  summary() {
    const years = (this.#until - (this.#from ?? this.#until)) / yearMs;
    const tags = this.#tagCycles / this.#cycles;
    const repositories = this.#repositories.size;
    const days = this.#behindDays.toSorted((a, b) => a - b);
    const quantile = (part: number) => days[Math.min(days.length - 1, Math.floor(days.length * part))] ?? Number.NaN;
    return {
      cycles: this.#cycles,
      tags,
      repositories,
      /** By kind and cause, most frequent first. */
      events: [...this.#events]
        .sort(([, a], [, b]) => b - a)
        .map(([kind, count]) => ({ kind, count, perTagAndYear: count / years / tags })),
      moves: { perTagAndYear: this.#moves / years / tags, perImageAndYear: this.#moves / years / repositories },
      /** One pull request per image and cycle in which at least one of its tags in use moved. */
      batchedPerImageAndYear: this.#movedImages / years / repositories,
      updates: this.#updates,
      daysBehind: { of: days.length, median: quantile(0.5), p90: quantile(0.9), max: days.at(-1) ?? Number.NaN },
    };
  }

  #addFailure({ property, example }: Failure): void {
    this.#failures.set(property, [...(this.#failures.get(property) ?? []), example]);
  }
}

/** `tag-moved: os-changed`, `version-released: patch`. */
function kindOf({ kind, cause, lane }: EventResult): string {
  const detail = cause?.kind ?? lane;
  return detail === undefined ? kind : `${kind}: ${detail}`;
}
