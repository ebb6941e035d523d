import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FleetProposals } from '../../src/flows/update/fleet-proposals.ts';
import { commitTo } from '../fakes/bare-repository.ts';
import { git } from '../fakes/git-server.ts';
import { basekeeper } from './command.ts';
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

/** Repositories of two owners, of which the last is archived, in a fleet that is worked on by an App. */
async function runAsApp({ github, server, path, env, push }: OnGithub, count: number, ...args: readonly string[]) {
  push('1.28.0', '1.28.1');
  server.behaviour = { kind: 'serve' };
  const app = github.addApp('keeper-app');
  for (const [id, owner] of ['one', 'two'].entries())
    app.installations.set(owner, { id, permissions: { metadata: 'read', contents: 'write', pull_requests: 'write' } });
  const names = Array.from({ length: count }, (_, at) => `${at % 2 === 0 ? 'one' : 'two'}/app-${at}`);
  for (const name of names) {
    const made = github.addRepository(name);
    made.isArchived = name === names.at(-1);
    git(made.folder, 'config', 'uploadpack.allowFilter', 'true');
    git(made.folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    commitTo(made.folder, 'main', dockerfile);
  }
  const entries = names.map((name) => `  - { url: "${server.origin}/${name}.git" }\n`).join('');
  await writeFile(join(path, 'many.yaml'), `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n${entries}`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const now = new Date(github.state.now).toISOString();
  const given = ['--fleet', 'many.yaml', '--policy', 'policy.yaml', '--now', now, '--json'];
  const { stdout, stderr } = await basekeeper([...args, ...given], {
    cwd: path,
    env: { ...env, BASEKEEPER_APP_ID: String(app.id), BASEKEEPER_APP_PRIVATE_KEY: key },
  });
  assert.match(stdout, /^\{/, stderr);
  return JSON.parse(stdout);
}

async function proposeToThirty(world: OnGithub): Promise<FleetProposals['repositories']> {
  return (await runAsApp(world, 30, 'update', '--propose', '--dry-run')).repositories;
}

holds(
  'thirty repositories cost three requests each and one token per owner; an archived one costs one',
  async (world) => {
    const repositories = await proposeToThirty(world);
    const archived = repositories.at(-1);
    assert.deepEqual([archived?.left, archived?.rows, archived?.requests], ['it is archived', [], 1]);
    // The repository, its open pull requests and its closed ones.
    for (const { name, rows, failure, requests } of repositories.slice(0, -1))
      assert.deepEqual([rows.map(({ action }) => action), failure, requests], [['open'], undefined, 3], name);
    const { requests } = world.github;
    const tokens = requests.filter((line) => line.startsWith('POST '));
    assert.deepEqual(
      tokens.toSorted(),
      [0, 1].map((id) => `POST /app/installations/${id}/access_tokens 201`),
    );
    // Which installation it is of is asked before.
    assert.equal(requests.length, 29 * 3 + 1 + 2 * 2);
  },
);

holds('a limit that one repository reaches is told of the others, which ask no more', async (world) => {
  // Two for each token, and some repositories.
  world.github.state.remaining = 14;
  const repositories = await proposeToThirty(world);
  const told = repositories.filter(({ failure }) => failure?.includes('GitHub asks to wait, its limit') === true);
  assert.ok(told.length > 20, String(told.length));
  const refused = world.github.requests.filter((line) => line.endsWith(' 403'));
  // Each of two tokens is refused what its repositories, four at a time, have sent by then.
  assert.ok(refused.length >= 1 && refused.length <= 8, String(refused.length));
  assert.equal(world.github.requests.length, 14 + refused.length);
});

holds('what is read of a fleet by git alone costs one token per owner', async (world) => {
  // Tokens are of the time that it is.
  world.github.state.now = Date.now();
  const { trees, problems } = await runAsApp(world, 6, 'monitor');
  assert.deepEqual([trees.length, problems], [6, []]);
  const asked = [0, 1].flatMap((id) => [
    `GET /orgs/${id === 0 ? 'one' : 'two'}/installation 200`,
    `POST /app/installations/${id}/access_tokens 201`,
  ]);
  assert.deepEqual(world.github.requests.toSorted(), asked.toSorted());
});
