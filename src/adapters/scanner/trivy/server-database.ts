import { ScannerError, type ScannerErrorCode } from '../../../ports/scanner.ts';
import { type HttpClient, HttpError } from '../../http/http-client.ts';
import { parseTrivyVersion, type TrivyVersion } from './parse-trivy-version.ts';
import type { TrivyDatabase } from './trivy-database.ts';

const timeoutMs = 10_000;
const maxBytes = 64 * 1024;
const codes: Readonly<Record<string, ScannerErrorCode>> = {
  timeout: 'late',
  'too-large': 'malformed',
  malformed: 'malformed',
};

/** The database of a Trivy server, which renews it by itself. A person named the address: it may be a private one. */
export function serverDatabase(http: HttpClient, server: URL): TrivyDatabase {
  const place = server.href.replace(/\/$/, '');
  const look = () => askServer(http, place);
  return {
    args: ['--server', place],
    inspect: async () => ({ place, ...(await look()) }),
    renew: async () => undefined,
    async builtAt() {
      const { databaseAt } = await look();
      if (databaseAt === undefined)
        throw new ScannerError('database', `the Trivy server ${place} has no database yet; look at its log`);
      return databaseAt;
    },
  };
}

async function askServer(http: HttpClient, place: string): Promise<TrivyVersion> {
  const refused = (code: ScannerError['code'], reason: string, cause?: unknown) =>
    new ScannerError(code, `cannot ask the Trivy server ${place} for its version: ${reason}`, { cause });
  const url = new URL(`${place}/version`);
  try {
    const { status, body } = await http.request({ method: 'GET', url, maxBytes, timeoutMs, isPrivateAllowed: true });
    const told = status === 200 ? parseTrivyVersion(Buffer.from(body).toString()) : undefined;
    if (told === undefined) throw refused('malformed', `it answered with status ${status} and no version; is it one?`);
    return told;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    throw refused(codes[error.code] ?? 'missing', `${error.message}; is BASEKEEPER_TRIVY_SERVER right?`, error);
  }
}
