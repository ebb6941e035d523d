import type { FoundRepository } from '../adapters/workspace/find-origin.ts';
import { environmentOfPrograms } from '../config/environment.ts';
import type { Branches } from '../ports/branches.ts';
import type { LineHistory } from '../ports/line-history.ts';
import type { Releases } from '../ports/releases.ts';
import { remoteSettings } from './remote-settings.ts';

/** @param token for the host of this url alone. */
export async function openRemoteBranches(
  url: string,
  privateHosts: ReadonlySet<string>,
  token?: string,
): Promise<Branches> {
  const { openBranches } = await import('../adapters/workspace/open-branches.ts');
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
      const { createLineHistory } = await import('../adapters/workspace/create-line-history.ts');
      return createLineHistory(environmentOfPrograms()).commitsOf(file, lines);
    },
  };
}

/** Loads what speaks to git when it is asked for the first time. */
function gitReleases(
  open: (module: typeof import('../adapters/workspace/open-releases.ts')) => Promise<Releases>,
): Releases {
  let opened: Promise<Releases> | undefined;
  const releases = () => {
    opened ??= import('../adapters/workspace/open-releases.ts').then(open);
    return opened;
  };
  return {
    list: async (choose) => (await releases()).list(choose),
    open: async (name) => (await releases()).open(name),
    trace: async (request) => (await releases()).trace(request),
  };
}

/** Which repository a folder of this machine belongs to. */
export async function findRepository(folder: string): Promise<FoundRepository> {
  const { findOrigin } = await import('../adapters/workspace/find-origin.ts');
  return findOrigin(folder, environmentOfPrograms());
}
