import { lstat, readFile } from 'node:fs/promises';
import { ScannerError } from '../../../ports/scanner.ts';
import type { TrivyEnd } from './run-trivy.ts';

/** Reads what a program left, after its end. @throws ScannerError where it left nothing, or more than is read */
export async function readWritten(path: string, maxBytes: number, purpose: string, end: TrivyEnd): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  // Not a pipe nor a link: what a program leaves there is opened by us.
  if (found === undefined || !found.isFile() || found.size === 0)
    throw new ScannerError(lacksDatabase(end.said) ? 'database' : 'crashed', `cannot ${purpose}: ${end.said}`);
  if (found.size > maxBytes)
    throw new ScannerError('too-large', `cannot ${purpose}: Trivy wrote more than ${maxBytes} bytes`);
  return readFile(path, 'utf8');
}

/** In Trivy's words; nothing else tells. */
function lacksDatabase(said: string): boolean {
  return /\bDB\b|vulnerability database|vulndb/i.test(said);
}
