import assert from 'node:assert/strict';
import { test } from 'node:test';
import { git } from '../fakes/git-server.ts';
import { admit, keeperToken, type OnGithub, proposingOnGithub } from './proposing-on-github.ts';

const dockerfile = { Dockerfile: 'FROM nginx:1.28.0\n' };

const holds = (fact: string, use: (world: OnGithub) => Promise<void>, update?: string) =>
  test(fact, () => proposingOnGithub(dockerfile, use, update));

holds(
  'an update is opened with its labels and people; whom GitHub does not know is a note',
  async ({ push, propose, repository, github }) => {
    github.addUser('jane');
    repository.collaborators.add('jane');
    repository.labels.push('docker');
    push('1.28.0', '1.28.1');
    const { code, stdout, stderr } = await propose();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /opened +nginx +\[patch\]/);
    assert.match(stdout, /platform/);
    const [pull] = repository.pulls;
    assert.ok(pull !== undefined);
    assert.deepEqual([pull.labels, pull.reviewers, pull.teams, pull.assignees], [['docker'], ['jane'], [], ['jane']]);
    assert.match(pull.body?.split('\n')[0] ?? '', /^Updates `nginx:1\.28\.0` to `1\.28\.1` in 1 file/);
    assert.equal(git(repository.folder, 'show', `${pull.branch}:Dockerfile`), 'FROM nginx:1.28.1');
  },
  '{ labels: [docker, security], reviewers: [jane, "team:platform"], assignees: [jane] }',
);

holds('kept, closed by a person and so left alone, then a newer version', async (world) => {
  const { push, tell, repository, branches, passDays } = world;
  push('1.28.0', '1.28.1');
  assert.deepEqual(await tell(), ['open patch nginx:1.28.1']);
  assert.deepEqual(await tell(), ['keep patch nginx:1.28.1']);
  const [first] = repository.pulls;
  assert.ok(first !== undefined);
  Object.assign(first, { state: 'closed', closedAt: world.github.state.now });
  for (let run = 0; run < 3; run += 1) {
    const told = (await tell()).join('; ');
    assert.match(told, run === 0 ? /^explain-snooze .*; hold patch/ : /^hold patch/);
    assert.equal(first.comments.length, 1);
  }
  assert.match(first.comments[0]?.body ?? '', /left alone until 2026-12-25 \(UTC\)/);
  push('1.28.2');
  assert.deepEqual(await tell(), ['open patch nginx:1.28.2']);
  assert.equal(repository.pulls.length, 2);
  assert.equal(branches().length, 1);
  passDays(1);
  assert.deepEqual(await tell(), ['keep patch nginx:1.28.2']);
});

holds('a rebuilt digest is refreshed in place', async ({ hub, commit, tell, repository, branches }) => {
  const build = (name: string) =>
    hub.content.push({ repository: 'library/nginx', tag: '1.28', platforms: ['linux/amd64'], build: name }).digest;
  commit({ Dockerfile: `FROM nginx:1.28@${build('one')}\n` });
  build('two');
  assert.match((await tell()).join('; '), /^open digest /);
  const third = build('three');
  assert.match((await tell()).join('; '), /^refresh digest /);
  const [pull] = repository.pulls;
  assert.equal(repository.pulls.length, 1);
  assert.match(pull?.body ?? '', new RegExp(third));
  assert.equal(git(repository.folder, 'show', `${branches()[0]}:Dockerfile`), `FROM nginx:1.28@${third}`);
});

holds('one that another lane overtakes is closed with a link, and its branch goes', async (world) => {
  const { push, tell, repository, branches } = world;
  push('1.28.0', '1.28.1');
  await tell();
  // Taken back by who published it.
  world.hub.content.untag('library/nginx', '1.28.1');
  push('1.30.0');
  assert.deepEqual(await tell(), ['open minor nginx:1.30.0', 'supersede patch nginx:1.28.1']);
  const [old, next] = repository.pulls;
  assert.equal(old?.state, 'closed');
  assert.match(old?.comments[0]?.body ?? '', /^Superseded by http\S+\/acme\/shop\/pull\/2,/m);
  assert.deepEqual(branches(), [next?.branch]);
});

holds('what came to the base by other means is closed, whoever removed the branch', async (world) => {
  const { push, tell, repository, branches, commit } = world;
  push('1.28.0', '1.28.1');
  await tell();
  commit({ Dockerfile: 'FROM nginx:1.28.1\n' });
  assert.deepEqual(await tell(), ['close patch nginx:1.28.1']);
  assert.deepEqual([repository.pulls[0]?.state, branches()], ['closed', []]);
  assert.deepEqual(await tell(), []);
});

holds('a token that only reads is told which permission lacks, and leaves nothing behind', async (world) => {
  const { push, propose, tell, server, github, repository, branches } = world;
  push('1.28.0', '1.28.1');
  github.state.tokens.set(keeperToken, { login: 'keeper', permissions: { contents: 'read', pull_requests: 'read' } });
  admit(server, keeperToken, false);
  const { code, stdout } = await propose();
  assert.equal(code, 3);
  assert.match(stdout, /Contents: write/);
  assert.deepEqual([branches(), repository.pulls], [[], []]);
  github.state.tokens.set(keeperToken, { login: 'keeper', scopes: ['repo'] });
  admit(server, keeperToken);
  assert.deepEqual(await tell(), ['open patch nginx:1.28.1']);
});

holds('a token that may push and open nothing is told so; the next run goes on from its branch', async (world) => {
  const { push, propose, tell, github, repository, branches } = world;
  push('1.28.0', '1.28.1');
  github.state.tokens.set(keeperToken, { login: 'keeper', permissions: { contents: 'write', pull_requests: 'read' } });
  const { code, stdout } = await propose();
  assert.equal(code, 3);
  assert.match(stdout.replaceAll(/\s+/g, ' '), /pull_requests=write|Pull requests: write/);
  assert.equal(branches().length, 1);
  const written = git(repository.folder, 'rev-parse', branches()[0] ?? '');
  github.state.tokens.set(keeperToken, { login: 'keeper', scopes: ['repo'] });
  assert.deepEqual(await tell(), ['open patch nginx:1.28.1']);
  assert.equal(git(repository.folder, 'rev-parse', repository.pulls[0]?.branch ?? ''), written);
  assert.equal(branches().length, 1);
});

holds('a limit that is reached mid-run is told; the next run goes on', async (world) => {
  const { push, propose, tell, github, repository } = world;
  push('1.28.0', '1.28.1');
  const reset = String(github.state.now / 1000 + 3000);
  github.fault = {
    times: 9,
    method: 'POST',
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    body: '{"message":"API rate limit exceeded for user ID 1."}',
  };
  const { code, stdout } = await propose();
  assert.equal(code, 3);
  assert.match(stdout, /limit/);
  github.fault = undefined;
  assert.deepEqual(await tell(), ['open patch nginx:1.28.1']);
  assert.deepEqual(await tell(), ['keep patch nginx:1.28.1']);
  assert.equal(repository.pulls.length, 1);
});
