import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../domain/image/manifest.ts';
import type { Scan } from '../../domain/vulnerability/scan.ts';
import { type KeptScan, type ScanArchive, ScanArchiveError } from '../../ports/scan-archive.ts';
import { maxPackedBytes, packScan, readPackedScan } from './packed-scan.ts';
import { changedAt, removeForgotten } from './remove-forgotten.ts';

/** The newest, and one to compare it with. */
const keptPerDigest = 2;
/** What a process left that was ended while it wrote. */
const abandonedAfterMs = 3_600_000;

/**
 * Scans in a folder, one file each, in a folder of their digest. A file is written beside its place and then moved there, so
 * that several processes never see half of one; what is half or damaged all the same was not kept. What nothing was kept of for long is
 * removed, once in a process.
 */
export function openScanArchive(folder: string): ScanArchive {
  let tidied: Promise<void> | undefined;
  const folderOf = (digest: Digest) => {
    const hex = digest.slice('sha256:'.length);
    return join(folder, hex.slice(0, 2), hex);
  };
  return {
    async find(digest, scanner) {
      const own = folderOf(digest);
      let newest: string | undefined;
      for (;;) {
        const names = newestFirst(await namesIn(own), scanner);
        // Unless newer ones took their place in between, none can be read.
        if (names[0] === newest) return undefined;
        newest = names[0];
        for (const name of names) {
          const kept = await readPackedScan(join(own, name));
          if (kept?.digest === digest && kept.scan.scanner.name === scanner) return kept;
        }
      }
    },
    async keep(scan) {
      const packed = await packScan(scan);
      if (packed.length > maxPackedBytes)
        throw new ScanArchiveError(
          `the scan of ${scan.digest} is not kept in ${folder}: it has ${packed.length} bytes, and ${maxPackedBytes} are the most`,
        );
      const own = folderOf(scan.digest);
      const temporary = join(own, `${randomBytes(6).toString('hex')}.tmp`);
      try {
        await mkdir(own, { recursive: true, mode: 0o700 });
        await writeFile(temporary, packed, { flag: 'wx', mode: 0o600 });
        await rename(temporary, join(own, fileName(scan)));
      } catch (error) {
        await remove(temporary);
        throw unusable(`cannot keep a scan in ${folder}`, error);
      }
      await removeOld(own, scan);
      tidied ??= removeForgotten(folder, await changedAt(join(own, fileName(scan))));
      await tidied;
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw unusable(`cannot look for scans in ${folder}`, error);
  }
}

/** The instant of the database in as many digits as the latest has: names sort as instants do. */
function fileName({ databaseAt, scan }: KeptScan): string {
  return `${scan.scanner.name}-${String(databaseAt).padStart(16, '0')}.json.gz`;
}

function newestFirst(names: readonly string[], scanner: Scan['scanner']['name']): readonly string[] {
  return names
    .filter((name) => name.startsWith(`${scanner}-`) && name.endsWith('.json.gz'))
    .sort()
    .reverse();
}

/** What cannot be removed stays; the next scan that is kept tries again. */
async function removeOld(folder: string, kept: KeptScan): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const old = newestFirst(names, kept.scan.scanner.name).slice(keptPerDigest);
  for (const name of old) await remove(join(folder, name));
  const writtenAt = await changedAt(join(folder, fileName(kept)));
  for (const name of names.filter((one) => one.endsWith('.tmp'))) {
    const path = join(folder, name);
    if ((await changedAt(path)) < writtenAt - abandonedAfterMs) await remove(path);
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

function unusable(what: string, error: unknown): ScanArchiveError {
  return new ScanArchiveError(
    `${what} (${codeOf(error)}): make room there or name another folder in BASEKEEPER_CACHE`,
    {
      cause: error,
    },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
