import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Databases come every few hours: what was not matched anew in so long is in use no more. */
const forgottenAfterMs = 90 * 86_400_000;

/** @param now by the clock of the file system: when a file was written just now. */
export async function removeForgotten(folder: string, now: number): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await changedAt(path)) < now - forgottenAfterMs) await rm(path, { force: true }).catch(() => undefined);
  }
}

/** By the clock of the file system, of which alone two instants can be compared here. `NaN` for what is not there. */
export async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NaN,
  );
}
