import type { ProposalPlace } from '../flows/track/track-request.ts';
import { openRemoteBranches } from '../wiring/repositories.ts';
import { UsageError } from './failure.ts';
import { openForges } from './open-forges.ts';
import { addressOfPlace, NoOriginError, type RepositoryAddress } from './repository-address.ts';

/** The pull requests of the repositories of a run; nothing is opened before it is asked for. */
export type OpenProposals = {
  /** @throws ForgeError, RepositoryError */
  readonly of: (repository: string) => Promise<ProposalPlace>;
  readonly close: () => Promise<void>;
};

/** @param addresses of a fleet's repositories; any other is a folder, whose origin counts. */
export function openProposals(addresses: ReadonlyMap<string, RepositoryAddress>, clock: () => number): OpenProposals {
  const forges = openForges(clock);
  return {
    async of(repository) {
      const address = addresses.get(repository) ?? (await addressOfFolder(repository));
      if (typeof address === 'string') return { kind: 'none', reason: address };
      const { web, written, privateHosts, branch } = address;
      if (web.protocol === 'file:') return { kind: 'none', reason: 'a folder of this machine has no pull requests' };
      const onForge = await forges.of(address);
      const token = await onForge.gitToken();
      // Git alone has credentials of its own.
      if (onForge.forge.kind !== 'git' && token === undefined)
        return { kind: 'none', reason: `there is no token for ${web.host}` };
      const branches = await openRemoteBranches(written, privateHosts, token);
      return {
        ...{ kind: 'forge', forge: onForge.forge, repository: onForge.repository },
        ...(branch === undefined ? {} : { branch }),
        openBranch: (name) => branches.open(name),
      };
    },
    close: () => forges.close(),
  };
}

/** @returns why it has none, in one clause */
async function addressOfFolder(folder: string): Promise<RepositoryAddress | string> {
  try {
    const address = await addressOfPlace(folder);
    const isPart = address.folder !== undefined && address.folder !== folder;
    return isPart ? `it is a part of ${address.folder}: name that folder` : address;
  } catch (error) {
    if (error instanceof NoOriginError) return 'a git repository without a remote origin has no pull requests';
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}
