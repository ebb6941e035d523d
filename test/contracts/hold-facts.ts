import assert from 'node:assert/strict';
import { test } from 'node:test';

/** A fact that a peer of others does not hold, asserted to fail still: one that holds again is a row to take away. */
export type Gap = { readonly fact: string; readonly reason: string; readonly fails: Readonly<Record<string, unknown>> };

type Subject<Stage> = {
  readonly name: string;
  readonly gaps: readonly Gap[];
  readonly withStage: (use: (stage: Stage) => Promise<void>) => Promise<void>;
};

/** One test for each fact of a contract. `end`: no gap is of a fact that there is not. */
export function holdFacts<Stage>({ name, gaps, withStage }: Subject<Stage>) {
  const facts = new Set<string>();
  return {
    holds(fact: string, use: (stage: Stage) => Promise<void>): void {
      facts.add(fact);
      const gap = gaps.find((one) => one.fact === fact);
      if (gap === undefined) test(`${name}: ${fact}`, () => withStage(use));
      else test(`${name}: still fails that ${fact}: ${gap.reason}`, () => assert.rejects(withStage(use), gap.fails));
    },
    end(): void {
      const unknown = gaps.filter(({ fact }) => !facts.has(fact));
      assert.deepEqual(unknown, [], 'gaps of no fact');
    },
  };
}
