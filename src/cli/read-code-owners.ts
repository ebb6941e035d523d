import type { Fleet } from '../domain/fleet/fleet.ts';
import { codeOwnersPaths, maxCodeOwnersBytes, parseCodeOwners } from '../domain/notice/code-owners.ts';
import type { OwnersReading } from '../flows/notices/collect-notices.ts';
import { ForgeError } from '../ports/forge.ts';
import { RepositoryError } from '../ports/repositories.ts';
import { type Workspace, WorkspaceError } from '../ports/workspace.ts';
import { currentTime } from '../wiring/clock.ts';
import { wire } from '../wiring/tree.ts';
import { fetchTree } from './gather-fleet.ts';
import { openForges } from './open-forges.ts';
import { addressOfFleet } from './repository-address.ts';

/** Opens what repositories say of who answers for them, as long as `use` runs. */
export async function withCodeOwners<T>(
  fleet: Fleet,
  use: (readOwners: (repository: string) => Promise<OwnersReading>) => Promise<T>,
): Promise<T> {
  const forges = openForges(currentTime);
  const workspaceOf = async (repository: string): Promise<Workspace | undefined> => {
    const found = fleet.repositories.find(({ name, source }) =>
      source.kind === 'path' ? source.path === repository : name === repository,
    );
    if (found === undefined) return undefined;
    const { source } = found;
    return source.kind === 'path'
      ? (await wire(source.path))?.workspace
      : (await fetchTree(addressOfFleet(source, fleet), { forges })).fetched;
  };
  try {
    return await use(async (repository) => {
      try {
        const workspace = await workspaceOf(repository);
        return { kind: 'owners', codeOwners: workspace === undefined ? [] : await readOwners(workspace) };
      } catch (error) {
        if (error instanceof RepositoryError || error instanceof ForgeError || error instanceof WorkspaceError)
          return { kind: 'failed', message: `whose it is cannot be read, others are told: ${error.message}` };
        throw error;
      }
    });
  } finally {
    await forges.close();
  }
}

async function readOwners(workspace: Workspace) {
  const { paths } = await workspace.list({ isWanted: (path) => codeOwnersPaths.some((name) => name === path) });
  const path = codeOwnersPaths.find((name) => paths.includes(name));
  return path === undefined ? [] : parseCodeOwners(await workspace.read(path, maxCodeOwnersBytes));
}
