import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrivy, trivyBounds } from '../../../../src/adapters/scanner/trivy/create-trivy.ts';
import { ownDatabase } from '../../../../src/adapters/scanner/trivy/own-database.ts';
import type { TrivyBounds } from '../../../../src/adapters/scanner/trivy/run-trivy.ts';
import type { TrivyDatabase } from '../../../../src/adapters/scanner/trivy/trivy-database.ts';
import { trivyEnvironment } from '../../../../src/adapters/scanner/trivy/trivy-environment.ts';
import type { Scanner, ScannerInspection } from '../../../../src/ports/scanner.ts';
import {
  type TrivyProgramFake,
  type TrivyState,
  writeTrivyProgram,
} from '../../../fakes/trivy-program/trivy-program.ts';

// What programs leave in the folder of temporary files is seen in one of our own.
const temporary = mkdtempSync(join(tmpdir(), 'scanner-'));
process.env['TMPDIR'] = temporary;
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));

export type PlayedTrivy = {
  readonly state?: Partial<TrivyState>;
  readonly bounds?: Partial<TrivyBounds>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly isKept?: boolean;
  /** Absent: the program's own. */
  readonly database?: TrivyDatabase;
};

/** The adapter over a program that plays Trivy; nothing of it is left at the end. */
export async function withTrivy(
  { state, bounds, variables = {}, isKept = false, database }: PlayedTrivy,
  use: (scanner: Scanner & ScannerInspection, fake: TrivyProgramFake, home: string) => Promise<void>,
): Promise<void> {
  const home = mkdtempSync(join(temporary, 'home-'));
  const fake = writeTrivyProgram(home, { version: '0.68.2', updatedAt: '2026-11-25T00:00:00Z', ...state });
  const environment = trivyEnvironment({ PATH: process.env['PATH'], ...variables });
  const program = { path: fake.path, environment, bounds: { ...trivyBounds, ...bounds } };
  const own = ownDatabase(program, { cacheFolder: join(home, 'cache'), isKept });
  try {
    await use(createTrivy(program, database ?? own), fake, home);
  } finally {
    rmSync(home, { recursive: true });
  }
  assert.deepEqual(
    readdirSync(temporary).filter((name) => name.startsWith('basekeeper-')),
    [],
  );
}
