import { join } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** Where registries are asked, and whom to trust there: no secrets. */
const harmless = ['CONTAINERS_REGISTRIES_CONF', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const proxies = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/**
 * All that a builder, the tests of a repository and whatever they run get to see of this machine's environment: no token, no
 * credentials, no socket of a daemon, no home of the user.
 *
 * @param folder of ours alone; home and temporary files lie in it.
 */
export function buildEnvironment(variables: Variables, folder: string): Readonly<Record<string, string>> {
  return {
    PATH: variables['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    LC_ALL: 'C.UTF-8',
    // Without it buildah would look for the user's own.
    REGISTRY_AUTH_FILE: join(folder, 'home', 'no-credentials.json'),
    ...chosen(variables, harmless),
    ...chosen(
      variables,
      proxies.filter((name) => !hasPassword(variables[name] ?? '')),
    ),
  };
}

/** For docker, whose client does nothing without its daemon. */
export function dockerEnvironment(variables: Variables, folder: string): Readonly<Record<string, string>> {
  return {
    ...buildEnvironment(variables, folder),
    ...chosen(variables, ['DOCKER_HOST', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY']),
  };
}

function chosen(variables: Variables, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = variables[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

function hasPassword(address: string): boolean {
  return address.includes('@');
}
