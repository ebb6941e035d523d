import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Fleet, FleetSource } from '../domain/fleet/fleet.ts';
import { parseRepositoryUrl, type RepositoryUrl } from '../domain/fleet/repository-url.ts';
import { findRepository } from '../wiring/repositories.ts';
import { UsageError } from './failure.ts';

/** Where a repository lies, for git and for the forge over it. */
export type RepositoryAddress = {
  /** Forges are known by it; a `file:` address is a folder of this machine, spoken to by git alone. */
  readonly web: URL;
  /** As git is told it; a folder's path. */
  readonly written: string;
  /** Whose addresses may be private. */
  readonly privateHosts: ReadonlySet<string>;
  /** The work tree that it was found by. */
  readonly folder?: string;
  /** What answers there, where the fleet file says it. */
  readonly forge?: 'github' | 'gitlab';
  /** Where pull requests go; absent for the branch that the forge shows first. */
  readonly branch?: string;
};

export function addressOfFleet(
  { url, branch }: Extract<FleetSource, { readonly kind: 'url' }>,
  { privateHosts, listings }: Fleet,
): RepositoryAddress {
  const address = addressOf(url, privateHosts);
  const listing = listings.find(({ host }) => host === address.web.host);
  return {
    ...address,
    ...(branch === undefined ? {} : { branch }),
    ...(listing === undefined ? {} : { forge: listing.forge }),
  };
}

/** A git repository that lies in a folder and was cloned from nowhere. */
export class NoOriginError extends UsageError {}

/**
 * A repository that is named by its address, by a work tree, whose `origin` counts, or by a bare repository.
 *
 * @throws UsageError when it names none, NoOriginError where that is why.
 */
export async function addressOfPlace(place: string): Promise<RepositoryAddress> {
  const isFolder = (await stat(place).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) {
    if (isAddress(place)) return readAddress(place, place);
    throw new UsageError(`there is no folder ${place}: name one, or the address of a repository (https://host/path)`);
  }
  const found = await findRepository(resolve(place));
  switch (found.kind) {
    case 'no-repository':
      throw new UsageError(`${place} is in no git repository that git reads here (or git is not installed)`);
    case 'no-origin':
      throw new NoOriginError(`the repository of ${place} has no remote origin: name the address of the repository`);
    case 'bare':
      return addressOfFolder(found.folder);
    case 'origin':
      return { ...addressOfOrigin(found, place), folder: found.folder };
  }
}

function addressOfOrigin(
  { text, folder }: { readonly text: string; readonly folder: string },
  place: string,
): RepositoryAddress {
  // What a clone was made with; credentials come from git's helper or the environment. A password may hold an @ itself.
  if (isAddress(text)) return readAddress(text.replace(/^(https:\/\/)[^/]*@/i, '$1'), `the origin of ${place}`);
  return addressOfFolder(resolve(folder, text.startsWith('file://') ? fileURLToPath(text) : text));
}

function addressOfFolder(folder: string): RepositoryAddress {
  return { web: pathToFileURL(folder), written: folder, privateHosts: new Set() };
}

/** As git tells an address from a path: a scheme, or a colon before the first slash. */
function isAddress(text: string): boolean {
  return /^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[^/]+:/.test(text.replace(/^file:\/\//, '/'));
}

/** @param name of the address in messages: it may hold a credential itself. */
function readAddress(text: string, name: string): RepositoryAddress {
  const reading = parseRepositoryUrl(text);
  if (reading.kind === 'refused') throw new UsageError(`${name === text ? 'the address' : name} ${reading.reason}`);
  // Whoever names a host wants it asked.
  return addressOf(reading.url, new Set([reading.url.host]));
}

function addressOf(
  { text, host, port, protocol, identity }: RepositoryUrl,
  privateHosts: ReadonlySet<string>,
): RepositoryAddress {
  // Forges are known by their web address; that of ssh has another port.
  const hostname = host.includes(':') ? `[${host}]` : host;
  const path = identity.slice(identity.indexOf('/'));
  const web = new URL(`https://${hostname}${protocol === 'https' && port !== undefined ? `:${port}` : ''}${path}`);
  return { web, written: text, privateHosts };
}
