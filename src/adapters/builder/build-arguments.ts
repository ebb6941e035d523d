import { BuilderError, type BuildRequest } from '../../ports/builder.ts';

/** What buildah and docker buildx call alike; the values stand behind their flags, never in their place. */
export function buildArguments(request: BuildRequest): readonly string[] {
  const { dockerfile, target, args, contexts, secrets, platform } = request;
  return [
    '--file',
    dockerfile,
    ...(target === undefined ? [] : ['--target', target]),
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...Object.entries(contexts).flatMap(([name, value]) => ['--build-context', `${name}=${value}`]),
    ...Object.entries(secrets).flatMap(([id, path]) => ['--secret', `id=${plain(id)},src=${plain(path)}`]),
  ];
}

/** Commas and quotes would begin another setting of the secret. */
function plain(text: string): string {
  if (!/[,"\n]/.test(text)) return text;
  throw new BuilderError(
    'failed',
    `cannot pass the secret ${JSON.stringify(text)}: its name may hold no comma or quote`,
    '',
  );
}
