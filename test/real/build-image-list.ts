import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { user } from './docker-registry.ts';
import { runTool } from './run-tool.ts';

/** Builds an image for two platforms from nothing with buildah, which has no daemon, and pushes it under a tag. */
export async function buildImageList(host: string, name: string, text: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'basekeeper-buildah-'));
  const buildah = (...args: readonly string[]): Promise<string> =>
    runTool('buildah', [
      ...['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'],
      ...args,
    ]);
  try {
    const context = mkdtempSync(join(folder, 'context-'));
    writeFileSync(join(context, 'file'), text);
    writeFileSync(
      join(context, 'Containerfile'),
      'FROM scratch\nCOPY file /file\nLABEL org.opencontainers.image.version=1.0.3\nUSER 1000:1000\n',
    );
    await buildah(
      'build',
      '--isolation',
      'chroot',
      '--platform',
      'linux/amd64,linux/arm64',
      '--manifest',
      'list',
      context,
    );
    const credentials = `${user.username}:${user.secret}`;
    await buildah(
      'manifest',
      'push',
      '--all',
      '--tls-verify=false',
      '--creds',
      credentials,
      'list',
      `docker://${host}/${name}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
