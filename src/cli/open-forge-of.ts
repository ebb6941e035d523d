import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseRepositoryUrl } from '../domain/fleet/repository-url.ts';
import { type ForgeConnection, findRepository, openForge } from '../wiring.ts';
import { UsageError } from './failure.ts';

/**
 * The forge of a repository that is named by its address, by a work tree, whose `origin` counts, or by a bare repository. A
 * folder of this machine is spoken to by git alone.
 *
 * @throws UsageError when it names none.
 */
export async function openForgeOf(place: string, clock: () => number): Promise<ForgeConnection> {
  const isFolder = (await stat(place).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) {
    if (isAddress(place)) return openAddress(place, place, clock);
    throw new UsageError(`there is no folder ${place}: name one, or the address of a repository (https://host/path)`);
  }
  const found = await findRepository(resolve(place));
  switch (found.kind) {
    case 'no-repository':
      throw new UsageError(`${place} is in no git repository that git reads here (or git is not installed)`);
    case 'no-origin':
      throw new UsageError(`the repository of ${place} has no remote origin: name the address of the repository`);
    case 'bare':
      return openForge(pathToFileURL(found.folder), clock);
    case 'origin':
      return openOrigin(found, place, clock);
  }
}

function openOrigin(
  { text, folder }: { readonly text: string; readonly folder: string },
  place: string,
  clock: () => number,
): Promise<ForgeConnection> {
  // What a clone was made with; credentials come from git's helper or the environment.
  if (isAddress(text)) return openAddress(text.replace(/^(https:\/\/)[^/@]*@/, '$1'), `the origin of ${place}`, clock);
  const path = text.startsWith('file://') ? fileURLToPath(text) : text;
  return openForge(pathToFileURL(resolve(folder, path)), clock);
}

/** As git tells an address from a path: a scheme, or a colon before the first slash. */
function isAddress(text: string): boolean {
  return /^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[^/]+:/.test(text.replace(/^file:\/\//, '/'));
}

/** @param name of the address in messages: it may hold a credential itself. */
function openAddress(text: string, name: string, clock: () => number): Promise<ForgeConnection> {
  const reading = parseRepositoryUrl(text);
  if (reading.kind === 'refused') throw new UsageError(`${name === text ? 'the address' : name} ${reading.reason}`);
  const { host, port, protocol, identity } = reading.url;
  // Forges are known by their web address; that of ssh has another port.
  const hostname = host.includes(':') ? `[${host}]` : host;
  const path = identity.slice(identity.indexOf('/'));
  const web = new URL(`https://${hostname}${protocol === 'https' && port !== undefined ? `:${port}` : ''}${path}`);
  // Whoever names a host wants it asked.
  return openForge(web, clock, undefined, { written: text, privateHosts: new Set([host]) });
}
