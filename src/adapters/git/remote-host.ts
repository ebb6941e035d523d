import { lookup } from 'node:dns/promises';
import type { RepositoryUrl } from '../../domain/fleet/repository-url.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { rangeRefused, refusedName } from '../http/public-address.ts';

export type HostSettings = {
  /** A host of the organisation's own network. */
  readonly isPrivateAllowed: (host: string) => boolean;
  /** All addresses of a name; throws where there are none. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** A proxy looks up names that this machine need not know. */
  readonly hasProxy: boolean;
};

/**
 * Looks at the addresses of a host before git connects to it.
 *
 * @returns the settings that make git connect to what was looked at, and look nothing up (git 2.37 or newer; older ones
 * pass over it).
 * @throws RepositoryError `refused` for a private address, `unreachable` for a name without any.
 */
export async function checkHost(url: RepositoryUrl, settings: HostSettings): Promise<readonly string[]> {
  const isAllowed = settings.isPrivateAllowed(url.host);
  const literal = refusedName(url.host);
  if (literal !== undefined && !isAllowed) throw refusal(url, literal);
  if (rangeRefused(url.host) !== 'unknown') return [];
  const addresses = await resolveAll(url, settings);
  const range = addresses.map(rangeRefused).find((found) => found !== undefined);
  if (range !== undefined && !isAllowed)
    throw refusal(url, `${url.host} leads to an address that is not public (${range})`);
  if (url.protocol === 'ssh' || addresses.length === 0) return [];
  const port = url.port ?? (url.protocol === 'https' ? 443 : 80);
  const bracketed = addresses.map((address) => (address.includes(':') ? `[${address}]` : address));
  return [`http.curloptResolve=${url.host}:${port}:${bracketed.join(',')}`];
}

async function resolveAll(url: RepositoryUrl, settings: HostSettings): Promise<readonly string[]> {
  const { resolve = lookupAll } = settings;
  try {
    return await resolve(url.host);
  } catch (error) {
    // The SSH configuration may have its own name for a host.
    if (settings.hasProxy || url.protocol === 'ssh') return [];
    throw new RepositoryError('unreachable', `cannot read ${url.text}: ${url.host} has no address`, { cause: error });
  }
}

async function lookupAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function refusal(url: RepositoryUrl, reason: string): RepositoryError {
  const remedy = `name ${url.host} under privateHosts in the fleet file if it is yours`;
  return new RepositoryError('refused', `cannot read ${url.text}: ${reason}; ${remedy}`);
}
