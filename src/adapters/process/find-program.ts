import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The whole path of a program, the first of these folders that has it.
 *
 * Looked for by ourselves, and started by its whole path: some systems would start one of the working folder, which may be
 * the tree that is looked at.
 */
export async function findProgram(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    for (const program of [join(folder, name), join(folder, `${name}.exe`)]) {
      if (await isProgram(program)) return program;
    }
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
