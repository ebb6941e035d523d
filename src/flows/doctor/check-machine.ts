import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import { isDatabaseStale } from '../../domain/vulnerability/database-age.ts';
import { recommendedTrivy, refusalOfTrivy } from '../../domain/vulnerability/trivy-release.ts';
import type { CredentialSource } from '../../ports/credentials.ts';
import type { CacheState, LedgerState } from '../../ports/own-storage.ts';
import type { FoundProgram } from '../../ports/programs.ts';
import type { InstalledScanner, ScannerError } from '../../ports/scanner.ts';
import type { CatalogOverview } from '../describe-catalog.ts';
import type { DoctorCheck } from './doctor-result.ts';

/** As the environment names them; they may hold passwords. */
export type NamedProxies = { readonly http?: string; readonly https?: string; readonly no?: string };

const unneeded = 'no command needs it yet';
const hourMs = 3_600_000;

/** One line for each proxy that is named, or one that says that there is none. */
export function checkProxies({ http, https, no }: NamedProxies): readonly DoctorCheck[] {
  const direct = no === undefined ? '' : `; asked directly: ${no}`;
  const checks = [
    ...(https === undefined ? [] : [checkProxy('https proxy', https, direct)]),
    ...(http === undefined ? [] : [checkProxy('http proxy', http, direct)]),
  ];
  return checks.length > 0 ? checks : [ok('network', 'proxy', 'none is set: hosts are asked directly')];
}

function checkProxy(name: string, written: string, direct: string): DoctorCheck {
  const address = written.includes('://') ? written : `http://${written}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // The text itself is not shown: it may hold a password.
  return url === undefined || !/^https?:$/.test(url.protocol)
    ? warn('network', name, 'is no http or https address', 'write it as http://host:port')
    : ok('network', name, `${url.host}${direct}`);
}

export function checkCredentials(sources: readonly CredentialSource[]): readonly DoctorCheck[] {
  if (sources.length === 0)
    return [ok('credentials', 'logins', 'no file and no helper: registries are asked anonymously')];
  return sources.map(({ source, hosts, problems }) => {
    const says =
      hosts.length === 0
        ? 'no logins'
        : `for ${hosts.map((host) => (host === '*' ? 'every other host' : host)).join(', ')}`;
    // What a problem says ends in its remedy.
    return problems.length === 0
      ? ok('credentials', source, says)
      : warn('credentials', source, `${hosts.length === 0 ? '' : `${says}; `}${problems.join('; ')}`, null);
  });
}

export function checkScanner(name: string, found: FoundProgram): DoctorCheck {
  switch (found.kind) {
    case 'found':
      return ok('program', name, `${found.version} at ${found.path}; ${unneeded}`);
    case 'broken':
      return warn('program', name, `${found.path} told no version (${found.reason}); ${unneeded}`, 'install it anew');
    case 'missing':
      return ok('program', name, `not on PATH; ${unneeded}`);
  }
}

/** What `inspectScanner` told, or why it could not. */
export type ScannerState =
  | { readonly kind: 'installed'; readonly scanner: InstalledScanner }
  /** `isNamed`: a person set a variable for it. */
  | { readonly kind: 'failed'; readonly error: ScannerError; readonly isNamed: boolean };

/** The program or server, and its database. */
export function checkTrivy(state: ScannerState, now: Instant): readonly DoctorCheck[] {
  if (state.kind === 'failed') {
    const { error, isNamed } = state;
    // What an error says ends in its remedy.
    return error.code === 'missing' && !isNamed
      ? [ok('program', 'trivy', `${error.message}; only scans of images need it`)]
      : [warn('program', 'trivy', error.message, null)];
  }
  const { version, place, databaseAt } = state.scanner;
  const refusal = refusalOfTrivy(version);
  const isTested = version.replace(/^v/, '') === recommendedTrivy;
  const says = `${version} at ${place}${isTested ? '' : `; ${recommendedTrivy} is the one that is tested`}`;
  const program =
    refusal === undefined ? ok('program', 'trivy', says) : warn('program', 'trivy', `${version} at ${place}`, refusal);
  return [program, checkDatabase(databaseAt, now)];
}

function checkDatabase(databaseAt: Instant | undefined, now: Instant): DoctorCheck {
  const name = 'trivy database';
  if (databaseAt === undefined) return ok('program', name, 'none yet: the first scan fetches it');
  const hours = Math.max(0, Math.floor((now - databaseAt) / hourMs));
  const says = `of ${formatInstant(databaseAt)}, ${hours} ${hours === 1 ? 'hour' : 'hours'} old`;
  return isDatabaseStale(databaseAt, now)
    ? warn(
        'program',
        name,
        `${says}: scans prove nothing`,
        'let a scan renew it, or see why its server or mirror is behind',
      )
    : ok('program', name, says);
}

export function checkGit(found: FoundProgram): DoctorCheck {
  switch (found.kind) {
    case 'found':
      return ok('program', 'git', `${found.version} at ${found.path}`);
    case 'broken':
      return warn('program', 'git', `${found.path} told no version (${found.reason})`, 'install it anew');
    case 'missing':
      return warn('program', 'git', 'not on PATH', 'install it: --changed-since and remote repositories need it');
  }
}

export function checkLedger(ledger: LedgerState): DoctorCheck {
  switch (ledger.kind) {
    case 'ledger':
      return ok('storage', 'ledger', `version ${ledger.version}, ${size(ledger.sizeBytes)}, at ${ledger.path}`);
    case 'absent':
      return ok('storage', 'ledger', `none yet; basekeeper monitor makes ${ledger.path}`);
    case 'unusable':
      return {
        ...warn('storage', 'ledger', ledger.reason, 'mend it, or set BASEKEEPER_STATE to another folder'),
        state: 'problem',
      };
    case 'homeless':
      return warn('storage', 'ledger', 'there is no home folder to keep it in', 'set BASEKEEPER_STATE to a folder');
  }
}

export function checkCache(cache: CacheState): DoctorCheck {
  switch (cache.kind) {
    case 'cache': {
      const files = `${cache.isCountedWhole ? '' : 'more than '}${cache.files} files`;
      return ok('storage', 'cache', `${files}, ${size(cache.sizeBytes)}, at ${cache.path}`);
    }
    case 'absent':
      return ok('storage', 'cache', `none yet; the first question to a registry makes ${cache.path}`);
    case 'unusable':
      return warn('storage', 'cache', cache.reason, 'mend it, or set BASEKEEPER_CACHE to another folder');
    case 'homeless':
      return warn('storage', 'cache', 'there is no home folder to keep it in', 'set BASEKEEPER_CACHE to a folder');
  }
}

export function checkCatalog({ asOf, ageDays, isStale }: CatalogOverview): DoctorCheck {
  const says = `of ${asOf}, ${ageDays} ${ageDays === 1 ? 'day' : 'days'} old`;
  return isStale ? warn('catalog', 'catalog', says, 'update basekeeper') : ok('catalog', 'catalog', says);
}

function ok(area: DoctorCheck['area'], name: string, says: string): DoctorCheck {
  return { area, name, state: 'ok', says, remedy: null };
}

function warn(area: DoctorCheck['area'], name: string, says: string, remedy: string | null): DoctorCheck {
  return { area, name, state: 'warn', says, remedy };
}

function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
