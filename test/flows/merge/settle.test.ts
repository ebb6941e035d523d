import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultAutomerge } from '../../../src/domain/merge/automerge-settings.ts';
import { digest } from '../../domain/update/proposed.ts';
import { git } from '../../fakes/git-server.ts';
import { killedAfter } from '../update/killed-after.ts';
import { nginx, node, type Shop, withShop } from '../update/with-shop.ts';
import { type SettleWork, settleOnce } from './settle-once.ts';

const minute = 60_000;
const automerge = { ...defaultAutomerge, allow: [{}] };
const changes = [node('22.1', '22.2'), nginx];

type World = Shop & {
  settleWork(more?: Partial<SettleWork>): SettleWork;
  /** `merge; wait: test`, in the order in which they are looked at. */
  tellSettled(more?: Partial<SettleWork>, pause?: (ms: number) => Promise<void>): Promise<string>;
  runJob(iid: number, status: 'running' | 'success' | 'failed', name?: string): void;
};

/** Two pull requests are open, of node and of nginx, in a project that merges nothing without its pipeline. */
function settling(fact: string, use: (world: World) => Promise<void>): void {
  test(fact, () =>
    withShop(async (shop) => {
      const settings = { automerge, reviewers: ['ada'] };
      shop.gitlab.addUser('ada');
      shop.project.isPipelineRequired = true;
      await shop.run(changes, settings);
      const settleWork: World['settleWork'] = (more = {}) => ({
        ...shop.work(changes, settings),
        ...{ planned: digest('a'), present: digest('a'), waitMs: 0 },
        ...more,
      });
      await use({
        ...shop,
        settleWork,
        async tellSettled(more, pause) {
          const settled = await settleOnce(settleWork(more), pause);
          assert.equal(settled?.failure, undefined);
          const rows = settled?.rows ?? [];
          return rows
            .map(({ action, reason, waitsFor, failure }) => {
              const why = failure ?? reason ?? waitsFor?.join(', ');
              return `${action}${why === undefined ? '' : `: ${why}`}`;
            })
            .join('; ');
        },
        runJob: (iid, status, name = 'test') =>
          shop.gitlab.runJob('acme/shop', shop.gitlab.mergeRequest('acme/shop', iid).sha, name, status),
      });
    }),
  );
}

const states = ({ mergeRequests }: Shop) => mergeRequests.map(({ state }) => state);

settling('it waits until the deadline, and merges what becomes green meanwhile', async (world) => {
  const { tellSettled, runJob } = world;
  runJob(1, 'running');
  runJob(2, 'running');
  const waits: number[] = [];
  const told = await tellSettled({ waitMs: 2 * minute }, async (ms) => {
    waits.push(ms);
    if (waits.length === 2) runJob(1, 'success');
  });
  // One a run goes into a branch.
  assert.equal(told, 'merge; wait: pipeline, test');
  assert.equal(waits.reduce((sum, ms) => sum + ms, 0) <= 2 * minute, true);
  assert.deepEqual(states(world), ['merged', 'opened']);
});

settling('on GitLab no status of ours holds the pipeline, and a red job asks people once', async (world) => {
  const { tellSettled, runJob, project, mergeRequests } = world;
  runJob(1, 'failed');
  runJob(2, 'success');
  for (const told of [
    /review: pipeline, test failed.*merge|merge.*review: pipeline, test failed/,
    /^review: pipeline, test failed$/,
  ])
    assert.match(await tellSettled(), told);
  const own = project.statuses.filter(({ name }) => name === 'basekeeper/verify');
  assert.deepEqual(
    own.map(({ status }) => status),
    ['success'],
  );
  assert.equal(mergeRequests[0]?.notes.length, 1);
  assert.equal(mergeRequests[0]?.description.split('Found: review.').length, 2);
  assert.deepEqual(states(world), ['opened', 'merged']);
});

settling('an image that has moved since the plan is not merged', async (world) => {
  world.runJob(1, 'success');
  assert.match(await world.tellSettled({ present: digest('b') }), /hold: node:22\.2 has moved meanwhile/);
  assert.deepEqual(states(world), ['opened', 'opened']);
  assert.deepEqual(world.mergeRequests[0]?.notes, []);
});

settling('what our own gate refuses is not merged', async (world) => {
  world.runJob(1, 'success');
  assert.match(await world.tellSettled({ gate: 'fail' }), /review: the gate says fail: measured/);
  assert.match(await world.tellSettled({ gate: 'pass' }), /merge/);
  assert.deepEqual(states(world), ['merged', 'opened']);
});

settling('nor is anything once its base has moved', async (world) => {
  world.runJob(1, 'success');
  const work = world.settleWork();
  world.commit('main', { 'README.md': 'new\n' });
  const settled = await settleOnce(work);
  assert.match(settled?.rows.map(({ reason }) => reason).join() ?? '', /its base has moved meanwhile/);
  assert.deepEqual(states(world), ['opened', 'opened']);
});

settling('what is to be renewed first is left', async (world) => {
  world.runJob(1, 'success');
  const told = await world.tellSettled({ changes: [node('22.1', '22.3'), nginx] });
  assert.match(told, /hold: it is not what would be proposed now: update --propose renews it first/);
});

settling('what goes into another branch is left', async (world) => {
  world.runJob(1, 'success');
  world.commit('other', { Dockerfile: 'FROM node:22.1\n' });
  Object.assign(world.mergeRequests[0] ?? {}, { targetBranch: 'other' });
  assert.match(await world.tellSettled(), /hold: it goes into another branch/);
});

settling('GitLab is left one at a time, and what it may not merge any more is taken back', async (world) => {
  const { tellSettled, runJob, mergeRequests } = world;
  for (const iid of [1, 2]) runJob(iid, 'running');
  assert.match(await tellSettled(), /auto-merge.*; wait/);
  assert.equal(mergeRequests.filter(({ isAutoMerging }) => isAutoMerging === true).length, 1);
  const paused = { ...automerge, isPaused: true };
  assert.equal(await tellSettled({ settings: { automerge: paused } }), 'wait: pipeline, test; wait: pipeline, test');
  assert.equal(
    mergeRequests.some(({ isAutoMerging }) => isAutoMerging === true),
    false,
  );
});

settling('what GitLab was let to merge is taken back before a new commit is written', async (world) => {
  const { tellSettled, runJob, run, mergeRequests } = world;
  runJob(1, 'running');
  assert.match(await tellSettled(), /auto-merge: pipeline, test/);
  assert.equal(mergeRequests[0]?.isAutoMerging, true);
  await run([node('22.1', '22.3'), nginx], { automerge });
  assert.equal(mergeRequests[0]?.isAutoMerging, false);
});

test('killed after each write, run after run, it comes to the same end with nothing doubled', async () => {
  const module = join(import.meta.dirname, 'settle-once.ts');
  const seen = ({ mergeRequests, project }: Shop) => ({
    main: git(project.folder, 'ls-tree', '-r', 'main'),
    mergeRequests: mergeRequests.map(({ state, description, notes, reviewerIds }) => ({
      ...{ state, description, reviewerIds },
      notes: notes.map(({ body }) => body),
    })),
    statuses: project.statuses.filter(({ isJob }) => !isJob).map(({ name, status }) => `${name} ${status}`),
  });
  const ends: ReturnType<typeof seen>[] = [];
  for (const isKilled of [false, true])
    await withShop(async (shop) => {
      const settings = { automerge, reviewers: ['ada'] };
      shop.gitlab.addUser('ada');
      shop.project.isPipelineRequired = true;
      await shop.run(changes, { automerge });
      for (const [iid, status] of [
        [1, 'success'],
        [2, 'failed'],
      ] as const)
        shop.gitlab.runJob('acme/shop', shop.gitlab.mergeRequest('acme/shop', iid).sha, 'test', status);
      const work = () => ({
        ...shop.work(changes, settings),
        ...{ planned: digest('a'), present: digest('a'), waitMs: 0 },
      });
      let kills = 0;
      if (isKilled)
        while ((await killedAfter({ write: 1 }, shop, { module, name: 'settleOnce', work: work() })) === 'killed') {
          kills += 1;
          assert.ok(kills < 20, 'it comes no further');
        }
      else await settleOnce(work());
      // Two comments, two texts, a status, a merge, a request for a review.
      assert.equal(kills, isKilled ? 7 : 0);
      ends.push(seen(shop));
    });
  assert.deepEqual(ends[1], ends[0]);
});
