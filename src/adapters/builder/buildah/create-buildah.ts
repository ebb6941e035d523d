import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDigest } from '../../../domain/image/digest.ts';
import { type Builder, BuilderError, type BuildRequest } from '../../../ports/builder.ts';
import { buildArguments } from '../build-arguments.ts';
import { builderProgram } from '../builder-program.ts';
import type { BuilderSettings } from '../builder-settings.ts';
import { readLayout } from '../read-layout.ts';
import { releaseStorage } from './release-storage.ts';

export type Buildah = Builder & {
  /** Ends what is left of containers and takes the storage away. */
  close(): Promise<void>;
};

/** `FROM node` is Docker Hub's, as Docker reads it. Stands beside the machine's own settings, and not where an environment names a file. */
const dockerNames = 'unqualified-search-registries = ["docker.io"]\n';

/** Copying and looking takes no longer than this. */
const shortMs = 300_000;

/**
 * Builds by buildah, without a daemon, in a storage of its own. `chroot` isolation needs no privilege that containers lack; it is no
 * sandbox: what a Dockerfile runs can reach whatever the user of this process can.
 */
export function createBuildah(settings: BuilderSettings): Buildah {
  const { folder } = settings;
  const program = builderProgram('buildah', settings);
  const global = storageArguments(folder);
  const prepare = async () => {
    for (const name of ['root', 'runroot', 'tmp', 'home']) await mkdir(join(folder, name), { recursive: true });
    // It insists on the file that the environment names, and must not find the user's.
    await writeFile(join(folder, 'home', 'no-credentials.json'), '{}');
    const settingsFolder = join(folder, 'home', '.config', 'containers', 'registries.conf.d');
    await mkdir(settingsFolder, { recursive: true });
    await writeFile(join(settingsFolder, 'docker.conf'), dockerNames);
  };
  return {
    async describe() {
      await prepare();
      const output = await program.run(['--version'], shortMs, 'ask buildah for its version');
      return `buildah ${/\d{1,6}(?:\.[\w-]{1,40}){1,4}/.exec(output)?.[0] ?? 'of an unknown version'}`;
    },
    async build(request) {
      await prepare();
      const idFile = join(folder, `${randomBytes(8).toString('hex')}.id`);
      const tried = `build ${request.dockerfile}`;
      try {
        const log = await program.run([...global, ...bud(request, idFile)], request.timeoutMs, tried);
        const id = (await readFile(idFile, 'utf8').catch(() => '')).trim();
        if (!isDigest(id))
          throw new BuilderError('malformed', 'buildah said that it succeeded, but named no image', log);
        await program.run([...global, 'push', '--quiet', id, `oci:${request.layout}`], shortMs, tried);
        return { id, layout: request.layout, log, ...(await readLayout(request.layout, log)) };
      } finally {
        await rm(idFile, { force: true });
      }
    },
    async run({ id }, command, timeoutMs) {
      const name = `basekeeper-${randomBytes(8).toString('hex')}`;
      const from = [...global, 'from', '--pull=never', '--name', name, id];
      await program.run(from, shortMs, 'start a container of the image');
      try {
        const run = [...global, 'run', '--isolation', 'chroot', name, '--', '/bin/sh', '-c', command];
        const end = await program.ask(run, timeoutMs, 'run a command in the image');
        const { output, tookMs } = end;
        return { output, tookMs, ...(end.kind === 'late' ? {} : { exitCode: end.exitCode }) };
      } finally {
        await program.run([...global, 'rm', name], shortMs, 'take the container away').catch(() => undefined);
      }
    },
    async remove({ id }) {
      await program.run([...global, 'rmi', '--force', id], shortMs, 'take the image away');
    },
    close: () => releaseStorage(folder),
  };
}

export function bud(request: BuildRequest, idFile: string): readonly string[] {
  // As BuildKit does: one beside the Dockerfile goes before that of the context.
  const ignoreFile = `${request.dockerfile}.dockerignore`;
  return [
    'bud',
    '--isolation',
    'chroot',
    '--iidfile',
    idFile,
    ...(existsSync(ignoreFile) ? ['--ignorefile', ignoreFile] : []),
    ...buildArguments(request),
    request.context,
  ];
}

/** Overlay is ten times as fast as copying; it needs root, which is what builds in containers mostly are. */
function storageArguments(folder: string): readonly string[] {
  const driver = process.getuid?.() === 0 ? 'overlay' : 'vfs';
  return ['--root', join(folder, 'root'), '--runroot', join(folder, 'runroot'), '--storage-driver', driver];
}
