import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Change } from '../../domain/update/proposed.ts';
import { git } from '../../fakes/git-server.ts';
import { killedAfter, type Stop } from './killed-after.ts';
import type { Work } from './propose-once.ts';
import { node, type Shop, withShop } from './with-shop.ts';

const change = (image: string, to: string): Change => ({
  from: `${image}:1.0`,
  to: `${image}:${to}`,
  files: { [`${image}/Dockerfile`]: `FROM ${image}:1.0\n` },
});

/** Something to open and supersede, to refresh, to explain, and to close. */
async function prepare(shop: Shop): Promise<readonly Change[]> {
  const present = [node('22.1', '22.2'), change('nginx', '1.1'), change('alpine', '1.1'), change('redis', '1.1')];
  shop.commit('main', Object.assign({}, ...present.map(({ files }) => files)));
  await shop.run(present);
  await shop.forge.closePullRequest('acme/shop', '3');
  return [node('22.1', '22.9', 'minor'), change('nginx', '1.2'), change('alpine', '1.1')];
}

/** All that people see; ports and dates of commits are another world's. */
function seen({ mergeRequests, gitlab, project }: Shop) {
  const branches = git(project.folder, 'for-each-ref', '--format=%(refname) %(tree) %(contents)', 'refs/heads');
  const shown = mergeRequests.map(({ iid, state, title, description, sourceBranch, notes }) => ({
    ...{ iid, state, title, description, sourceBranch },
    notes: notes.map(({ body }) => body.replaceAll(gitlab.origin, 'https://gitlab')),
  }));
  return { branches, mergeRequests: shown };
}

async function undisturbed() {
  let state: ReturnType<typeof seen> | undefined;
  await withShop(async (shop) => {
    await shop.run(await prepare(shop));
    state = seen(shop);
  });
  return state;
}

const module = join(import.meta.dirname, 'propose-once.ts');
const runUntil = (stop: Stop, shop: Shop, work: Work) => killedAfter(stop, shop, { module, name: 'proposeOnce', work });

const expected = await undisturbed();

test('killed after each write, run after run, it comes to the same end with nothing doubled or lost', async () => {
  await withShop(async (shop) => {
    const work = shop.work(await prepare(shop));
    let kills = 0;
    while ((await runUntil({ push: 1, write: 1 }, shop, work)) === 'killed') {
      kills += 1;
      assert.ok(kills < 50, 'it comes no further');
    }
    // Two pushes, a pull request, a text, two for what is explained, four each for two ends.
    assert.equal(kills, 14);
    assert.deepEqual(seen(shop), expected);
  });
});

for (const [what, stop] of [
  ['its first push', { push: 1 }],
  ['the push of a refresh', { push: 2 }],
  ['opening', { write: 1 }],
  ['the comment on an end', { write: 6 }],
] as const)
  test(`killed once, after ${what}, the next run makes up for all of it`, async () => {
    await withShop(async (shop) => {
      const changes = await prepare(shop);
      assert.equal(await runUntil(stop, shop, shop.work(changes)), 'killed');
      await shop.run(changes);
      assert.deepEqual(seen(shop), expected);
    });
  });
