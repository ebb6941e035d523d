import { join } from 'node:path';
import { type Database, firstDatabase, laterDatabase } from '../../test/fakes/os-image/scanned-images.ts';
import { placeDatabase } from '../../test/fakes/trivy-db/place-database.ts';
import { writeTrivyProgram } from '../../test/fakes/trivy-program/trivy-program.ts';

type BenchScanner = {
  readonly isReal: boolean;
  /** Told above the figures. */
  readonly about: string;
  readonly env: Readonly<Record<string, string>>;
  putDatabase(which: 'first' | 'later'): void;
};

const databases = { first: firstDatabase, later: laterDatabase };

/** A Trivy with databases of some thousand advisories that are written here. */
export function realScanner(folder: string, program: string): BenchScanner {
  const cache = join(folder, 'trivy');
  return {
    isReal: true,
    about: `scanned by the real Trivy at ${program}`,
    env: { BASEKEEPER_TRIVY: program, TRIVY_CACHE_DIR: cache, TRIVY_SKIP_DB_UPDATE: 'true' },
    putDatabase(which) {
      const { updatedAt } = databases[which];
      placeDatabase(cache, { updatedAt, advisories: advisories(which === 'first' ? 20 : 25) });
    },
  };
}

/** @param perPackage as many advisories of each package, fixed in 2.0. */
function advisories(perPackage: number): Database['advisories'] {
  return Array.from({ length: 90 * perPackage }, (_, at) => ({
    system: 'debian 12',
    sourcePackage: `package-${at % 90}`,
    id: `CVE-2026-${10_000 + at}`,
    fixedVersion: '2.0-0',
    severity: at % 7 === 0 ? 'CRITICAL' : 'HIGH',
  }));
}

/** A program that plays Trivy: what it takes is a start of Node, and tells nothing of Trivy. */
export function playedScanner(folder: string): BenchScanner {
  const home = join(folder, 'trivy-program');
  const put = (which: 'first' | 'later') =>
    writeTrivyProgram(home, { version: '0.68.2', updatedAt: databases[which].updatedAt });
  return {
    isReal: false,
    about:
      'scanned by a program that plays Trivy (no real one in BASEKEEPER_TRIVY or on PATH): times tell nothing of Trivy',
    env: { BASEKEEPER_TRIVY: put('first').path, TRIVY_CACHE_DIR: join(folder, 'trivy') },
    putDatabase: put,
  };
}
