import { readWorldEnvironment } from '../config/environment.ts';
import { ownHosts } from '../config/own-hosts.ts';
import type { Fleet } from '../domain/fleet/fleet.ts';
import { type ListingResult, listFleet } from '../flows/list-fleet.ts';
import { openForge } from '../wiring/forges.ts';

/** A fleet with the repositories that its forges list, and what became of each listing. */
export async function listRepositories(
  written: Fleet,
  clock: () => number,
): Promise<{ readonly fleet: Fleet; readonly listings: readonly ListingResult[] }> {
  const fleet = { ...written, privateHosts: withOwnHosts(written) };
  const { repositories, listings } = await listFleet(fleet, async ({ forge: kind, host, owner }, ask) => {
    const { privateHosts } = fleet;
    const address = new URL(`https://${host}/${owner}`);
    const { forge, close } = await openForge(address, clock, undefined, { privateHosts, forge: kind });
    return ask(forge).finally(close);
  });
  return { fleet: { ...fleet, repositories }, listings };
}

/** Whoever names the host of a forge in the environment may name a private one; git is sent there for what it lists. */
function withOwnHosts({ listings, privateHosts }: Fleet): ReadonlySet<string> {
  const own = ownHosts(readWorldEnvironment());
  const names = listings.map(({ host }) => host.replace(/:\d+$/, ''));
  return new Set([...privateHosts, ...names.filter((name) => own.has(name))]);
}
