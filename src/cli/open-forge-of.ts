import { type ForgeConnection, openForge } from '../wiring/forges.ts';
import { addressOfPlace } from './repository-address.ts';

/**
 * The forge of a repository that is named by its address, by a work tree, whose `origin` counts, or by a bare repository. A
 * folder of this machine is spoken to by git alone.
 *
 * @throws UsageError when it names none.
 */
export async function openForgeOf(place: string, clock: () => number): Promise<ForgeConnection> {
  const { web, written, privateHosts } = await addressOfPlace(place);
  return openForge(web, clock, undefined, web.protocol === 'file:' ? {} : { written, privateHosts });
}
