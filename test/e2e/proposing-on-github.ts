import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetProposals } from '../../src/flows/update/fleet-proposals.ts';
import { commitTo, headOf } from '../fakes/bare-repository.ts';
import { type GitServer, git, loopbackCertificate, startGitServer } from '../fakes/git-server.ts';
import { type FakeGithub, startFakeGithub } from '../fakes/github/fake-github.ts';
import type { Repository } from '../fakes/github/state.ts';
import { basekeeper, type Run } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';

/** `acme/shop` on a GitHub, reached by the token of a keeper, who may push, and a registry that plays Docker Hub. */
export type OnGithub = {
  readonly github: FakeGithub;
  readonly server: GitServer;
  readonly repository: Repository;
  readonly hub: Monitored['hub'];
  /** Has `fleet.yaml`, `policy.yaml` and `clone/`, a work tree of `acme/shop`. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of `library/nginx`. */
  push(...tags: readonly string[]): void;
  propose(...args: readonly string[]): Promise<Run>;
  /** `open patch nginx:1.28.1`, per row, with reasons, notes and failures; or the failure of the repository. */
  tell(...args: readonly string[]): Promise<readonly string[]>;
  commit(files: Readonly<Record<string, string>>): void;
  branches(): readonly string[];
  /** Later runs are so much later. */
  passDays(days: number): void;
};

export const keeperToken = 'ghp_keeper';

/** A GitHub with the real git behind it, and a keeper who may push. */
export type Github = {
  readonly github: FakeGithub;
  readonly server: GitServer;
  /** What the program finds both by. */
  readonly env: Readonly<Record<string, string>>;
  /** @param files what stands on `main` */
  addRepository(path: string, files: Readonly<Record<string, string>>): Repository;
  close(): Promise<void>;
};

export async function startGithub(): Promise<Github> {
  const server = await startGitServer({ isSecure: true });
  const github = await startFakeGithub(server);
  github.addUser('keeper');
  github.state.tokens.set(keeperToken, { login: 'keeper', scopes: ['repo', 'read:org'] });
  admit(server, keeperToken);
  return {
    ...{ github, server },
    env: {
      GIT_SSL_CAINFO: loopbackCertificate,
      GITHUB_SERVER_URL: server.origin,
      GITHUB_API_URL: github.origin,
      GITHUB_TOKEN: keeperToken,
    },
    addRepository(path, files) {
      const repository = github.addRepository(path);
      repository.collaborators.add('keeper');
      git(repository.folder, 'config', 'uploadpack.allowFilter', 'true');
      git(repository.folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
      commitTo(repository.folder, 'main', files);
      return repository;
    },
    async close() {
      await github.close();
      await server.close();
    },
  };
}

/** @param update what stands under `update` in the policy file, in braces */
export async function proposingOnGithub(
  files: Readonly<Record<string, string>>,
  use: (world: OnGithub) => Promise<void>,
  update = '{ labels: [] }',
): Promise<void> {
  const { github, server, env: ofGithub, addRepository, close: closeGithub } = await startGithub();
  const { hub, path, env: own, close } = await startMonitored({});
  try {
    const repository = addRepository('acme/shop', files);
    const address = `${server.origin}/acme/shop.git`;
    git(path, 'clone', '-q', repository.folder, 'clone');
    git(join(path, 'clone'), 'remote', 'set-url', 'origin', address);
    const fleet = `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n  - { url: "${address}" }\n`;
    await writeFile(join(path, 'fleet.yaml'), fleet);
    await writeFile(join(path, 'policy.yaml'), `update: ${update}\n`, { flag: 'a' });
    const env = { ...own, ...ofGithub };
    const propose: OnGithub['propose'] = (...args) => {
      const now = new Date(github.state.now).toISOString();
      const given = ['--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', now];
      return basekeeper(['update', '--propose', ...given, ...args], { cwd: path, env });
    };
    await use({
      ...{ github, server, repository, hub, path, env, propose },
      push: (...tags) => {
        hub.content.pushTags({ repository: 'library/nginx', platforms: ['linux/amd64'] }, tags);
      },
      tell: async (...args) => tellProposals(await propose('--json', ...args)),
      commit: (changed) => void commitTo(repository.folder, 'main', changed),
      branches: () =>
        git(repository.folder, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/basekeeper/')
          .split('\n')
          .filter((name) => name !== '' && headOf(repository.folder, name) !== undefined),
      passDays(days) {
        github.state.now += days * 86_400_000;
      },
    });
  } finally {
    await closeGithub();
    await close();
  }
}

/** Git is served to whoever shows this token. */
export function admit(server: GitServer, token: string, mayPush = true): void {
  const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  server.behaviour = { kind: 'guarded', authorization, mayPush };
}

/** What `--json` says, row by row. */
export function tellProposals({ stdout, stderr }: Run): readonly string[] {
  assert.match(stdout, /^\{/, stderr);
  const { repositories } = JSON.parse(stdout) as FleetProposals;
  return repositories.flatMap(({ failure, rows }) => [
    ...(failure === undefined ? [] : [failure]),
    ...rows.map(({ action, lane, to, reason, failure: why, notes = [] }) =>
      [action, lane, to.replace('docker.io/library/', ''), reason, why, ...notes]
        .filter((part) => part !== undefined)
        .join(' '),
    ),
  ]);
}
