import assert from 'node:assert/strict';
import type { StartedRun } from '../../src/domain/forge/started-run.ts';
import { type Dispatch, type Pipeline, PipelineError, type PipelineErrorCode } from '../../src/ports/pipeline.ts';
import { type Gap, holdFacts } from './hold-facts.ts';

/** A pipeline over `acme/shop`, whose branch `main` can be pushed to and whose `release.yml` can be started. */
export type PipelineStage = {
  readonly pipeline: Pipeline;
  /** The same repository, seen by another run at the same time. */
  readonly other: Pipeline;
  /** Messages of `main`, newest first, and whether the newest changes no file. */
  readonly messages: () => Promise<readonly string[]> | readonly string[];
  readonly isNewestEmpty: () => Promise<boolean> | boolean;
  readonly startedRuns: () => readonly { readonly id: number; readonly ref: string; readonly inputs: object }[];
  readonly finish: (id: number, conclusion: string) => void;
  readonly forget: (id: number) => void;
};

export async function refused(call: Promise<unknown>, code: PipelineErrorCode): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof PipelineError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, /^cannot /);
  return error.message;
}

/** Prepared and started. */
export async function start(pipeline: Pipeline, dispatch: Dispatch): Promise<StartedRun> {
  return (await pipeline.prepareDispatch(dispatch))();
}

export function pipelineContract(options: {
  readonly name: string;
  readonly gaps?: readonly Gap[];
  readonly withPipeline: (use: (stage: PipelineStage) => Promise<void>) => Promise<void>;
}): void {
  const { name, gaps = [], withPipeline } = options;
  const { holds: fact, end } = holdFacts({ name, gaps, withStage: withPipeline });

  fact('nothing is kept before it is written', async ({ pipeline }) => {
    assert.deepEqual(await pipeline.readState(['A', 'B']), new Map());
  });

  fact('what is written is read, by name, and can be removed', async ({ pipeline, other }) => {
    await pipeline.writeState([
      { name: 'A', value: 'one' },
      { name: 'B', value: '{"x": "ünï"}' },
    ]);
    assert.deepEqual(
      await other.readState(['A', 'B', 'C']),
      new Map([
        ['A', 'one'],
        ['B', '{"x": "ünï"}'],
      ]),
    );
    await pipeline.writeState([
      { name: 'A', value: 'two' },
      { name: 'B', value: undefined },
    ]);
    assert.deepEqual(await other.readState(['A', 'B']), new Map([['A', 'two']]));
  });

  fact(
    'writing the same again changes nothing more, and removing what is not there is no mistake',
    async ({ pipeline }) => {
      const changes = [
        { name: 'A', value: 'one' },
        { name: 'GONE', value: undefined },
      ];
      await pipeline.writeState(changes);
      await pipeline.writeState(changes);
      assert.deepEqual(await pipeline.readState(['A', 'GONE']), new Map([['A', 'one']]));
    },
  );

  fact('two that write different names at once both keep theirs', async ({ pipeline, other }) => {
    await pipeline.writeState([{ name: 'FIRST', value: '0' }]);
    await Promise.all([
      pipeline.writeState([{ name: 'A', value: '1' }]),
      other.writeState([{ name: 'B', value: '2' }]),
    ]);
    assert.deepEqual(
      await pipeline.readState(['FIRST', 'A', 'B']),
      new Map([
        ['FIRST', '0'],
        ['A', '1'],
        ['B', '2'],
      ]),
    );
  });

  fact('a commit changes no file and goes on top of the branch', async ({ pipeline, messages, isNewestEmpty }) => {
    const sha = await pipeline.pushEmptyCommit('main', 'fix: rebuild\n\nnode moved\n');
    assert.match(sha, /^[0-9a-f]{40}$/);
    assert.deepEqual(await messages(), ['fix: rebuild\n\nnode moved\n', 'start']);
    assert.ok(await isNewestEmpty());
  });

  fact('two that push at once both have their commit', async ({ pipeline, other, messages }) => {
    await Promise.all([pipeline.pushEmptyCommit('main', 'one'), other.pushEmptyCommit('main', 'two')]);
    assert.deepEqual([...(await messages())].sort(), ['one', 'start', 'two']);
  });

  fact('a branch that is not there is refused', async ({ pipeline }) => {
    await refused(pipeline.pushEmptyCommit('nowhere', 'fix'), 'not-found');
  });

  fact('a workflow is started with its inputs, and its run is told', async ({ pipeline, startedRuns }) => {
    const run = await start(pipeline, { workflow: 'release.yml', ref: 'main', inputs: { force: 'true' } });
    assert.deepEqual(startedRuns(), [{ id: run.id, ref: 'main', inputs: { force: 'true' } }]);
    assert.ok(run.url.endsWith(`/actions/runs/${run.id}`), run.url);
  });

  fact('a workflow or a ref that is not there is refused', async ({ pipeline, startedRuns }) => {
    await refused(start(pipeline, { workflow: 'none.yml', ref: 'main', inputs: {} }), 'not-found');
    const said = await refused(start(pipeline, { workflow: 'release.yml', ref: 'no', inputs: {} }), 'invalid');
    assert.match(said, /No ref found for: no/);
    assert.deepEqual(startedRuns(), []);
  });

  fact('a run is running, then ended, then gone', async ({ pipeline, finish, forget }) => {
    const { id } = await start(pipeline, { workflow: 'release.yml', ref: 'main', inputs: {} });
    assert.equal(await pipeline.readRun(id), 'running');
    for (const conclusion of ['failure', 'cancelled', 'timed_out', 'skipped']) {
      finish(id, conclusion);
      assert.equal(await pipeline.readRun(id), 'failed', conclusion);
    }
    finish(id, 'success');
    assert.equal(await pipeline.readRun(id), 'succeeded');
    forget(id);
    assert.equal(await pipeline.readRun(id), 'gone');
  });

  end();
}
