import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commitTo } from '../fakes/bare-repository.ts';
import { git, loopbackCertificate, startGitServer } from '../fakes/git-server.ts';
import { type FakeGitlab, startFakeGitlab } from '../fakes/gitlab/fake-gitlab.ts';
import type { Project } from '../fakes/gitlab/projects.ts';
import { startSecureFront } from '../fakes/secure-front.ts';
import { basekeeper, type Run } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';
import { admit, tellProposals } from './proposing-on-github.ts';

export type OnGitlab = {
  readonly gitlab: FakeGitlab;
  readonly project: Project;
  readonly hub: Monitored['hub'];
  /** Git is served to its token, and takes pushes or not. */
  admitBot(scope: 'api' | 'read_api'): void;
  push(...tags: readonly string[]): void;
  propose(...args: readonly string[]): Promise<Run>;
  settle(...args: readonly string[]): Promise<Run>;
  tell(): Promise<readonly string[]>;
};

const botToken = 'glpat-bot';

/** The real program, `acme/shop` with one Dockerfile on a GitLab, and a registry that plays Docker Hub. */
export async function proposingOnGitlab(
  use: (world: OnGitlab) => Promise<void>,
  update = '{ labels: [docker], reviewers: ["team:platform"] }',
): Promise<void> {
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
    await writeFile(join(path, 'policy.yaml'), `update: ${update}\n`, { flag: 'a' });
    const tls = { GIT_SSL_CAINFO: loopbackCertificate, NODE_EXTRA_CA_CERTS: loopbackCertificate };
    const env = { ...own, ...tls, GITLAB_HOST: front.origin, GITLAB_TOKEN: botToken };
    const given = () => ['--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', instantOf(gitlab)];
    const propose = (...args: readonly string[]) =>
      basekeeper(['update', '--propose', ...given(), ...args], { cwd: path, env });
    const settle = (...args: readonly string[]) => basekeeper(['settle', ...given(), ...args], { cwd: path, env });
    const admitBot = (scope: 'api' | 'read_api') => {
      gitlab.state.tokens.set(botToken, { userId: bot.id, scope });
      admit(server, botToken, scope === 'api');
    };
    admitBot('api');
    await use({
      ...{ gitlab, project, hub, admitBot, propose, settle },
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
