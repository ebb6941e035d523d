import { createGitlabForge } from '../../../../src/adapters/forge/gitlab/create-gitlab-forge.ts';
import type { GitlabToken } from '../../../../src/adapters/forge/gitlab/session.ts';
import { createRateLimits } from '../../../../src/adapters/forge/rate-limits.ts';
import { createHttpClient } from '../../../../src/adapters/http/http-client.ts';
import type { Forge } from '../../../../src/ports/forge.ts';
import { commitTo } from '../../../fakes/bare-repository.ts';
import { type GitServer, startGitServer } from '../../../fakes/git-server.ts';
import { type FakeGitlab, startFakeGitlab } from '../../../fakes/gitlab/fake-gitlab.ts';
import type { Project } from '../../../fakes/gitlab/projects.ts';

export type Stage = {
  readonly gitlab: FakeGitlab;
  readonly git: GitServer;
  /** `acme/shop`: `main` with a Dockerfile, `basekeeper/node` one commit ahead of it; the bot may push. */
  readonly project: Project;
  /** As the bot, with all scopes. */
  readonly forge: Forge;
  forgeWith(token: GitlabToken | undefined): Forge;
};

export const botToken = 'glpat-bot';

/** A GitLab that is gone when `use` ends. */
export async function withGitlab(use: (stage: Stage) => Promise<void>): Promise<void> {
  const git = await startGitServer();
  const gitlab = await startFakeGitlab(git);
  const http = createHttpClient();
  try {
    const bot = gitlab.addUser('group_7_bot_c0ffee');
    gitlab.state.tokens.set(botToken, { userId: bot.id, scope: 'api' });
    const project = gitlab.addProject('acme/shop');
    project.members.set(bot.id, 30);
    commitTo(project.folder, 'main', { Dockerfile: 'FROM node:22\n' });
    commitTo(project.folder, 'basekeeper/node', { Dockerfile: 'FROM node:24\n' }, 'main');
    const clock = () => gitlab.state.now;
    const forgeWith = (token: GitlabToken | undefined) =>
      createGitlabForge(
        http,
        { url: gitlab.origin, isPrivateAllowed: true, ...(token === undefined ? {} : { token }) },
        { clock, limits: createRateLimits('GitLab', { clock, pause: async () => undefined }) },
      );
    await use({ gitlab, git, project, forgeWith, forge: forgeWith({ kind: 'private', text: botToken }) });
  } finally {
    await http.close();
    await gitlab.close();
    await git.close();
  }
}

export const draft = {
  branch: 'basekeeper/node',
  baseBranch: 'main',
  title: 'node 22 → 24',
  body: 'Newer.',
  isDraft: false,
  labels: [],
  assignees: [],
  reviewers: [],
} as const;
