import { ForgeError, type ForgeErrorCode } from '../../../ports/forge.ts';
import { RepositoryError, type RepositoryErrorCode } from '../../../ports/repositories.ts';

const codes: Readonly<Record<RepositoryErrorCode, ForgeErrorCode>> = {
  unreachable: 'unavailable',
  timeout: 'unavailable',
  unauthorized: 'unauthorized',
  'not-found': 'not-found',
  'unknown-branch': 'not-found',
  'too-large': 'malformed',
  refused: 'invalid',
  moved: 'conflict',
};

/** What git refused, in a forge's words. */
export async function orRefusal<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    throw new ForgeError(codes[error.code], `cannot ${doing}: ${error.message}`, { cause: error });
  }
}
