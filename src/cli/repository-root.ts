import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from './failure.ts';

/** Forges read such files at the root of a repository alone. */
export function refuseBelowRoot(folder: string): void {
  for (let at = dirname(folder); !hasGit(folder); at = dirname(at)) {
    if (hasGit(at)) throw new UsageError(`a forge reads its files at the root of a repository: run it in ${at}`);
    if (dirname(at) === at) return;
  }
}

function hasGit(folder: string): boolean {
  return statSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined;
}
