import type { Policy } from '../domain/policy/policy.ts';
import { askedOnce } from '../flows/online/asked-once.ts';
import type { Registry } from '../ports/registry.ts';
import { openRegistry } from '../wiring/registry.ts';

/** The registries of a run over several trees: one client for all policies that set the same of them. */
export type OpenRegistries = {
  readonly of: (policy: Policy) => Promise<Registry>;
  readonly close: () => Promise<void>;
};

/** Nothing is opened before the first is wanted. */
export function openRegistries(clock: () => number): OpenRegistries {
  const opened = new Map<string, Promise<Registry>>();
  return {
    of({ registries }) {
      const key = JSON.stringify([...registries]);
      const known = opened.get(key) ?? openRegistry(registries, clock).then(askedOnce);
      opened.set(key, known);
      return known;
    },
    async close() {
      for (const registry of opened.values()) await (await registry).close();
    },
  };
}
