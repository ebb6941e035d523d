import { parseRepositoryUrl, type RepositoryProtocol, type RepositoryUrl } from '../../domain/fleet/repository-url.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { type ObjectCache, openCache } from './object-cache.ts';
import { openRemoteGit, type RemoteGit } from './remote-git.ts';
import { checkHost, type HostSettings } from './remote-host.ts';

export type ConnectionRequest = {
  readonly url: string;
  /** Kept between runs; may be shared by processes, and removed when none runs. */
  readonly cacheFolder: string;
  /** Of the process; git gets it without most of `GIT_…`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isPrivateAllowed: (host: string) => boolean;
  /** For tests over loopback: nothing that people write is read by `http`. */
  readonly protocols?: readonly RepositoryProtocol[];
  readonly resolve?: HostSettings['resolve'];
  /** For finding and fetching the commit, and again for the content of its files. */
  readonly timeoutMs?: number;
  /** The most that one request may bring, as it lies on disk. */
  readonly maxFetchBytes?: number;
};

export type FolderRequest = Pick<ConnectionRequest, 'environment' | 'cacheFolder' | 'timeoutMs' | 'maxFetchBytes'>;

const defaultTimeoutMs = 120_000;
const defaultMaxFetchBytes = 512 * 1024 * 1024;

export type Connection = { readonly git: RemoteGit; readonly signal: AbortSignal; readonly cache: ObjectCache };

/** Looks at the address before anything is asked there. @throws RepositoryError */
export async function connect(request: ConnectionRequest): Promise<Connection> {
  const { environment, timeoutMs = defaultTimeoutMs, maxFetchBytes = defaultMaxFetchBytes } = request;
  const protocols = request.protocols ?? ['https', 'ssh'];
  const url = readUrl(request.url, protocols);
  const signal = AbortSignal.timeout(timeoutMs);
  const hasProxy = Object.entries(environment).some(
    ([name, value]) => isProxy(name) && value !== undefined && value !== '',
  );
  const host: HostSettings = { isPrivateAllowed: request.isPrivateAllowed, hasProxy, ...pick(request.resolve) };
  const pinned = await inTime(checkHost(url, host), signal, url);
  const git = openRemoteGit({ url, protocols, environment, timeoutMs, maxFetchBytes, pinned });
  return { git, signal, cache: openCache(request.cacheFolder, url.text, { maxBytes: 2 * maxFetchBytes }) };
}

/** A folder of this machine, that somebody who works on it named: nothing that is fetched or configured leads to one. */
export function connectFolder(folder: string, request: FolderRequest): Connection {
  const { environment, cacheFolder, timeoutMs = defaultTimeoutMs, maxFetchBytes = defaultMaxFetchBytes } = request;
  const settings = { environment, timeoutMs, maxFetchBytes, pinned: [] };
  return {
    git: openRemoteGit({ url: { text: folder }, protocols: ['file'], ...settings }),
    signal: AbortSignal.timeout(timeoutMs),
    cache: openCache(cacheFolder, folder, { maxBytes: 2 * maxFetchBytes }),
  };
}

function readUrl(text: string, protocols: readonly RepositoryProtocol[]): RepositoryUrl {
  const reading = parseRepositoryUrl(text, protocols);
  // The text itself may hold a credential.
  if (reading.kind === 'refused')
    throw new RepositoryError('refused', `cannot read a repository: its url ${reading.reason}`);
  return reading.url;
}

function isProxy(name: string): boolean {
  return ['http_proxy', 'https_proxy', 'all_proxy'].includes(name.toLowerCase());
}

function pick(resolve: HostSettings['resolve']): Pick<HostSettings, 'resolve'> {
  return resolve === undefined ? {} : { resolve };
}

/** Looking up a name cannot be stopped: it is left behind. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal, url: RepositoryUrl): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () =>
    reject(new RepositoryError('timeout', `cannot read ${url.text}: looking up ${url.host} takes too long`));
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
