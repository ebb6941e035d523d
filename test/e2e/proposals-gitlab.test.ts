import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commitTo, headOf } from '../fakes/bare-repository.ts';
import { git, loopbackCertificate, startGitServer } from '../fakes/git-server.ts';
import { type FakeGitlab, startFakeGitlab } from '../fakes/gitlab/fake-gitlab.ts';
import type { Project } from '../fakes/gitlab/projects.ts';
import { startSecureFront } from '../fakes/secure-front.ts';
import { basekeeper, type Run } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';
import { admit, tellProposals } from './proposing-on-github.ts';

type OnGitlab = {
  readonly gitlab: FakeGitlab;
  readonly project: Project;
  readonly hub: Monitored['hub'];
  /** Git is served to its token, and takes pushes or not. */
  admitBot(scope: 'api' | 'read_api'): void;
  push(...tags: readonly string[]): void;
  propose(...args: readonly string[]): Promise<Run>;
  tell(): Promise<readonly string[]>;
};

const botToken = 'glpat-bot';

/** The real program, `acme/shop` with one Dockerfile on a GitLab, and a registry that plays Docker Hub. */
async function proposingOnGitlab(use: (world: OnGitlab) => Promise<void>): Promise<void> {
  const server = await startGitServer();
  const gitlab = await startFakeGitlab(server);
  const front = await startSecureFront({ api: gitlab.origin, git: server.origin });
  const { hub, path, env: own, close } = await startMonitored({});
  try {
    const bot = gitlab.addUser('group_7_bot_c0ffee');
    const project = gitlab.addProject('acme/shop');
    project.members.set(bot.id, 30);
    git(project.folder, 'config', 'uploadpack.allowFilter', 'true');
    git(project.folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    commitTo(project.folder, 'main', { Dockerfile: 'FROM nginx:1.28.0\n' });
    const address = `${front.origin}/acme/shop.git`;
    await writeFile(
      join(path, 'fleet.yaml'),
      `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n  - { url: "${address}" }\n`,
    );
    const update = 'update: { labels: [docker], reviewers: ["team:platform"] }\n';
    await writeFile(join(path, 'policy.yaml'), update, { flag: 'a' });
    const tls = { GIT_SSL_CAINFO: loopbackCertificate, NODE_EXTRA_CA_CERTS: loopbackCertificate };
    const env = { ...own, ...tls, GITLAB_HOST: front.origin, GITLAB_TOKEN: botToken };
    const propose = (...args: readonly string[]) => {
      const given = ['--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', instantOf(gitlab)];
      return basekeeper(['update', '--propose', ...given, ...args], { cwd: path, env });
    };
    const admitBot = (scope: 'api' | 'read_api') => {
      gitlab.state.tokens.set(botToken, { userId: bot.id, scope });
      admit(server, botToken, scope === 'api');
    };
    admitBot('api');
    await use({
      ...{ gitlab, project, hub, admitBot, propose },
      push: (...tags) => hub.content.pushTags({ repository: 'library/nginx', platforms: ['linux/amd64'] }, tags),
      tell: async () => tellProposals(await propose('--json')),
    });
  } finally {
    await front.close();
    await gitlab.close();
    await server.close();
    await close();
  }
}

const instantOf = ({ state }: FakeGitlab) => new Date(state.now).toISOString();

test('on GitLab, too: opened, kept, closed by a person and left alone, opened for what is newer', () =>
  proposingOnGitlab(async ({ gitlab, project, push, tell }) => {
    project.labels.push('docker');
    push('1.28.0', '1.28.1');
    assert.match((await tell()).join('; '), /^open patch nginx:1\.28\.1 .*platform/);
    const [first] = project.mergeRequests;
    assert.ok(first !== undefined);
    assert.deepEqual(first.labels, ['docker']);
    assert.equal(git(project.folder, 'show', `${first.sourceBranch}:Dockerfile`), 'FROM nginx:1.28.1');
    assert.deepEqual(await tell(), ['keep patch nginx:1.28.1']);
    Object.assign(first, { state: 'closed', closedAt: gitlab.state.now });
    for (let run = 0; run < 2; run += 1)
      assert.match((await tell()).at(-1) ?? '', /^hold patch nginx:1\.28\.1 .*2026-12-25/);
    assert.equal(first.notes.length, 1);
    push('1.28.2');
    assert.match((await tell()).join('; '), /^open patch nginx:1\.28\.2/);
    assert.deepEqual(
      project.mergeRequests.map(({ state }) => state),
      ['closed', 'opened'],
    );
  }));

test('on GitLab, too: what another lane overtakes is closed with a link, and its branch goes', () =>
  proposingOnGitlab(async ({ project, hub, push, tell }) => {
    push('1.28.0', '1.28.1');
    await tell();
    hub.content.untag('library/nginx', '1.28.1');
    push('1.30.0');
    const [opened = '', superseded] = await tell();
    assert.match(opened, /^open minor nginx:1\.30\.0/);
    assert.equal(superseded, 'supersede patch nginx:1.28.1');
    const [old] = project.mergeRequests;
    assert.equal(old?.state, 'closed');
    assert.match(old?.notes[0]?.body ?? '', /^Superseded by http\S+\/merge_requests\/2,/m);
    assert.equal(headOf(project.folder, old?.sourceBranch ?? ''), undefined);
  }));

test('on GitLab, too: a token that only reads is told which scope lacks, and leaves nothing behind', () =>
  proposingOnGitlab(async ({ project, admitBot, push, propose, tell }) => {
    push('1.28.0', '1.28.1');
    admitBot('read_api');
    const { code, stdout } = await propose();
    assert.equal(code, 3);
    assert.match(stdout, /write_repository/);
    assert.deepEqual(project.mergeRequests, []);
    admitBot('api');
    assert.match((await tell()).join('; '), /^open patch/);
    assert.equal(project.mergeRequests.length, 1);
  }));
