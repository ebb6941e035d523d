import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Layer } from '../fakes/os-image/os-image.ts';
import { pushTree } from './push-tree.ts';

const commands = ['sh', 'cat', 'echo', 'grep', 'head', 'sed', 'sleep', 'test'];

/** A base image with a shell (Debian's busybox-static) and these files, pushed under a tag. */
export async function pushShellBase(host: string, name: string, files: Layer = {}): Promise<void> {
  const tree = mkdtempSync(join(tmpdir(), 'basekeeper-base-'));
  try {
    for (const place of ['bin', 'etc', 'tmp', 'proc', 'sys', 'dev']) mkdirSync(join(tree, place));
    copyFileSync('/bin/busybox', join(tree, 'bin', 'busybox'));
    for (const command of commands) symlinkSync('busybox', join(tree, 'bin', command));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    await pushTree(host, name, tree, 'ENV PATH=/bin\n');
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
