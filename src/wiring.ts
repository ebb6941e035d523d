import { stat } from 'node:fs/promises';
import { openWorkspace } from './adapters/workspace/open-workspace.ts';
import { loadCatalog } from './catalog/load.ts';
import type { Catalog } from './domain/catalog/catalog.ts';
import type { Workspace } from './ports/workspace.ts';

/** The adapters of one run over one argument. This file alone constructs them. */
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

export function catalog(): Catalog {
  return loadCatalog();
}

/** The clock: the one place that reads it. */
export function currentInstant(): string {
  return new Date().toISOString();
}
