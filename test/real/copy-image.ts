import type { FakeRegistry } from '../fakes/registry/fake-registry.ts';
import { user } from './docker-registry.ts';
import { runTool } from './run-tool.ts';

/** Copies a tag with everything under it, byte for byte, from the fake to a real registry. */
export async function copyImage(from: FakeRegistry, toHost: string, name: string): Promise<void> {
  await runTool('skopeo', [
    ...['--insecure-policy', 'copy', '--all', '--preserve-digests', '--quiet'],
    ...['--src-tls-verify=false', '--dest-tls-verify=false', '--dest-creds', `${user.username}:${user.secret}`],
    ...[`docker://${from.host}/${name}`, `docker://${toHost}/${name}`],
  ]);
}
