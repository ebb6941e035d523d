import { realpath, stat } from 'node:fs/promises';
import { openWorkspace } from '../adapters/workspace/open-workspace.ts';
import type { TreeWriter } from '../ports/tree-writer.ts';
import type { Workspace } from '../ports/workspace.ts';

/** The adapters of one run over one argument. */
export type Wiring = { readonly workspace: Workspace; readonly isFolder: boolean };

/** @returns `undefined` when there is nothing at `path`. */
export async function wire(path: string): Promise<Wiring | undefined> {
  try {
    const found = await stat(path);
    return { workspace: await openWorkspace(path), isFolder: found.isDirectory() };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

/** Writes into the folder or the file at `path`. */
export async function writeTree(path: string): Promise<TreeWriter> {
  const { openTreeWriter } = await import('../adapters/workspace/write-tree.ts');
  const real = await realpath(path);
  return openTreeWriter(real, (await stat(real)).isDirectory());
}
