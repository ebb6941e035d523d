import { constants } from 'node:fs';
import { access, lstat, opendir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CacheState, LedgerState, OwnStorage } from '../../ports/own-storage.ts';
import { StoreError } from '../../ports/store.ts';

export type OwnStorageSettings = {
  readonly ledgerFile?: string;
  readonly cacheFolder?: string;
  /** `undefined` for no ledger. */
  readonly describeLedger: (
    path: string,
  ) => Promise<{ readonly version: number; readonly sizeBytes: number } | undefined>;
};

/** More files than a cache of some hundred MB holds. */
const maxFiles = 100_000;

export function createOwnStorage({ ledgerFile, cacheFolder, describeLedger }: OwnStorageSettings): OwnStorage {
  return {
    async inspectLedger(): Promise<LedgerState> {
      if (ledgerFile === undefined) return { kind: 'homeless' };
      const path = ledgerFile;
      const obstacle = await findObstacle(dirname(path));
      if (obstacle !== undefined) return { kind: 'unusable', path, reason: obstacle };
      try {
        const ledger = await describeLedger(path);
        if (ledger === undefined) return { kind: 'absent', path };
        await access(path, constants.W_OK);
        return { kind: 'ledger', path, ...ledger };
      } catch (error) {
        const reason = error instanceof StoreError ? error.message : `it cannot be written (${codeOf(error)})`;
        return { kind: 'unusable', path, reason };
      }
    },
    async inspectCache(): Promise<CacheState> {
      if (cacheFolder === undefined) return { kind: 'homeless' };
      const path = cacheFolder;
      const obstacle = await findObstacle(path);
      if (obstacle !== undefined) return { kind: 'unusable', path, reason: obstacle };
      if ((await stat(path).catch(() => undefined)) === undefined) return { kind: 'absent', path };
      return { kind: 'cache', path, ...(await measure(path)) };
    },
  };
}

/** What keeps a folder, or the nearest one above it that is there, from being written in. */
async function findObstacle(folder: string): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return `${folder} is no folder`;
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    // ENOTDIR: a folder above is a file, which is found on the way up.
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
    return isAbsent && dirname(folder) !== folder
      ? findObstacle(dirname(folder))
      : `${folder} cannot be written in (${code})`;
  }
}

/** Links are not followed: what they lead to takes no room here. What vanishes meanwhile is not counted. */
async function measure(
  root: string,
): Promise<{ readonly files: number; readonly sizeBytes: number; readonly isCountedWhole: boolean }> {
  let files = 0;
  let sizeBytes = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for await (const entry of await opendir(folder)) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) folders.push(path);
        else {
          if (files === maxFiles) return { files, sizeBytes, isCountedWhole: false };
          files += 1;
          sizeBytes += (await lstat(path)).size;
        }
      }
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') return { files, sizeBytes, isCountedWhole: false };
    }
  }
  return { files, sizeBytes, isCountedWhole: true };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
