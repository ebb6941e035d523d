import { realpath, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  readRenewedCatalog,
  renewedCatalogPath,
  renewedCatalogText,
} from './adapters/catalog-file/renewed-catalog-file.ts';
import type { GithubClient } from './adapters/forge/github/github-client.ts';
import type { Analysis } from './adapters/forge/github/upload-analysis.ts';
import type { HttpClient } from './adapters/http/http-client.ts';
import type { MailAccess } from './adapters/notifier/create-email.ts';
import type { DeliveryReader, EpisodeReader, Ledger, OpenDeliveries } from './adapters/store/open-store.ts';
import type { FoundRepository } from './adapters/workspace/find-origin.ts';
import { openWorkspace } from './adapters/workspace/open-workspace.ts';
import { loadCatalog } from './catalog/load.ts';
import { partsInForce } from './catalog/parts-in-force.ts';
import { buildEnvironment, dockerEnvironment } from './config/build-environment.ts';
import {
  environmentOfPrograms,
  namedVariable,
  readEnvironment,
  readWorldEnvironment,
  type WorldEnvironment,
} from './config/environment.ts';
import { githubOf, ownGithub } from './config/github-access.ts';
import { gitlabOf } from './config/gitlab-access.ts';
import { trivyServerOf } from './config/trivy-server.ts';
import type { Catalog } from './domain/catalog/catalog.ts';
import type { RenewableParts, RenewedCatalog } from './domain/catalog/snapshot.ts';
import { addressParts } from './domain/fleet/address-parts.ts';
import type { TokenFacts } from './domain/forge/token-gaps.ts';
import type { MailServer, NoticeChannel, NoticeSettings } from './domain/notice/channel.ts';
import type { Policy } from './domain/policy/policy.ts';
import type { Instant } from './domain/source/instant.ts';
import { recommendedTrivy } from './domain/vulnerability/trivy-release.ts';
import type { ScanPorts } from './flows/scan/scan-digest.ts';
import type { Branches } from './ports/branches.ts';
import type { Builder } from './ports/builder.ts';
import type { CatalogUpstream } from './ports/catalog-upstream.ts';
import type { Commands } from './ports/commands.ts';
import type { CredentialInventory, Credentials } from './ports/credentials.ts';
import type { Evidence } from './ports/evidence.ts';
import type { Forge } from './ports/forge.ts';
import type { LineHistory } from './ports/line-history.ts';
import { type Notifier, NotifierError } from './ports/notifier.ts';
import type { OwnStorage } from './ports/own-storage.ts';
import type { Pipeline } from './ports/pipeline.ts';
import type { Programs } from './ports/programs.ts';
import type { Registry } from './ports/registry.ts';
import type { Releases } from './ports/releases.ts';
import type { Revisions } from './ports/revisions.ts';
import { type Scanner, ScannerError, type ScannerInspection } from './ports/scanner.ts';
import type { TemporaryFolders } from './ports/temporary-folders.ts';
import type { TreeWriter } from './ports/tree-writer.ts';
import type { Workspace } from './ports/workspace.ts';

/** The adapters of one run over one argument. This file alone constructs them. */
export type Wiring = { readonly workspace: Workspace; readonly isFolder: boolean };

/** @returns `undefined` when there is nothing at `path`. */
export async function wire(path: string): Promise<Wiring | undefined> {
  try {
    const found = await stat(path);
    return { workspace: await openWorkspace(path), isFolder: found.isDirectory() };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

/** Writes into the folder or the file at `path`. */
export async function writeTree(path: string): Promise<TreeWriter> {
  const { openTreeWriter } = await import('./adapters/workspace/write-tree.ts');
  const real = await realpath(path);
  return openTreeWriter(real, (await stat(real)).isDirectory());
}

/** The shipped catalog, with what a refresh left where it is newer. */
export function catalog(): Catalog {
  return loadCatalog(renewedCatalog(readEnvironment().catalogFolder));
}

function renewedCatalog(folder: string | undefined): RenewedCatalog {
  return folder === undefined ? { kind: 'none' } : readRenewedCatalog(folder);
}

export type CatalogRenewal = {
  readonly upstream: CatalogUpstream;
  readonly inForce: RenewableParts;
  readonly path: string;
  readonly textOf: (parts: RenewableParts) => string;
  readonly close: () => Promise<void>;
};

/** What a refresh of the catalog in this folder works with. Loads what speaks HTTP, which no other command has to wait for. */
export async function catalogRenewal(folder: string): Promise<CatalogRenewal> {
  const { createHttpClient } = await import('./adapters/http/http-client.ts');
  const { createCatalogUpstream } = await import('./adapters/catalog-source/catalog-upstream.ts');
  const http = createHttpClient({ proxies: readWorldEnvironment().proxies });
  return {
    upstream: createCatalogUpstream(http),
    inForce: partsInForce(renewedCatalog(folder)),
    path: renewedCatalogPath(folder),
    textOf: renewedCatalogText,
    close: () => http.close(),
  };
}

/** The clock: the one place that reads it. */
export function currentInstant(): string {
  return new Date().toISOString();
}

export function currentTime(): Instant {
  return Date.now();
}

export async function pause(ms: number): Promise<void> {
  await setTimeout(ms);
}

/** The ledger of a state folder; made when there is none. */
export async function openLedger(stateFolder: string): Promise<Ledger> {
  const { openLedger: open } = await import('./adapters/store/open-store.ts');
  return open(ledgerFile(stateFolder));
}

/** The episodes of a state folder's ledger, to be read; `undefined` while there are none. @throws StoreError */
export async function openHistory(stateFolder: string): Promise<EpisodeReader | undefined> {
  const { openEpisodes } = await import('./adapters/store/open-store.ts');
  return openEpisodes(ledgerFile(stateFolder));
}

/** Who was told of what, beside the ledger; made when there is none. @throws StoreError */
export async function openDeliveryLog(stateFolder: string): Promise<OpenDeliveries> {
  const { openDeliveries } = await import('./adapters/store/open-store.ts');
  return openDeliveries(deliveriesFile(stateFolder));
}

/** `openDeliveryLog` to be read; `undefined` where there is none. @throws StoreError */
export async function readDeliveryLog(stateFolder: string): Promise<DeliveryReader | undefined> {
  const { readDeliveries } = await import('./adapters/store/open-store.ts');
  return readDeliveries(deliveriesFile(stateFolder));
}

function deliveriesFile(stateFolder: string): string {
  return join(stateFolder, 'deliveries.sqlite');
}

export type Notifiers = {
  readonly notifierOf: (channel: NoticeChannel) => Notifier;
  readonly close: () => Promise<void>;
};

/** The ways to teams, with the secrets that the environment holds. What it lacks is told by the way that wants it. */
export async function openNotifiers(
  { mail }: Pick<NoticeSettings, 'mail'>,
  privateHosts: ReadonlySet<string>,
  clock: () => Instant,
): Promise<Notifiers> {
  const [{ createHttpClient }, { createEmail }, { createSlack }, { createTeams }, { createWebhook }] =
    await Promise.all([
      import('./adapters/http/http-client.ts'),
      import('./adapters/notifier/create-email.ts'),
      import('./adapters/notifier/create-slack.ts'),
      import('./adapters/notifier/create-teams.ts'),
      import('./adapters/notifier/create-webhook.ts'),
    ]);
  const http = orRefusal(() => createHttpClient({ proxies: readWorldEnvironment().proxies }));
  const tools = { http, clock, privateHosts };
  const create = (channel: NoticeChannel): Notifier => {
    switch (channel.kind) {
      case 'webhook':
        return createWebhook(channel.url, secretOf(channel.secretFrom), tools);
      case 'slack':
        return createSlack(secretOf(channel.urlFrom), tools);
      case 'teams':
        return createTeams(secretOf(channel.urlFrom), tools);
      case 'email':
        if (mail === undefined) throw new NotifierError('not-set', 'the fleet file names no mail server');
        return createEmail(channel.to, mailAccessOf(mail, privateHosts));
    }
  };
  return {
    notifierOf: (channel) => ({ send: async (message) => create(channel).send(message) }),
    close: () => http.close(),
  };
}

function mailAccessOf(mail: MailServer, privateHosts: ReadonlySet<string>): MailAccess {
  const { userFrom, passwordFrom, ...access } = mail;
  const login =
    userFrom === undefined || passwordFrom === undefined
      ? {}
      : { login: { user: secretOf(userFrom), pass: secretOf(passwordFrom) } };
  return { ...access, ...login, isPrivateAllowed: privateHosts.has(mail.host) };
}

/** @throws NotifierError */
function secretOf(name: string): string {
  const value = namedVariable(name);
  if (value === undefined)
    throw new NotifierError('not-set', `the environment has no ${name}: set it where notify runs`);
  return value;
}

function ledgerFile(stateFolder: string): string {
  return join(stateFolder, 'ledger.sqlite');
}

/** All registries, with the credentials and proxies of the environment. */
export async function openRegistry(settings: Policy['registries'], clock: () => Instant): Promise<Registry> {
  const [{ createHttpClient }, { createRegistry }, credentials] = await Promise.all([
    import('./adapters/http/http-client.ts'),
    import('./adapters/registry/create-registry.ts'),
    openCredentials(clock),
  ]);
  const { proxies, cacheFolder } = readWorldEnvironment();
  return createRegistry({
    http: orRefusal(() => createHttpClient({ proxies })),
    credentials,
    settings,
    clock,
    ...(cacheFolder === undefined ? {} : { cacheFolder: join(cacheFolder, 'registry') }),
  });
}

/** A proxy that cannot be used refuses each request with the reason: commands tell it image by image, and doctor the whole. */
function orRefusal(create: () => HttpClient): HttpClient {
  try {
    return create();
  } catch (error) {
    return { request: () => Promise.reject(error), close: async () => undefined };
  }
}

/** The credentials of Docker and Podman. */
export async function openCredentials(clock: () => Instant): Promise<Credentials & CredentialInventory> {
  const { createCredentials } = await import('./adapters/credentials/create-credentials.ts');
  const { credentials, executableFolders } = readWorldEnvironment();
  return createCredentials({ places: credentials, executableFolders, now: clock });
}

export async function openPrograms(): Promise<Programs> {
  const { createPrograms } = await import('./adapters/process/create-programs.ts');
  return createPrograms(readWorldEnvironment().executableFolders);
}

export type ScannerConnection = { readonly scanner: Scanner & ScannerInspection; readonly close: () => Promise<void> };

/**
 * Trivy, with the server of the environment or a database of its own.
 *
 * @throws ScannerError `missing`: with what to do
 */
export async function openScanner(world: WorldEnvironment = readWorldEnvironment()): Promise<ScannerConnection> {
  const { trivy, executableFolders, cacheFolder, proxies } = world;
  const [{ createTrivy, trivyBounds }, { trivyEnvironment }, { findProgram }] = await Promise.all([
    import('./adapters/scanner/trivy/create-trivy.ts'),
    import('./adapters/scanner/trivy/trivy-environment.ts'),
    import('./adapters/process/find-program.ts'),
  ]);
  const path =
    trivy.program === undefined
      ? await findProgram('trivy', executableFolders)
      : await findProgram(basename(trivy.program), [dirname(trivy.program)]);
  if (path === undefined) throw new ScannerError('missing', noTrivy(trivy.program));
  const program = { path, environment: trivyEnvironment(environmentOfPrograms()), bounds: trivyBounds };
  if (trivy.server === undefined) {
    const { ownDatabase } = await import('./adapters/scanner/trivy/own-database.ts');
    const folder = trivy.cacheFolder ?? join(cacheFolder ?? join(tmpdir(), 'basekeeper'), 'trivy');
    const database = ownDatabase(program, { cacheFolder: folder, isKept: trivy.isDatabaseKept });
    return { scanner: createTrivy(program, database), close: async () => undefined };
  }
  const server = trivyServerOf(trivy.server);
  if (server === undefined)
    throw new ScannerError('missing', 'BASEKEEPER_TRIVY_SERVER is no address like https://trivy.corp.example');
  const [{ createHttpClient }, { serverDatabase }] = await Promise.all([
    import('./adapters/http/http-client.ts'),
    import('./adapters/scanner/trivy/server-database.ts'),
  ]);
  const http = orRefusal(() => createHttpClient({ proxies }));
  return { scanner: createTrivy(program, serverDatabase(program, http, server)), close: () => http.close() };
}

/** What scans work with; a scanner that is not there is told by whoever asks it. */
export async function openScanPorts(): Promise<{ readonly ports: ScanPorts; readonly close: () => Promise<void> }> {
  const [{ openScanArchive }, { temporaryFolders }, { scanner, close }] = await Promise.all([
    import('./adapters/scan-archive/open-scan-archive.ts'),
    import('./adapters/storage/temporary-folders.ts'),
    openScanner().catch(refusingScanner),
  ]);
  const { cacheFolder } = readWorldEnvironment();
  const archive = openScanArchive(join(cacheFolder ?? join(tmpdir(), 'basekeeper'), 'scans'));
  return { ports: { scanner, archive, folders: temporaryFolders(tmpdir()) }, close };
}

function refusingScanner(error: unknown): { readonly scanner: Scanner; readonly close: () => Promise<void> } {
  if (!(error instanceof ScannerError)) throw error;
  const refuse = () => Promise.reject(error);
  return { scanner: { describe: refuse, scan: refuse, rematch: refuse }, close: async () => undefined };
}

function noTrivy(named: string | undefined): string {
  const where = named === undefined ? 'no trivy on PATH' : `no program at ${named}, which BASEKEEPER_TRIVY names`;
  return `${where}: install Trivy ${recommendedTrivy} from https://trivy.dev, or set BASEKEEPER_TRIVY to its path`;
}

/** What runs what a repository says, and all that has to end with it. */
export type BuilderConnection = {
  readonly builder: Builder;
  readonly commands: Commands;
  readonly close: () => Promise<void>;
};

/** @param folder absolute, and there; of ours alone. */
export async function openBuilder(kind: 'buildah' | 'docker', folder: string): Promise<BuilderConnection> {
  const [{ createBuildah }, { createDocker }, { createCommands }, { findProgram }, { findUnshare }] = await Promise.all(
    [
      import('./adapters/builder/buildah/create-buildah.ts'),
      import('./adapters/builder/docker/create-docker.ts'),
      import('./adapters/process/create-commands.ts'),
      import('./adapters/process/find-program.ts'),
      import('./adapters/process/find-unshare.ts'),
    ],
  );
  const { executableFolders } = readWorldEnvironment();
  const [program, unshare] = [await findProgram(kind, executableFolders), await findUnshare(executableFolders)];
  const own = unshare === undefined ? {} : { unshare };
  const variables = environmentOfPrograms();
  const settings = {
    ...(program === undefined ? {} : { program }),
    folder: join(folder, kind),
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
  const testFolder = join(folder, 'tests');
  const commands = createCommands({ environment: buildEnvironment(variables, testFolder), ...own });
  if (kind === 'docker') {
    // Its client does nothing but ask its daemon.
    const environment = dockerEnvironment(variables, settings.folder);
    return { builder: createDocker({ ...settings, environment }), commands, close: async () => undefined };
  }
  const builder = createBuildah({ ...settings, ...own, environment: buildEnvironment(variables, settings.folder) });
  return { builder, commands, close: () => builder.close() };
}

/** The commits of the repository that a folder lies in. */
export async function openCommits(folder: string): Promise<Revisions> {
  const { openRevisions } = await import('./adapters/workspace/open-revisions.ts');
  return openRevisions(folder, environmentOfPrograms());
}

export async function openEvidenceFolder(folder: string): Promise<Evidence> {
  const { openEvidence } = await import('./adapters/storage/open-evidence.ts');
  return openEvidence(folder);
}

export async function openTemporaryFolders(): Promise<TemporaryFolders> {
  const { temporaryFolders } = await import('./adapters/storage/temporary-folders.ts');
  return temporaryFolders(await realpath(tmpdir()));
}

/** To look at the folders of ours, not to use them. */
export async function openOwnStorage(): Promise<OwnStorage> {
  const [{ createOwnStorage }, { describeStore }] = await Promise.all([
    import('./adapters/storage/create-own-storage.ts'),
    import('./adapters/store/open-store.ts'),
  ]);
  const { stateFolder, cacheFolder } = readWorldEnvironment();
  return createOwnStorage({
    describeLedger: describeStore,
    ...(stateFolder === undefined ? {} : { ledgerFile: ledgerFile(stateFolder) }),
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
  });
}

/** @param token for the host of this url alone. */
export async function openRemoteBranches(
  url: string,
  privateHosts: ReadonlySet<string>,
  token?: string,
): Promise<Branches> {
  const { openBranches } = await import('./adapters/workspace/open-branches.ts');
  return openBranches({ ...remoteSettings(url, privateHosts), ...(token === undefined ? {} : { token }) });
}

/** The git tags of a repository elsewhere. @param token for the host of this url alone. */
export function openRemoteReleases(url: string, privateHosts: ReadonlySet<string>, token?: string): Releases {
  return gitReleases(async ({ openReleases }) => {
    const settings = remoteSettings(url, privateHosts);
    return openReleases({ ...settings, ...(token === undefined ? {} : { token }) });
  });
}

/** The git tags of a folder of this machine, which a person named. */
export function openFolderReleases(folder: string): Releases {
  return gitReleases(async ({ openReleasesOfFolder }) =>
    openReleasesOfFolder(folder, remoteSettings(folder, new Set())),
  );
}

/** Who wrote the lines of a file on this machine. */
export function lineHistory(): LineHistory {
  return {
    async commitsOf(file, lines) {
      const { createLineHistory } = await import('./adapters/workspace/create-line-history.ts');
      return createLineHistory(environmentOfPrograms()).commitsOf(file, lines);
    },
  };
}

/** Loads what speaks to git when it is asked for the first time. */
function gitReleases(
  open: (module: typeof import('./adapters/workspace/open-releases.ts')) => Promise<Releases>,
): Releases {
  let opened: Promise<Releases> | undefined;
  const releases = () => {
    opened ??= import('./adapters/workspace/open-releases.ts').then(open);
    return opened;
  };
  return {
    list: async (choose) => (await releases()).list(choose),
    open: async (name) => (await releases()).open(name),
  };
}

function remoteSettings(
  url: string,
  privateHosts: ReadonlySet<string>,
  { cacheFolder }: WorldEnvironment = readWorldEnvironment(),
) {
  return {
    url,
    cacheFolder: join(cacheFolder ?? join(tmpdir(), 'basekeeper'), 'repositories'),
    environment: environmentOfPrograms(),
    isPrivateAllowed: (host: string) => privateHosts.has(host),
  };
}

/** Which repository a folder of this machine belongs to. */
export async function findRepository(folder: string): Promise<FoundRepository> {
  const { findOrigin } = await import('./adapters/workspace/find-origin.ts');
  return findOrigin(folder, environmentOfPrograms());
}

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
    import('./adapters/http/http-client.ts'),
    import('./adapters/forge/gitlab/create-gitlab-forge.ts'),
    import('./adapters/forge/rate-limits.ts'),
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
    import('./adapters/git/connect.ts'),
    import('./adapters/forge/git/create-git-forge.ts'),
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
    import('./adapters/forge/github/create-github-forge.ts'),
    import('./adapters/forge/github/find-author.ts'),
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

/** @returns `undefined` where nothing says that GitHub is there */
async function openGithubClient(
  address: URL,
  clock: () => Instant,
  world: WorldEnvironment,
  { forge, privateHosts }: AddressFacts = {},
): Promise<{ readonly client: GithubClient; readonly close: () => Promise<void> } | undefined> {
  const found = githubOf(address, world.github, forge === 'github');
  if (found === undefined) return undefined;
  const isPrivateNamed = privateHosts?.has(address.hostname) === true;
  const place = { ...found, isPrivateAllowed: found.isPrivateAllowed || isPrivateNamed };
  const [{ createHttpClient }, { createGithubClient }, { readAppKey }] = await Promise.all([
    import('./adapters/http/http-client.ts'),
    import('./adapters/forge/github/github-client.ts'),
    import('./adapters/forge/github/read-app-key.ts'),
  ]);
  const { credential: named, ...at } = place;
  const credential =
    named?.kind === 'app' ? { kind: named.kind, appId: named.appId, privateKey: await readAppKey(named.key) } : named;
  const http = orRefusal(() => createHttpClient({ proxies: world.proxies }));
  const access = credential === undefined ? at : { ...at, credential };
  return { client: createGithubClient(http, access, { clock, pause }), close: () => http.close() };
}

/**
 * What the credential for GitHub may that the environment names, asked of the GitHub that it is of.
 *
 * @returns `undefined` when it names none
 * @throws ForgeError
 */
export async function describeGithubToken(
  clock: () => Instant,
  world: WorldEnvironment = readWorldEnvironment(),
): Promise<TokenFacts | undefined> {
  const { describeToken } = await import('./adapters/forge/github/describe-token.ts');
  const opened = await openGithubClient(ownGithub(world.github), clock, world);
  try {
    return opened && (await describeToken(opened.client));
  } finally {
    await opened?.close();
  }
}

/** Of one check, for GitHub's code scanning. Whoever names the API's host in the environment may name a private one. @throws ForgeError */
export async function sendAnalysis(
  analysis: Analysis,
  { apiUrl, token }: { readonly apiUrl: string; readonly token: string },
  clock: () => Instant,
): Promise<void> {
  const [{ createHttpClient }, { createGithubClient }, { uploadAnalysis }] = await Promise.all([
    import('./adapters/http/http-client.ts'),
    import('./adapters/forge/github/github-client.ts'),
    import('./adapters/forge/github/upload-analysis.ts'),
  ]);
  const http = orRefusal(() => createHttpClient({ proxies: readWorldEnvironment().proxies }));
  const isPrivateAllowed = new URL(apiUrl).host !== 'api.github.com';
  const access = { apiUrl, credential: { kind: 'token', token, isOfJob: true }, isPrivateAllowed } as const;
  try {
    await uploadAnalysis(createGithubClient(http, access, { clock, pause }), analysis);
  } finally {
    await http.close();
  }
}

export type PipelineConnection = { readonly pipeline: Pipeline; readonly close: () => Promise<void> };

/** The repository on GitHub that a job runs for. Whoever names the API's host in the environment may name a private one. */
export async function openPipeline(
  repository: { readonly apiUrl: string; readonly name: string; readonly token?: string },
  state: 'variables' | 'branch',
  clock: () => Instant,
): Promise<PipelineConnection> {
  const [{ createHttpClient }, { createGithubPipeline }] = await Promise.all([
    import('./adapters/http/http-client.ts'),
    import('./adapters/pipeline/github/create-github-pipeline.ts'),
  ]);
  const http = orRefusal(() => createHttpClient({ proxies: readWorldEnvironment().proxies }));
  const isPrivateAllowed = new URL(repository.apiUrl).host !== 'api.github.com';
  const pipeline = createGithubPipeline({ ...repository, isPrivateAllowed }, state, { http, clock, wait: pause });
  return { pipeline, close: () => http.close() };
}
