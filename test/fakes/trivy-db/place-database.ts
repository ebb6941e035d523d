import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Advisory, writeTrivyDb } from './trivy-db.ts';

/** Writes a database to where Trivy looks for it: `cacheFolder` is its `--cache-dir`. */
export function placeDatabase(
  cacheFolder: string,
  { advisories, updatedAt }: { readonly advisories: readonly Advisory[]; readonly updatedAt: string },
): void {
  const { database, metadata } = writeTrivyDb(advisories, updatedAt);
  const folder = join(cacheFolder, 'db');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'trivy.db'), database);
  writeFileSync(join(folder, 'metadata.json'), metadata);
}
