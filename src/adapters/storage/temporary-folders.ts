import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryFolderError, type TemporaryFolders } from '../../ports/temporary-folders.ts';

/** @param parent of the system, for what may be removed at any time. */
export function temporaryFolders(parent: string): TemporaryFolders {
  return {
    async within(use) {
      const folder = await make(parent);
      try {
        return await use(folder);
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

async function make(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, 'basekeeper-'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new TemporaryFolderError(
      `cannot make a temporary folder in ${parent} (${code}): make room there or name another folder in TMPDIR`,
      { cause: error },
    );
  }
}
