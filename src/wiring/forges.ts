import { fileURLToPath } from 'node:url';
import { readWorldEnvironment, type WorldEnvironment } from '../config/environment.ts';
import { gitlabOf } from '../config/gitlab-access.ts';
import { addressParts } from '../domain/fleet/address-parts.ts';
import type { Instant } from '../domain/source/instant.ts';
import type { Forge } from '../ports/forge.ts';
import { pause } from './clock.ts';
import { openGithubClient } from './github.ts';
import { orRefusal } from './or-refusal.ts';
import { remoteSettings } from './remote-settings.ts';

/** One repository where it lives. */
export type RepositoryOnForge = {
  /** Counts what is asked for this repository. */
  readonly forge: Forge;
  /** What the forge calls the repository. */
  readonly repository: string;
  /** For git, on that host alone; `undefined` where git's own credentials count. */
  readonly gitToken: () => Promise<string | undefined>;
  /** It is what GitHub gives to a running workflow. */
  readonly hasJobToken: boolean;
};

export type ForgeConnection = RepositoryOnForge & { readonly close: () => Promise<void> };

/** One host, whose repositories share connections, tokens, kept answers and waits. */
export type ForgeHost = {
  readonly repositoryAt: (address: URL, facts?: AddressFacts) => RepositoryOnForge;
  readonly close: () => Promise<void>;
};

/** What people say of an address. */
export type AddressFacts = {
  /** The address as git is to be told it, where that is no url: `git@host:acme/shop.git`. */
  readonly written?: string;
  readonly privateHosts?: ReadonlySet<string>;
  /** What answers there, where its name does not tell. */
  readonly forge?: 'github' | 'gitlab';
};

/** `openForgeHost` for one repository. */
export async function openForge(
  address: URL,
  clock: () => Instant,
  world?: WorldEnvironment,
  facts?: AddressFacts,
): Promise<ForgeConnection> {
  const { repositoryAt, close } = await openForgeHost(address, clock, world, facts);
  return { ...repositoryAt(address, facts), close };
}

/**
 * The forge that a repository lies on, by the host of its address and the credentials of the environment; git alone where no
 * forge is known. A `file:` address is a folder of this machine: the caller sees to it that a person named it.
 */
export async function openForgeHost(
  address: URL,
  clock: () => Instant,
  world: WorldEnvironment = readWorldEnvironment(),
  facts: AddressFacts = {},
): Promise<ForgeHost> {
  const isPrivateNamed = facts.privateHosts?.has(address.hostname) === true;
  const found = facts.forge === 'github' ? undefined : gitlabOf(address, world.gitlab, facts.forge === 'gitlab');
  if (found === undefined) return (await openGithubHost(address, clock, world, facts)) ?? openGitHost(clock, world);
  const gitlab = { ...found, isPrivateAllowed: found.isPrivateAllowed || isPrivateNamed };
  const [{ createHttpClient }, { createGitlabForge }, { createRateLimits }] = await Promise.all([
    import('../adapters/http/http-client.ts'),
    import('../adapters/forge/gitlab/create-gitlab-forge.ts'),
    import('../adapters/forge/rate-limits.ts'),
  ]);
  const http = orRefusal(() => createHttpClient({ proxies: world.proxies }));
  const asking = { clock, limits: createRateLimits('GitLab', { clock, pause }) };
  // GitLab may lie under a path of its own.
  const folder = `${new URL(gitlab.url).pathname.slice(1)}/`;
  return {
    repositoryAt({ href }) {
      const { path } = addressParts(href);
      const repository = path.startsWith(folder) ? path.slice(folder.length) : path;
      const gitToken = async () => gitlab.token?.text;
      return { forge: createGitlabForge(http, gitlab, asking), repository, gitToken, hasJobToken: false };
    },
    close: () => http.close(),
  };
}

/** Git shares nothing: each repository is its own. */
async function openGitHost(clock: () => Instant, world: WorldEnvironment): Promise<ForgeHost> {
  const [{ connect, connectFolder }, { createGitForge }] = await Promise.all([
    import('../adapters/git/connect.ts'),
    import('../adapters/forge/git/create-git-forge.ts'),
  ]);
  const own = { gitToken: async () => undefined, hasJobToken: false };
  return {
    repositoryAt(address, { written = address.href, privateHosts = new Set<string>() } = {}) {
      if (address.protocol === 'file:') {
        const folder = fileURLToPath(address);
        const opened = {
          connect: async (path: string) => connectFolder(path, remoteSettings(path, privateHosts, world)),
        };
        return { forge: createGitForge(opened, clock), repository: folder, ...own };
      }
      const { start, path, end } = addressParts(written);
      const opened = {
        connect: (name: string) => connect(remoteSettings(`${start}${name}${end}`, privateHosts, world)),
      };
      return { forge: createGitForge(opened, clock), repository: path, ...own };
    },
    close: async () => undefined,
  };
}

async function openGithubHost(
  address: URL,
  clock: () => Instant,
  world: WorldEnvironment,
  facts: AddressFacts,
): Promise<ForgeHost | undefined> {
  const [{ createGithubForge }, { createFindAuthor }] = await Promise.all([
    import('../adapters/forge/github/create-github-forge.ts'),
    import('../adapters/forge/github/find-author.ts'),
  ]);
  const opened = await openGithubClient(address, clock, world, facts);
  if (opened === undefined) return undefined;
  const { client, close } = opened;
  const { credential } = client;
  const findAuthor = createFindAuthor(client);
  return {
    repositoryAt({ href }) {
      const { path } = addressParts(href);
      const gitToken = async () =>
        credential?.kind === 'token'
          ? credential.token
          : (await client.installationToken(path.split('/')[0] ?? ''))?.token;
      const hasJobToken = credential?.kind === 'token' && credential.isOfJob;
      return { forge: createGithubForge(client.again(), findAuthor), repository: path, gitToken, hasJobToken };
    },
    close,
  };
}
