import type { DateSlot, OperatingSystemSlot, PrereleaseSlot, RuntimeSlot, VersionSlot } from './tag.ts';
import { debianCodenames, ubuntuCodenames } from './tag-codenames.ts';

type Taken<Slot> = { readonly slot: Slot; readonly taken: number };

const versionForm = /^(v?)(\d{1,20}(?:\.\d{1,20})*)((?:[_+a-zA-Z][\w.+]*)?)$/;
const prereleaseRest = /^\.?(?:alpha|beta|rc|pre|preview|snapshot|dev|ea|a|b|m)[\d.]*$/i;
const prereleaseWord = /^(?:alpha|beta|rc|pre|preview|snapshot|dev|ea|milestone|nightly)[\d.]*$/i;
const release = /^\d+(?:\.\d+)*$/;

/** Systems whose release stands behind their name, with or without a dash. The longest name that fits is taken. */
const systems = [
  'windowsservercore',
  'amazonlinux',
  'oraclelinux',
  'azurelinux',
  'cbl-mariner',
  'nanoserver',
  'almalinux',
  'rockylinux',
  'alpine',
  'debian',
  'ubuntu',
  'fedora',
  'centos',
  'photon',
  'oracle',
  'ltsc',
  'rhel',
  'ubi',
  'al',
] as const;

/** These words stand for a system even without a release. */
const systemsAlone: ReadonlySet<string> = new Set([
  'alpine',
  'debian',
  'ubuntu',
  'ubi',
  'oracle',
  'oraclelinux',
  'almalinux',
  'rockylinux',
  'amazonlinux',
  'nanoserver',
  'windowsservercore',
]);

const runtimes = [
  'eclipse-temurin',
  'ibm-semeru',
  'adoptopenjdk',
  'amazoncorretto',
  'sapmachine',
  'openjdk',
  'temurin',
  'ibmjava',
  'jdk',
  'jre',
  'otp',
] as const;

export function readVersion(token: string): VersionSlot | undefined {
  const match = versionForm.exec(token);
  if (match === null) return undefined;
  const [, prefix = '', numbers = '', rest = ''] = match;
  return {
    kind: 'version',
    prefix: prefix === 'v' ? 'v' : '',
    numbers: numbers.split('.'),
    rest,
    isPrerelease: prereleaseRest.test(rest),
  };
}

export function readPrerelease(token: string): PrereleaseSlot | undefined {
  return prereleaseWord.test(token) ? { kind: 'prerelease', text: token } : undefined;
}

export function readDate(token: string): DateSlot | undefined {
  return /^20\d{6}(?:\.\d{1,4})?$/.test(token) ? { kind: 'date', text: token } : undefined;
}

/** `jdk17` in one token; `openjdk-17` or `eclipse-temurin-21` in several. A name without a number is no runtime. */
export function readRuntime(tokens: readonly string[], at: number): Taken<RuntimeSlot> | undefined {
  for (const name of runtimes) {
    const length = name.split('-').length;
    const token = tokens[at] ?? '';
    if (length === 1 && token.startsWith(name) && release.test(token.slice(name.length)))
      return { slot: { kind: 'runtime', name, separator: '', release: token.slice(name.length) }, taken: 1 };
    const number = tokens[at + length] ?? '';
    if (tokens.slice(at, at + length).join('-') === name && release.test(number))
      return { slot: { kind: 'runtime', name, separator: '-', release: number }, taken: length + 1 };
  }
  return undefined;
}

export function readOperatingSystem(tokens: readonly string[], at: number): Taken<OperatingSystemSlot> | undefined {
  const token = tokens[at] ?? '';
  const owner = codenameOwner(token);
  if (owner !== undefined) return { slot: system(owner, token, '', { isCodename: true, isNamed: false }), taken: 1 };
  for (const name of systems) {
    const length = name.split('-').length;
    if (length === 2 ? `${token}-${tokens[at + 1] ?? ''}`.startsWith(name) : token.startsWith(name)) {
      const joined = length === 2 ? `${token}-${tokens[at + 1] ?? ''}` : token;
      const behind = joined.slice(name.length);
      if (release.test(behind)) return { slot: system(name, behind, ''), taken: length };
      if (behind !== '') continue;
      const next = tokens[at + length] ?? '';
      if (isReleaseOf(name, next))
        return {
          slot: system(name, next, '-', { isCodename: codenameOwner(next) !== undefined, isNamed: true }),
          taken: length + 1,
        };
      if (systemsAlone.has(name)) return { slot: system(name, '', ''), taken: length };
    }
  }
  return undefined;
}

function isReleaseOf(name: string, token: string): boolean {
  if (name === 'nanoserver' || name === 'windowsservercore') return /^(?:ltsc\d{4}|\d{4}|20h2)$/i.test(token);
  if (name === 'debian' || name === 'ubuntu') return codenameOwner(token) === name || release.test(token);
  return name !== 'al' && name !== 'ltsc' && name !== 'oracle' && release.test(token);
}

function codenameOwner(token: string): 'debian' | 'ubuntu' | undefined {
  if (debianCodenames.has(token)) return 'debian';
  return ubuntuCodenames.has(token) ? 'ubuntu' : undefined;
}

function system(
  name: string,
  itsRelease: string,
  separator: '' | '-',
  flags = { isCodename: false, isNamed: true },
): OperatingSystemSlot {
  return { kind: 'os', name, release: itsRelease, separator, ...flags };
}
