import { join } from 'node:path';
import { type CredentialFile, parseCredentialFile, readCredentialFile } from './read-credential-file.ts';

/** Where credentials are kept, from the environment; every path absolute, every one may be absent. */
export type CredentialPlaces = {
  readonly home?: string;
  /** Content of DOCKER_AUTH_CONFIG. */
  readonly dockerAuthConfig?: string;
  readonly dockerConfigFolder?: string;
  readonly registryAuthFile?: string;
  readonly runtimeFolder?: string;
  readonly configFolder?: string;
};

export type FilePlace = {
  /** Its name in reports. */
  readonly source: string;
  readonly read: () => Promise<CredentialFile | undefined>;
};

/** In the order in which they are asked. A named REGISTRY_AUTH_FILE stands for both of Podman's own places, as there. */
export function listPlaces(places: CredentialPlaces): readonly FilePlace[] {
  const { dockerAuthConfig, dockerConfigFolder, registryAuthFile, runtimeFolder, configFolder } = places;
  const paths = [
    ...inFolder(dockerConfigFolder, 'config.json'),
    ...(registryAuthFile === undefined
      ? [...inFolder(runtimeFolder, 'containers', 'auth.json'), ...inFolder(configFolder, 'containers', 'auth.json')]
      : [registryAuthFile]),
  ];
  const inline: FilePlace = {
    source: 'DOCKER_AUTH_CONFIG',
    read: async () => parseCredentialFile(dockerAuthConfig ?? '', 'DOCKER_AUTH_CONFIG'),
  };
  const files = [...new Set(paths)].map((path) => {
    const source = familiar(path, places.home);
    return { source, read: () => readCredentialFile(path, source) };
  });
  return [...(dockerAuthConfig === undefined ? [] : [inline]), ...files];
}

function inFolder(folder: string | undefined, ...parts: readonly string[]): readonly string[] {
  return folder === undefined ? [] : [join(folder, ...parts)];
}

function familiar(path: string, home: string | undefined): string {
  return home !== undefined && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
