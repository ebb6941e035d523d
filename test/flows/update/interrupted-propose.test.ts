import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Change } from '../../domain/update/proposed.ts';
import { bareEnvironment, git } from '../../fakes/git-server.ts';
import type { Work } from './propose-once.ts';
import { node, type Shop, withShop } from './with-shop.ts';

const program = `
  const { proposeOnce } = await import(${JSON.stringify(join(import.meta.dirname, 'propose-once.ts'))});
  await proposeOnce(JSON.parse(process.env.WORK));`;

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

/** Which push, which write to GitLab: 1 for the next. */
type Stop = { readonly push?: number; readonly write?: number };

/** Ends with `killed` when a push or a write has been taken, and before it is answered. */
async function runUntil({ push, write }: Stop, { gitlab, git: server }: Shop, work: Work): Promise<'killed' | 'done'> {
  gitlab.silentWrite = write;
  const pushes = server.questions.filter((question) => question === 'push').length;
  if (push !== undefined) server.behaviour = { kind: 'hang-push', isTaken: true, after: pushes + push - 1 };
  const env = { ...bareEnvironment(), WORK: JSON.stringify(work) };
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' });
  const closed = new Promise<number | null>((done) => child.on('close', done));
  const killed = Promise.race([gitlab.hanging, server.hanging]).then(() => 'killed' as const);
  const end = await Promise.race([killed, closed]);
  child.kill('SIGKILL');
  await closed;
  gitlab.silentWrite = undefined;
  server.behaviour = { kind: 'serve' };
  if (end === 'killed') return end;
  assert.equal(end, 0);
  return 'done';
}

async function undisturbed() {
  let state: ReturnType<typeof seen> | undefined;
  await withShop(async (shop) => {
    await shop.run(await prepare(shop));
    state = seen(shop);
  });
  return state;
}

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
