import { CredentialError, type CredentialSource } from '../../ports/credentials.ts';
import { findHelper } from './ask-helper.ts';
import type { FilePlace } from './credential-places.ts';
import { decodeEntry } from './decode-entry.ts';
import { scopeOf } from './match-keys.ts';
import type { CredentialFile } from './read-credential-file.ts';

/** Every file that is there, each followed by the helpers it names. No helper is started. */
export async function listSources(
  places: readonly FilePlace[],
  read: (place: FilePlace) => Promise<CredentialFile | undefined>,
  folders: readonly string[],
): Promise<readonly CredentialSource[]> {
  const sources: CredentialSource[] = [];
  for (const place of places) {
    const { source } = place;
    const reading = await attempt(() => read(place));
    if (reading.problem !== undefined) sources.push({ source, hosts: [], problems: [reading.problem] });
    else if (reading.value !== undefined) {
      const { value: file } = reading;
      sources.push(await entriesOf(file, source), ...(await helpersOf(file, source, folders)));
    }
  }
  return sources;
}

async function entriesOf(file: CredentialFile, source: string): Promise<CredentialSource> {
  const hosts: string[] = [];
  const problems: string[] = [];
  for (const [key, entry] of file.auths) {
    const name = nameOf(key);
    const decoded = await attempt(() => decodeEntry(entry, `${source}, ${name}`));
    if (decoded.problem !== undefined) problems.push(decoded.problem);
    else if (decoded.value !== undefined) hosts.push(name);
  }
  return { source, hosts: [...new Set(hosts)].sort(), problems };
}

async function helpersOf(
  file: CredentialFile,
  named: string,
  folders: readonly string[],
): Promise<readonly CredentialSource[]> {
  const hostsByHelper = new Map<string, string[]>();
  const pairs = [
    ...[...file.helpers].map(([key, name]) => [nameOf(key), name] as const),
    ['*', file.store ?? ''] as const,
  ];
  for (const [host, name] of pairs) {
    if (name !== '') hostsByHelper.set(name, [...(hostsByHelper.get(name) ?? []), host]);
  }
  return Promise.all(
    [...hostsByHelper].map(async ([name, hosts]) => {
      const { problem } = await attempt(() => findHelper(name, named, folders));
      const problems = problem === undefined ? [] : [problem];
      return { source: `docker-credential-${name.slice(0, 100)}`, hosts, problems };
    }),
  );
}

type Attempt<T> = { readonly value: T; readonly problem?: undefined } | { readonly problem: string };

async function attempt<T>(act: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await act() };
  } catch (error) {
    if (error instanceof CredentialError) return { problem: error.message };
    throw error;
  }
}

/** Host and namespace of a key; a user and a password in it are left out. */
function nameOf(key: string): string {
  const { host, path } = scopeOf(key);
  const name = host.slice(host.lastIndexOf('@') + 1);
  return path === '' ? name : `${name}/${path}`;
}
