import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { environmentOfPrograms, readWorldEnvironment, type WorldEnvironment } from '../config/environment.ts';
import { trivyServerOf } from '../config/trivy-server.ts';
import { recommendedTrivy } from '../domain/vulnerability/trivy-release.ts';
import type { ScanPorts } from '../flows/scan/scan-digest.ts';
import type { Programs } from '../ports/programs.ts';
import { type Scanner, ScannerError, type ScannerInspection } from '../ports/scanner.ts';
import { orRefusal } from './or-refusal.ts';

export type ScannerConnection = { readonly scanner: Scanner & ScannerInspection; readonly close: () => Promise<void> };

/**
 * Trivy, with the server of the environment or a database of its own.
 *
 * @throws ScannerError `missing`: with what to do
 */
export async function openScanner(world: WorldEnvironment = readWorldEnvironment()): Promise<ScannerConnection> {
  const { trivy, executableFolders, cacheFolder, proxies } = world;
  const [{ createTrivy, trivyBounds }, { trivyEnvironment }, { findProgram }] = await Promise.all([
    import('../adapters/scanner/trivy/create-trivy.ts'),
    import('../adapters/scanner/trivy/trivy-environment.ts'),
    import('../adapters/process/find-program.ts'),
  ]);
  const path =
    trivy.program === undefined
      ? await findProgram('trivy', executableFolders)
      : await findProgram(basename(trivy.program), [dirname(trivy.program)]);
  if (path === undefined) throw new ScannerError('missing', noTrivy(trivy.program));
  const program = { path, environment: trivyEnvironment(environmentOfPrograms()), bounds: trivyBounds };
  if (trivy.server === undefined) {
    const { ownDatabase } = await import('../adapters/scanner/trivy/own-database.ts');
    const folder = trivy.cacheFolder ?? join(cacheFolder ?? join(tmpdir(), 'basekeeper'), 'trivy');
    const database = ownDatabase(program, { cacheFolder: folder, isKept: trivy.isDatabaseKept });
    return { scanner: createTrivy(program, database), close: async () => undefined };
  }
  const server = trivyServerOf(trivy.server);
  if (server === undefined)
    throw new ScannerError('missing', 'BASEKEEPER_TRIVY_SERVER is no address like https://trivy.corp.example');
  const [{ createHttpClient }, { serverDatabase }] = await Promise.all([
    import('../adapters/http/http-client.ts'),
    import('../adapters/scanner/trivy/server-database.ts'),
  ]);
  const http = orRefusal(() => createHttpClient({ proxies }));
  return { scanner: createTrivy(program, serverDatabase(program, http, server)), close: () => http.close() };
}

/** What scans work with; a scanner that is not there is told by whoever asks it. */
export async function openScanPorts(): Promise<{ readonly ports: ScanPorts; readonly close: () => Promise<void> }> {
  const [{ openScanArchive }, { temporaryFolders }, { scanner, close }] = await Promise.all([
    import('../adapters/scan-archive/open-scan-archive.ts'),
    import('../adapters/storage/temporary-folders.ts'),
    openScanner().catch(refusingScanner),
  ]);
  const { cacheFolder } = readWorldEnvironment();
  const archive = openScanArchive(join(cacheFolder ?? join(tmpdir(), 'basekeeper'), 'scans'));
  return { ports: { scanner, archive, folders: temporaryFolders(tmpdir()) }, close };
}

function refusingScanner(error: unknown): { readonly scanner: Scanner; readonly close: () => Promise<void> } {
  if (!(error instanceof ScannerError)) throw error;
  const refuse = () => Promise.reject(error);
  return { scanner: { describe: refuse, scan: refuse, rematch: refuse }, close: async () => undefined };
}

function noTrivy(named: string | undefined): string {
  const where = named === undefined ? 'no trivy on PATH' : `no program at ${named}, which BASEKEEPER_TRIVY names`;
  return `${where}: install Trivy ${recommendedTrivy} from https://trivy.dev, or set BASEKEEPER_TRIVY to its path`;
}

export async function openPrograms(): Promise<Programs> {
  const { createPrograms } = await import('../adapters/process/create-programs.ts');
  return createPrograms(readWorldEnvironment().executableFolders);
}
