import type { Instant } from '../../domain/source/instant.ts';
import type { CredentialInventory, Credentials, FoundCredential } from '../../ports/credentials.ts';
import type { RepositoryAddress } from '../../ports/registry.ts';
import { askHelper, type HelperSettings } from './ask-helper.ts';
import { type CredentialPlaces, type FilePlace, listPlaces } from './credential-places.ts';
import { decodeEntry } from './decode-entry.ts';
import { KeptAnswers } from './kept-answers.ts';
import { listSources } from './list-sources.ts';
import { hubKey, matchKeys } from './match-keys.ts';
import type { CredentialFile } from './read-credential-file.ts';

export type CredentialSettings = {
  readonly places: CredentialPlaces;
  /** Absolute folders where helpers are looked for. */
  readonly executableFolders: readonly string[];
  readonly now: () => Instant;
  readonly helperTimeoutMs?: number;
};

const hourMs = 3_600_000;
const minuteMs = 60_000;
const helperTimeoutMs = 10_000;

/**
 * Docker's credentials, then Podman's; the first place that has one for the very host gives it. In a file the helper of the
 * host is asked, else the helper of all hosts, then the entries.
 */
export function createCredentials(settings: CredentialSettings): Credentials & CredentialInventory {
  const { now } = settings;
  const places = listPlaces(settings.places);
  const files = new KeptAnswers<CredentialFile | undefined>(now);
  const found = new KeptAnswers<FoundCredential | undefined>(now);
  const helper: HelperSettings = {
    folders: settings.executableFolders,
    timeoutMs: settings.helperTimeoutMs ?? helperTimeoutMs,
  };
  // A login in another terminal is seen within a minute.
  const read = (place: FilePlace) => files.get(place.source, place.read, minuteMs, minuteMs);
  const ask = (name: string, server: string, named: string) =>
    found.get(
      `${name} ${server}`,
      async () => {
        const credential = await askHelper(name, server, named, helper);
        return credential === undefined ? undefined : { credential, source: `docker-credential-${name}` };
      },
      hourMs,
      minuteMs,
    );
  return {
    async find(address) {
      for (const place of places) {
        const file = await read(place);
        if (file === undefined) continue;
        const credential =
          (await findByHelper(file, address, place.source, ask)) ?? findEntry(file, address, place.source);
        if (credential !== undefined) return credential;
      }
      return undefined;
    },
    listSources: () => listSources(places, read, helper.folders),
  };
}

type Ask = (name: string, server: string, named: string) => Promise<FoundCredential | undefined>;

async function findByHelper(
  file: CredentialFile,
  address: RepositoryAddress,
  named: string,
  ask: Ask,
): Promise<FoundCredential | undefined> {
  const [key] = matchKeys(file.helpers.keys(), address);
  const name = key === undefined ? file.store : file.helpers.get(key);
  if (name === undefined || name === '') return undefined;
  if (address.registry !== 'docker.io') return ask(name, address.registry, named);
  // Docker's logins are kept under the first name, Podman's under the second.
  return (await ask(name, hubKey, named)) ?? (await ask(name, 'docker.io', named));
}

function findEntry(file: CredentialFile, address: RepositoryAddress, source: string): FoundCredential | undefined {
  for (const key of matchKeys(file.auths.keys(), address)) {
    const entry = file.auths.get(key);
    const credential = entry === undefined ? undefined : decodeEntry(entry, `${source}, ${address.registry}`);
    if (credential !== undefined) return { credential, source };
  }
  return undefined;
}
