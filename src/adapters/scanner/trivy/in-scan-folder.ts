import { ScannerError } from '../../../ports/scanner.ts';
import { inTemporaryFolder } from '../../process/in-temporary-folder.ts';

/** A temporary folder for one start of Trivy; where none can be made, that start failed. */
export async function inScanFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  let isThere = false;
  try {
    return await inTemporaryFolder((folder) => {
      isThere = true;
      return use(folder);
    });
  } catch (cause) {
    if (isThere || !(cause instanceof Error)) throw cause;
    const message = `cannot make a folder for temporary files: ${cause.message}; set TMPDIR`;
    throw new ScannerError('crashed', message, { cause });
  }
}
