import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Layer } from '../fakes/os-image/os-image.ts';
import { runTool } from './run-tool.ts';

const commands = ['sh', 'cat', 'echo', 'grep', 'head', 'sleep', 'test'];

/** A base image with a shell (Debian's busybox-static) and these files, pushed under a tag. */
export async function pushShellBase(host: string, name: string, files: Layer = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'basekeeper-base-'));
  const buildah = (...args: readonly string[]): Promise<string> =>
    runTool('buildah', [
      ...['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'],
      ...args,
    ]);
  try {
    const tree = join(folder, 'context', 'tree');
    for (const place of ['bin', 'etc', 'tmp', 'proc', 'sys', 'dev']) mkdirSync(join(tree, place), { recursive: true });
    copyFileSync('/bin/busybox', join(tree, 'bin', 'busybox'));
    for (const command of commands) symlinkSync('busybox', join(tree, 'bin', command));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    writeFileSync(join(folder, 'context', 'Dockerfile'), 'FROM scratch\nCOPY tree/ /\nENV PATH=/bin\n');
    await buildah('bud', '--isolation', 'chroot', '--tag', 'base', join(folder, 'context'));
    await buildah('push', '--tls-verify=false', 'base', `docker://${host}/${name}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
