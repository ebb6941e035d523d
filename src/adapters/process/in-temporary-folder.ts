import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of ours alone, gone at the end with whatever lies in it, also where the process is interrupted. */
export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>, parent = tmpdir()): Promise<T> {
  const folder = await mkdtemp(join(parent, 'basekeeper-scan-'));
  // Not earlier: programs are ended first, or they would go on writing.
  if (open.size === 0) process.on('exit', removeOpen);
  open.add(folder);
  try {
    return await use(folder);
  } finally {
    open.delete(folder);
    if (open.size === 0) process.off('exit', removeOpen);
    await rm(folder, { recursive: true, force: true });
  }
}

const open = new Set<string>();

function removeOpen(): void {
  for (const folder of open) rmSync(folder, { recursive: true, force: true });
}
