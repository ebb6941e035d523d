import type { RepositoryProtocol, RepositoryUrl } from '../../domain/fleet/repository-url.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { describeFailure } from './git-failure.ts';
import type { ObjectCache } from './object-cache.ts';
import { packBytes } from './object-cache.ts';
import { type GitEnd, type GitRequest, runGit } from './run-git.ts';
import { scrub } from './scrub.ts';

/** Git, talking to one repository elsewhere or reading what it fetched. */
export type RemoteGit = {
  readonly url: Pick<RepositoryUrl, 'text'>;
  readonly timeoutMs: number;
  readonly maxFetchBytes: number;
  /** Talks to the server, in a git folder of one's own. */
  ask(own: string, args: readonly string[], options: AskOptions): Promise<GitEnd>;
  /** Reads in the cache; nothing can be fetched. */
  read(cache: ObjectCache, args: readonly string[], options: ReadOptions): Promise<GitEnd>;
};

export type AskOptions = {
  readonly signal: AbortSignal;
  readonly input?: string;
  /** Where what is fetched goes. */
  readonly into?: ObjectCache;
};

export type ReadOptions = { readonly input?: string; readonly maxOutputBytes: number };

export type RemoteGitSettings = {
  readonly url: Pick<RepositoryUrl, 'text'>;
  readonly protocols: readonly (RepositoryProtocol | 'file')[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly maxFetchBytes: number;
  /** `-c` settings that hold the address that was looked at. */
  readonly pinned: readonly string[];
};

/** A million branches. */
const maxAnswerBytes = 64 * 1024 * 1024;
const readTimeoutMs = 60_000;

/**
 * Settings of the system and of the user count, for credential helpers and proxies; these stand above them. The repository
 * itself has none: its git folder is written by us, and nothing of it is ever checked out.
 */
const guarded = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.askPass=',
  'credential.interactive=never',
  // A redirect could lead to where the address that was looked at does not.
  'http.followRedirects=false',
  // Ends git by itself if we were killed.
  'http.lowSpeedLimit=100',
  'http.lowSpeedTime=60',
  'protocol.version=2',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.writeCommitGraph=false',
  'fetch.recurseSubmodules=false',
  'fetch.prune=false',
  // Always packs, never single objects: room is watched in one folder.
  'fetch.unpackLimit=1',
  'transfer.unpackLimit=1',
  'transfer.bundleURI=false',
  // What is larger is not held in memory as a whole while it is indexed.
  'core.bigFileThreshold=4m',
];

/** Variables by which people tell git how to reach their servers; all others of git's could point it to other repositories. */
const kept = /^GIT_(SSH|SSH_COMMAND|SSH_VARIANT|SSL_[A-Z]+|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+))$/;

export function openRemoteGit(settings: RemoteGitSettings): RemoteGit {
  const { url, protocols, environment, timeoutMs, maxFetchBytes, pinned } = settings;
  const base = scrub(environment);
  const asking = {
    ...base,
    ...Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) =>
        value !== undefined && kept.test(name) ? [[name, value] as const] : [],
      ),
    ),
    GIT_ALLOW_PROTOCOL: protocols.join(':'),
    // Nobody is asked: without a terminal ssh fails where it would ask, and these stand for the windows it could open.
    // Its own BatchMode would have to replace the user's core.sshCommand.
    GIT_ASKPASS: '',
    SSH_ASKPASS: '/bin/false',
    SSH_ASKPASS_REQUIRE: 'never',
  };
  const settled = [...guarded, ...pinned, `remote.basekeeper.url=${url.text}`].flatMap((entry) => ['-c', entry]);
  return {
    url,
    timeoutMs,
    maxFetchBytes,
    ask(own, args, { signal, input, into }) {
      const before = into === undefined ? 0 : packBytes(into);
      const request: GitRequest = {
        args: [...settled, ...args],
        environment: { ...asking, GIT_DIR: own, ...(into === undefined ? {} : { GIT_OBJECT_DIRECTORY: into.objects }) },
        signal,
        maxOutputBytes: maxAnswerBytes,
        ...(input === undefined ? {} : { input }),
        ...(into === undefined ? {} : { isOverrun: () => packBytes(into) - before > maxFetchBytes }),
      };
      return runGit(request);
    },
    read(cache, args, { input, maxOutputBytes }) {
      const request: GitRequest = {
        args: ['-c', 'core.hooksPath=/dev/null', ...args],
        environment: { ...base, GIT_DIR: cache.folder },
        signal: AbortSignal.timeout(readTimeoutMs),
        maxOutputBytes,
        ...(input === undefined ? {} : { input }),
      };
      return runGit(request);
    },
  };
}

/** The error for a request that did not end well. */
export function failureOf(git: RemoteGit, end: GitEnd): RepositoryError {
  const about = `cannot read ${git.url.text}`;
  switch (end.kind) {
    case 'not-started':
      return new RepositoryError('unreachable', `${about}: git is not installed`);
    case 'stopped':
      return end.cause === 'aborted'
        ? new RepositoryError('timeout', `${about}: not done after ${Math.ceil(git.timeoutMs / 1000)} seconds`)
        : new RepositoryError(
            'too-large',
            `${about}: it is larger than the ${Math.floor(git.maxFetchBytes / 1024 / 1024)} MiB that are fetched at most`,
          );
    case 'ended': {
      const { code, reason } = describeFailure(end.stderr);
      return new RepositoryError(code, `${about}: ${reason}`);
    }
  }
}
