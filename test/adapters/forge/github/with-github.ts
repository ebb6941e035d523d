import { createGithubForge } from '../../../../src/adapters/forge/github/create-github-forge.ts';
import {
  createGithubClient,
  type GithubClient,
  type GithubCredential,
} from '../../../../src/adapters/forge/github/github-client.ts';
import { createHttpClient } from '../../../../src/adapters/http/http-client.ts';
import type { Forge } from '../../../../src/ports/forge.ts';
import { commitTo } from '../../../fakes/bare-repository.ts';
import { startGitServer } from '../../../fakes/git-server.ts';
import { type FakeGithub, startFakeGithub } from '../../../fakes/github/fake-github.ts';
import type { Repository } from '../../../fakes/github/state.ts';

export type Stage = {
  readonly github: FakeGithub;
  /** `acme/shop`: `main` with a Dockerfile, `basekeeper/node` one commit ahead of it; the keeper may push. */
  readonly repository: Repository;
  /** As the keeper, a user with all scopes. */
  readonly forge: Forge;
  readonly client: GithubClient;
  /** How long it would have waited, each time. */
  readonly pauses: readonly number[];
  clientWith(credential: GithubCredential | undefined): GithubClient;
  forgeWith(credential: GithubCredential | undefined): Forge;
};

export const keeperToken = { kind: 'token', token: 'ghp_keeper', isOfJob: false } as const;

/** A GitHub that is gone when `use` ends. */
export async function withGithub(use: (stage: Stage) => Promise<void>): Promise<void> {
  const git = await startGitServer();
  const github = await startFakeGithub(git);
  const http = createHttpClient();
  const pauses: number[] = [];
  try {
    github.addUser('keeper');
    github.state.tokens.set(keeperToken.token, { login: 'keeper', scopes: ['repo', 'read:org'] });
    const repository = github.addRepository('acme/shop');
    repository.collaborators.add('keeper');
    commitTo(repository.folder, 'main', { Dockerfile: 'FROM node:22\n' });
    commitTo(repository.folder, 'basekeeper/node', { Dockerfile: 'FROM node:24\n' }, 'main');
    const clientWith = (credential: GithubCredential | undefined) =>
      createGithubClient(
        http,
        { apiUrl: github.origin, isPrivateAllowed: true, ...(credential === undefined ? {} : { credential }) },
        {
          clock: () => github.state.now,
          pause: async (ms) => {
            pauses.push(ms);
          },
        },
      );
    const forgeWith = (credential: GithubCredential | undefined) => createGithubForge(clientWith(credential));
    const client = clientWith(keeperToken);
    await use({ github, repository, pauses, clientWith, forgeWith, client, forge: createGithubForge(client) });
  } finally {
    await http.close();
    await github.close();
    await git.close();
  }
}
