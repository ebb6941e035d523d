import { TemporaryFolderError, type TemporaryFolders } from '../../ports/temporary-folders.ts';
import { inTemporaryFolder } from '../process/in-temporary-folder.ts';

/** @param parent of the system, for what may be removed at any time. */
export function temporaryFolders(parent: string): TemporaryFolders {
  return {
    async within(use) {
      let isMade = false;
      try {
        return await inTemporaryFolder((folder) => {
          isMade = true;
          return use(folder);
        }, parent);
      } catch (error) {
        if (isMade) throw error;
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        throw new TemporaryFolderError(
          `cannot make a temporary folder in ${parent} (${code}): make room there or name another folder in TMPDIR`,
          { cause: error },
        );
      }
    },
  };
}
