import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The program that BASEKEEPER_TRIVY names, else the one on PATH. */
export function findTrivy(): string | undefined {
  const named = process.env['BASEKEEPER_TRIVY'];
  if (named !== undefined && named !== '') return resolve(named);
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'trivy')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
