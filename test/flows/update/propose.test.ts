import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyProposals } from '../../../src/flows/update/apply-proposals.ts';
import { type Change, digest, proposalOf } from '../../domain/update/proposed.ts';
import { git } from '../../fakes/git-server.ts';
import { placeOf, proposeOnce, withPorts } from './propose-once.ts';
import { nginx, node, type Shop, tellRows, withShop } from './with-shop.ts';

const holds = (fact: string, use: (shop: Shop) => Promise<void>) => test(fact, () => withShop(use));
const patch = node('22.1', '22.2');

const rebuilt = (to: string): Change => ({
  lane: 'digest',
  from: `node:22.1@${digest('a')}`,
  to: `node:22.1@${digest(to)}`,
  files: { Dockerfile: `FROM node:22.1@${digest('a')}\n` },
});
const pin = ({ commit }: Shop) => commit('main', rebuilt('b').files ?? {});

holds('an update is opened as it was planned', async (shop) => {
  const { rows, requests, ...result } = await shop.run([patch], {
    labels: ['docker'],
    assignees: ['nobody'],
    draft: true,
  });
  assert.deepEqual(result, { schemaVersion: 1, repository: 'acme/shop', isDryRun: false });
  assert.ok(requests > 0);
  const [{ key, branch, url, notes, ...row } = assert.fail('nothing was told')] = rows;
  assert.deepEqual(row, {
    image: 'docker.io/library/node',
    lane: 'patch',
    from: 'docker.io/library/node:22.1',
    to: 'docker.io/library/node:22.2',
    action: 'open',
  });
  assert.equal(branch, `basekeeper/node-patch-${key}`);
  assert.match(url ?? '', /merge_requests\/1$/);
  assert.equal(notes?.length, 2);
  const [opened] = shop.mergeRequests;
  assert.equal(opened?.title, 'Draft: build(deps): update node 22.1 → 22.2');
  assert.equal(shop.show(branch, 'Dockerfile'), 'FROM node:22.2');
  const [head] = git(shop.project.folder, 'log', '-1', '--format=%an <%ae> %P', branch).split('\n');
  assert.equal(head, `Keeper <keeper@example.com> ${shop.head('main')}`);
});

holds('a rerun keeps it, and writes nothing', async (shop) => {
  await shop.run([patch, nginx]);
  const before = shop.gitlab.requests.length;
  assert.equal(await shop.tell([patch, nginx]), 'keep node-patch, keep nginx-minor');
  assert.deepEqual(
    shop.gitlab.requests.slice(before).filter((request) => !request.startsWith('GET ')),
    [],
  );
  assert.equal(shop.git.questions.filter((question) => question === 'push').length, 2);
});

holds('a digest that moved is refreshed in the same pull request', async (shop) => {
  pin(shop);
  await shop.run([rebuilt('b')]);
  assert.equal(await shop.tell([rebuilt('c')]), 'refresh node-digest');
  const [only] = shop.mergeRequests;
  assert.equal(shop.mergeRequests.length, 1);
  assert.match(only?.description ?? '', new RegExp(digest('c')));
  assert.equal(shop.show(only?.sourceBranch ?? '', 'Dockerfile'), `FROM node:22.1@${digest('c')}`);
  assert.equal(await shop.tell([rebuilt('c')]), 'keep node-digest');
});

holds("a person's commit is held, whatever is new", async (shop) => {
  await shop.run([patch]);
  const branch = shop.mergeRequests[0]?.sourceBranch ?? '';
  const mine = shop.commit(branch, { 'README.md': 'mine\n' });
  for (const changes of [[patch], [node('22.1', '22.3')]])
    assert.equal(
      await shop.tell(changes),
      'hold node-patch (its branch is edited by people: nothing of ours is written there)',
    );
  assert.match(await shop.tell([]), /^hold node-patch \(.* edited by people\)$/);
  assert.equal(shop.head(branch), mine);
  assert.equal(shop.mergeRequests[0]?.state, 'opened');
});

holds('one that was closed is left alone for a time, and says so once; a newer target is not', async (shop) => {
  pin(shop);
  await shop.run([rebuilt('b')]);
  const [first] = shop.mergeRequests;
  assert.ok(first);
  await shop.forge.closePullRequest('acme/shop', '1');
  assert.match(
    await shop.tell([rebuilt('b')]),
    /^explain-snooze node-digest, hold node-digest \(.*until 2026-12-25\)$/,
  );
  assert.match(await shop.tell([rebuilt('b')]), /^hold node-digest \(.*until 2026-12-25\)$/);
  assert.equal(first.notes.length, 1);
  assert.match(first.notes[0]?.body ?? '', /left alone until 2026-12-25/);
  assert.equal(await shop.tell([rebuilt('c')]), 'open node-digest');
  assert.equal(shop.mergeRequests[1]?.sourceBranch, first.sourceBranch);
  assert.equal(shop.show(first.sourceBranch, 'Dockerfile'), `FROM node:22.1@${digest('c')}`);
});

holds('one that was closed is opened again when its time is over', async (shop) => {
  await shop.run([patch]);
  await shop.forge.closePullRequest('acme/shop', '1');
  shop.passDays(31);
  assert.equal(await shop.tell([patch]), 'open node-patch');
  assert.equal(shop.mergeRequests.length, 2);
});

holds('one that another lane overtakes is closed with a link', async (shop) => {
  await shop.run([patch]);
  const minor = node('22.1', '22.9', 'minor');
  assert.equal(await shop.tell([minor]), 'open node-minor, supersede node-patch');
  const [old, next] = shop.mergeRequests;
  assert.equal(old?.state, 'closed');
  assert.match(old?.notes[0]?.body ?? '', /Superseded by http\S+\/acme\/shop\/-\/merge_requests\/2,/);
  assert.equal(next?.state, 'opened');
  assert.deepEqual(
    [shop.head(old?.sourceBranch ?? ''), typeof shop.head(next?.sourceBranch ?? '')],
    [undefined, 'string'],
  );
  // What we closed ourselves is no wish to be left alone.
  assert.equal(await shop.tell([patch]), 'open node-patch, supersede node-minor');
});

holds('one whose change is on the base by other means is closed', async (shop) => {
  await shop.run([patch]);
  assert.equal(await shop.tell([]), 'close node-patch');
  assert.equal(shop.mergeRequests[0]?.state, 'closed');
  assert.match(shop.mergeRequests[0]?.notes[0]?.body ?? '', /nothing of this update is left to do/);
  assert.equal(shop.head(shop.mergeRequests[0]?.sourceBranch ?? ''), undefined);
  assert.equal(await shop.tell([]), '');
});

holds('one whose branch somebody removed is closed all the same', async (shop) => {
  await shop.run([patch]);
  git(shop.project.folder, 'update-ref', '-d', `refs/heads/${shop.mergeRequests[0]?.sourceBranch}`);
  assert.equal(await shop.tell([]), 'close node-patch');
  assert.equal(shop.mergeRequests[0]?.state, 'closed');
});

holds('a branch that the server does not let go is no reason to leave its pull request open', async (shop) => {
  await shop.run([patch]);
  git(shop.project.folder, 'config', 'receive.denyDeletes', 'true');
  const { rows } = await shop.run([]);
  assert.match(rows[0]?.notes?.[0] ?? '', /^its branch basekeeper\/node-patch-\w+ stays: /);
  assert.equal(shop.mergeRequests[0]?.state, 'closed');
});

holds('what somebody pushes while a pull request is being closed stays, and the pull request with it', async (shop) => {
  await shop.run([patch]);
  const [open] = await shop.forge.listPullRequests('acme/shop', {});
  assert.ok(open !== undefined);
  const branchHead = shop.head(open.branch) ?? '';
  const mine = shop.commit(open.branch, { 'README.md': 'mine\n' });
  const work = shop.work([]);
  const rows = await withPorts(work, (ports) =>
    applyProposals({ ...ports, ...placeOf(work) }, [{ kind: 'close', pullRequest: open, body: open.body, branchHead }]),
  );
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['hold'],
  );
  assert.equal(shop.head(open.branch), mine);
  assert.equal(shop.mergeRequests[0]?.state, 'opened');
});

holds('a file that changed on the base is written anew upon it', async (shop) => {
  await shop.run([patch]);
  const files = { Dockerfile: 'FROM node:22.1\nUSER app\n' };
  const base = shop.commit('main', files);
  assert.equal(await shop.tell([{ ...patch, files }]), 'refresh node-patch');
  const branch = shop.mergeRequests[0]?.sourceBranch ?? '';
  assert.equal(shop.show(branch, 'Dockerfile'), 'FROM node:22.2\nUSER app');
  assert.equal(git(shop.project.folder, 'rev-parse', `${branch}^`), base);
});

holds('a base that moved elsewhere leaves it as it is', async (shop) => {
  await shop.run([patch]);
  shop.commit('main', { 'README.md': 'more\n' });
  assert.equal(await shop.tell([patch]), 'keep node-patch');
});

holds('what is merged and taken back is not proposed again', async (shop) => {
  await shop.run([patch]);
  shop.gitlab.merge('acme/shop', 1);
  assert.match(await shop.tell([patch]), /^hold node-patch \(it was merged \(http\S+\) and taken back/);
});

holds('limits hold what is beyond them', async (shop) => {
  const limits = { open: 1, perHour: 10, perRun: 10, failuresInARow: 5 };
  assert.equal(
    await shop.tell([patch, nginx], { limits }),
    'open node-patch, hold nginx-minor (1 pull requests are open here, and the limit is 1)',
  );
});

holds('a refusal is a row, and the others are done', async (shop) => {
  await shop.run([patch]);
  shop.project.members.clear();
  shop.project.members.set(shop.gitlab.state.users[0]?.id ?? 0, 20);
  assert.match(
    await shop.tell([nginx]),
    /^open nginx-minor \(cannot open .*\), close node-patch \(cannot change .*\)$/,
  );
});

holds('what could be written and not opened is opened by the next run, and not written again', async (shop) => {
  const [bot] = shop.gitlab.state.users;
  shop.project.members.set(bot?.id ?? 0, 20);
  assert.match(await shop.tell([patch]), /^open node-patch \(cannot open /);
  shop.project.members.set(bot?.id ?? 0, 30);
  assert.equal(await shop.tell([patch]), 'open node-patch');
  assert.equal(shop.git.questions.filter((question) => question === 'push').length, 1);
});

holds('a branch that people make at the same moment is held', async (shop) => {
  const work = shop.work([patch]);
  const proposal = proposalOf(patch);
  const text = { title: 'Update', body: '' };
  const open = { kind: 'open', proposal, text, expected: undefined, isWritten: false } as const;
  const mine = shop.commit(proposal.branch, { Dockerfile: 'FROM node:mine\n' });
  const place = placeOf(work);
  const rows = await withPorts(work, (ports) => applyProposals({ ...ports, ...place }, [open]));
  assert.deepEqual(
    rows.map(({ action, reason }) => [action, reason]),
    [['hold', 'its branch has moved meanwhile: the next run looks at it again']],
  );
  assert.deepEqual(place.run, { opened: 0, failuresInARow: 0 });
  assert.equal(shop.head(proposal.branch), mine);
});

holds('after refusals in a row nothing more is opened', async (shop) => {
  const limits = { open: 10, perHour: 10, perRun: 10, failuresInARow: 2 };
  const result = await proposeOnce({ ...shop.work([patch], { limits }), failuresInARow: 2 });
  assert.equal(tellRows(result), 'hold node-patch (2 refusals in a row: nothing more is opened in this run)');
  assert.deepEqual(shop.mergeRequests, []);
});

holds('a dry run tells the same and does nothing', async (shop) => {
  const result = await proposeOnce({ ...shop.work([patch, nginx]), isDryRun: true });
  assert.equal(tellRows(result), 'open node-patch, open nginx-minor');
  assert.equal(result.isDryRun, true);
  assert.deepEqual(shop.mergeRequests, []);
  assert.ok(!shop.git.questions.includes('push'));
});

holds('an archived repository is left alone', async (shop) => {
  shop.project.isArchived = true;
  assert.equal(await shop.tell([patch]), '');
  assert.deepEqual(shop.mergeRequests, []);
});

holds('a repository is one pull request if that is asked for', async (shop) => {
  assert.equal(await shop.tell([patch, nginx], { group: 'repository' }), 'open images-group');
  const branch = shop.mergeRequests[0]?.sourceBranch ?? '';
  assert.equal(shop.show(branch, 'Dockerfile'), 'FROM node:22.2');
  assert.equal(shop.show(branch, 'web/Dockerfile'), 'FROM nginx:1.29');
});
