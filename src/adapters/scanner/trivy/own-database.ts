import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJsonObject } from '../../../domain/image/json-value.ts';
import { ScannerError } from '../../../ports/scanner.ts';
import { inTemporaryFolder } from '../../process/in-temporary-folder.ts';
import { databaseDate, parseTrivyVersion } from './parse-trivy-version.ts';
import { runTrivy, type TrivyProgram } from './run-trivy.ts';
import type { TrivyDatabase } from './trivy-database.ts';

export type OwnDatabasePlace = {
  /** Trivy's `--cache-dir`. */
  readonly cacheFolder: string;
  /** A person says that the one in the folder is to be used as it is. */
  readonly isKept: boolean;
};

const maxMetadataBytes = 64 * 1024;
const remedy = 'name a mirror in TRIVY_DB_REPOSITORY, or set TRIVY_SKIP_DB_UPDATE=true to use the one that is there';

/** The database that the program itself keeps on this machine. */
export function ownDatabase(program: TrivyProgram, { cacheFolder, isKept }: OwnDatabasePlace): TrivyDatabase {
  const cache = ['--cache-dir', cacheFolder];
  return {
    args: [...cache, '--skip-db-update'],
    async inspect() {
      const purpose = 'ask Trivy for its version';
      const end = await inTemporaryFolder((folder) =>
        runTrivy(program, { args: ['version', '--format', 'json', ...cache], purpose, folder }),
      );
      const told = parseTrivyVersion(end.stdout);
      if (told === undefined) throw new ScannerError('crashed', `cannot ${purpose}: ${end.said}, and told none`);
      return { place: program.path, ...told };
    },
    async renew() {
      if (isKept) return;
      const purpose = "renew Trivy's database";
      const end = await inTemporaryFolder((folder) =>
        runTrivy(program, { args: ['image', '--download-db-only', ...cache], purpose, folder }),
      );
      if (end.code !== 0) throw new ScannerError('database', `cannot ${purpose}: ${end.said}; ${remedy}`);
    },
    async builtAt() {
      const path = join(cacheFolder, 'db', 'metadata.json');
      const found = await lstat(path).catch(() => undefined);
      const isRead = found?.isFile() === true && found.size <= maxMetadataBytes;
      const builtAt = isRead ? databaseDate(parseJsonObject(await readFile(path, 'utf8'))) : undefined;
      if (builtAt === undefined)
        throw new ScannerError(
          'database',
          `Trivy has no database with a date in ${join(cacheFolder, 'db')}; ${remedy}`,
        );
      return builtAt;
    },
  };
}
