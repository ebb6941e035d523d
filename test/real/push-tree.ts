import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

const minutes = 60_000;

/** Pushes the files of a folder as an image of one layer. `lines`: what its Dockerfile says besides. */
export async function pushTree(host: string, name: string, tree: string, lines = ''): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'basekeeper-push-'));
  const buildah = (...args: readonly string[]): Promise<string> =>
    runTool(
      'buildah',
      ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs', ...args],
      5 * minutes,
    );
  try {
    const dockerfile = join(folder, 'Dockerfile');
    writeFileSync(dockerfile, `FROM scratch\nCOPY . /\n${lines}`);
    await buildah('bud', '--isolation', 'chroot', '--tag', 'base', '--file', dockerfile, tree);
    await buildah('push', '--tls-verify=false', 'base', `docker://${host}/${name}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
