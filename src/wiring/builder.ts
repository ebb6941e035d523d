import { realpath, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildEnvironment, dockerEnvironment } from '../config/build-environment.ts';
import { environmentOfPrograms, readWorldEnvironment } from '../config/environment.ts';
import type { Builder } from '../ports/builder.ts';
import type { Commands } from '../ports/commands.ts';
import type { Evidence } from '../ports/evidence.ts';
import type { Revisions } from '../ports/revisions.ts';
import type { TemporaryFolders } from '../ports/temporary-folders.ts';

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
      import('../adapters/builder/buildah/create-buildah.ts'),
      import('../adapters/builder/docker/create-docker.ts'),
      import('../adapters/process/create-commands.ts'),
      import('../adapters/process/find-program.ts'),
      import('../adapters/process/find-unshare.ts'),
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
  const { openRevisions } = await import('../adapters/workspace/open-revisions.ts');
  return openRevisions(folder, environmentOfPrograms());
}

export async function openEvidenceFolder(folder: string): Promise<Evidence> {
  const { openEvidence } = await import('../adapters/storage/open-evidence.ts');
  return openEvidence(folder);
}

export async function openTemporaryFolders(): Promise<TemporaryFolders> {
  const { temporaryFolders } = await import('../adapters/storage/temporary-folders.ts');
  return temporaryFolders(await realpath(tmpdir()));
}
