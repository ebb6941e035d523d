import { ScannerError } from '../../../ports/scanner.ts';
import { inTemporaryFolder } from './in-temporary-folder.ts';
import { parseTrivyVersion, type TrivyVersion } from './parse-trivy-version.ts';
import { runTrivy, type TrivyProgram } from './run-trivy.ts';

/** What a program tells of itself, and of the database in its `--cache-dir`. @throws ScannerError */
export async function askVersion(program: TrivyProgram, cache: readonly string[]): Promise<TrivyVersion> {
  const purpose = 'ask Trivy for its version';
  const end = await inTemporaryFolder((folder) =>
    runTrivy(program, { args: ['version', '--format', 'json', ...cache], purpose, folder }),
  );
  const told = parseTrivyVersion(end.stdout);
  if (told === undefined) throw new ScannerError('crashed', `cannot ${purpose}: ${end.said}, and told none`);
  return told;
}
