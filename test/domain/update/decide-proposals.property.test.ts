import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyOfBranch } from '../../../src/domain/update/proposal.ts';
import { type ModelEvent, ProposalModel } from './proposal-model.ts';

const image = fc.constantFrom('node' as const, 'nginx' as const);
const at = fc.nat(5);
const version = fc.integer({ min: 10, max: 13 });

const event: fc.Arbitrary<ModelEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('offer' as const),
      image,
      lane: fc.constantFrom('patch' as const, 'minor' as const),
      version: fc.oneof(version, fc.constant(0)),
    }),
  },
  fc.record({ kind: fc.constant('silence' as const), image, isSilent: fc.boolean() }),
  fc.record({ kind: fc.constant('touch base' as const), image }),
  fc.record({ kind: fc.constant('set base' as const), image, version }),
  fc.record({
    kind: fc.constantFrom('person commits' as const, 'person takes over' as const, 'branch goes' as const),
    at,
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('person closes' as const, 'person merges' as const, 'person empties text' as const),
      at,
    }),
  },
  fc.constant({ kind: 'words change' as const }),
  fc.record({ kind: fc.constant('group' as const), group: fc.constantFrom('image' as const, 'repository' as const) }),
  fc.record({ kind: fc.constant('time passes' as const), days: fc.integer({ min: 0, max: 40 }) }),
);

// What may happen between two runs.
const history = fc.array(fc.array(event, { maxLength: 4 }), { minLength: 1, maxLength: 8 });

/** @param steps of the last run, which is stopped then. */
function replay(
  runs: readonly (readonly ModelEvent[])[],
  check: (model: ProposalModel) => void = () => undefined,
  steps?: number,
): ProposalModel {
  const model = new ProposalModel();
  for (const [index, events] of runs.entries()) {
    for (const one of events) model.happen(one);
    const isLast = index === runs.length - 1;
    // A write of a branch that people edited throws.
    for (const action of model.decide().slice(0, isLast ? steps : undefined)) model.apply(action);
    check(model);
  }
  return model;
}

test('carried out and decided again, everything is kept or held', () => {
  fc.assert(
    fc.property(
      history,
      (runs) =>
        void replay(runs, (model) => {
          const again = model.decide().map(({ kind }) => kind);
          assert.deepEqual(
            again.filter((kind) => kind !== 'keep' && kind !== 'hold'),
            [],
          );
        }),
    ),
    { numRuns: 500 },
  );
});

test('at most one pull request is open per key, and no more than the limit', () => {
  fc.assert(
    fc.property(
      history,
      (runs) =>
        void replay(runs, ({ pulls }) => {
          const open = pulls.filter(({ state }) => state === 'open').map(({ branch }) => keyOfBranch(branch));
          assert.equal(new Set(open).size, open.length);
          assert.ok(open.length <= 2, `${open.length} are open`);
        }),
    ),
    { numRuns: 500 },
  );
});

test('a snooze is explained once', () => {
  fc.assert(
    fc.property(
      history,
      (runs) =>
        void replay(
          runs.map((events) => events.filter(({ kind }) => kind !== 'person empties text')),
          ({ comments }) => assert.equal(new Set(comments).size, comments.length),
        ),
    ),
    { numRuns: 300 },
  );
});

test('a run that stops after any action is made up for by the next', () => {
  const open = ({ pulls }: ProposalModel) =>
    pulls.filter(({ state }) => state === 'open').map(({ branch, body }) => `${branch} ${body}`);
  fc.assert(
    fc.property(history, fc.nat(4), (runs, steps) => {
      const [whole, stopped] = [replay(runs), replay(runs, () => undefined, steps)];
      for (const action of stopped.decide()) stopped.apply(action);
      assert.deepEqual(new Set(open(stopped)), new Set(open(whole)));
    }),
    { numRuns: 300 },
  );
});
