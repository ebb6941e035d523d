import { join } from 'node:path';
import { readWorldEnvironment } from '../config/environment.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/source/instant.ts';
import type { CredentialInventory, Credentials } from '../ports/credentials.ts';
import type { Registry } from '../ports/registry.ts';
import { orRefusal } from './or-refusal.ts';

/** All registries, with the credentials and proxies of the environment. */
export async function openRegistry(settings: Policy['registries'], clock: () => Instant): Promise<Registry> {
  const [{ createHttpClient }, { createRegistry }, credentials] = await Promise.all([
    import('../adapters/http/http-client.ts'),
    import('../adapters/registry/create-registry.ts'),
    openCredentials(clock),
  ]);
  const { proxies, cacheFolder } = readWorldEnvironment();
  return createRegistry({
    http: orRefusal(() => createHttpClient({ proxies })),
    credentials,
    settings,
    clock,
    ...(cacheFolder === undefined ? {} : { cacheFolder: join(cacheFolder, 'registry') }),
  });
}

/** The credentials of Docker and Podman. */
export async function openCredentials(clock: () => Instant): Promise<Credentials & CredentialInventory> {
  const { createCredentials } = await import('../adapters/credentials/create-credentials.ts');
  const { credentials, executableFolders } = readWorldEnvironment();
  return createCredentials({ places: credentials, executableFolders, now: clock });
}
