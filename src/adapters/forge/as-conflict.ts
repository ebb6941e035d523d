import { ForgeError } from '../../ports/forge.ts';

/** Whatever a forge calls invalid about a merge is so as the pull request stands now. */
export async function asConflict<T>(merge: Promise<T>): Promise<T> {
  try {
    return await merge;
  } catch (error) {
    if (!(error instanceof ForgeError) || error.code !== 'invalid') throw error;
    throw new ForgeError('conflict', error.message, { cause: error });
  }
}
