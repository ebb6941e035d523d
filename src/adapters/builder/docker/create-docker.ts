import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Builder, BuildRequest } from '../../../ports/builder.ts';
import { buildArguments } from '../build-arguments.ts';
import { builderProgram } from '../builder-program.ts';
import type { BuilderSettings } from '../builder-settings.ts';
import { readLayout } from '../read-layout.ts';

const shortMs = 300_000;

/** Builds by docker buildx, whose daemon does what is asked; the daemon's own storage and network count. */
export function createDocker(settings: BuilderSettings): Builder {
  const program = builderProgram('docker', settings);
  return {
    async describe() {
      await mkdir(settings.folder, { recursive: true });
      const output = await program.run(['buildx', 'version'], shortMs, 'ask docker buildx for its version');
      return `docker buildx ${/v?\d{1,6}(?:\.[\w-]{1,40}){1,4}/.exec(output)?.[0] ?? 'of an unknown version'}`;
    },
    async build(request) {
      await mkdir(settings.folder, { recursive: true });
      const id = `basekeeper-verify:${randomBytes(8).toString('hex')}`;
      const log = await program.run(dockerBuild(request, id), request.timeoutMs, `build ${request.dockerfile}`);
      return { id, layout: request.layout, log, ...(await readLayout(request.layout, log)) };
    },
    async run({ id }, command, timeoutMs) {
      const name = `basekeeper-${randomBytes(8).toString('hex')}`;
      const end = await program.ask(dockerRun(name, id, command), timeoutMs, 'run a command in the image');
      const { output, tookMs } = end;
      if (end.kind === 'ended') return { output, tookMs, exitCode: end.exitCode };
      // Ending the client does not end the container.
      await program.run(['rm', '--force', name], shortMs, 'end the container');
      return { output, tookMs };
    },
    async remove({ id }) {
      await program.run(['image', 'rm', '--force', id], shortMs, 'take the image away');
    },
  };
}

/** One build, written twice: as files for the scanner, and into the daemon to run tests in. */
export function dockerBuild(request: BuildRequest, id: string): readonly string[] {
  return [
    'buildx',
    'build',
    '--progress',
    'plain',
    // An attestation beside the image would make it a list of two.
    '--provenance=false',
    '--sbom=false',
    '--output',
    `type=oci,tar=false,dest=${request.layout}`,
    '--output',
    `type=docker,name=${id}`,
    ...buildArguments(request),
    request.context,
  ];
}

export function dockerRun(name: string, id: string, command: string): readonly string[] {
  return ['run', '--rm', '--name', name, '--pull', 'never', '--entrypoint', '/bin/sh', id, '-c', command];
}
