import { type ForgeHost, openForgeHost, type RepositoryOnForge } from '../wiring/forges.ts';
import type { RepositoryAddress } from './repository-address.ts';

/** The forges of a run over several repositories: one for all that lie on the same host. */
export type OpenForges = {
  /** @throws ForgeError */
  readonly of: (address: RepositoryAddress) => Promise<RepositoryOnForge>;
  readonly close: () => Promise<void>;
};

/** Nothing is opened before the first is wanted. */
export function openForges(clock: () => number): OpenForges {
  const opened = new Map<string, Promise<ForgeHost>>();
  return {
    async of({ web, ...facts }) {
      const key = JSON.stringify([web.protocol, web.host, facts.forge, facts.privateHosts.has(web.hostname)]);
      const known = opened.get(key) ?? openForgeHost(web, clock, undefined, facts);
      opened.set(key, known);
      return (await known).repositoryAt(web, facts);
    },
    async close() {
      // What could not be opened was told to whoever wanted it.
      for (const host of await Promise.allSettled(opened.values()))
        if (host.status === 'fulfilled') await host.value.close();
    },
  };
}
