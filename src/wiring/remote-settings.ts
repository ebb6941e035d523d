import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOfPrograms, readWorldEnvironment, type WorldEnvironment } from '../config/environment.ts';

export function remoteSettings(
  url: string,
  privateHosts: ReadonlySet<string>,
  { cacheFolder }: WorldEnvironment = readWorldEnvironment(),
) {
  return {
    url,
    cacheFolder: join(cacheFolder ?? join(tmpdir(), 'basekeeper'), 'repositories'),
    environment: environmentOfPrograms(),
    isPrivateAllowed: (host: string) => privateHosts.has(host),
  };
}
