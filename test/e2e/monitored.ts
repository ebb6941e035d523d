import { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from '../fakes/registry/fake-registry.ts';
import { basekeeper, makeTree, type Run } from './command.ts';

/** A tree, a registry that plays Docker Hub, and a ledger of its own. */
export type Monitored = {
  readonly path: string;
  readonly hub: FakeRegistry;
  readonly env: Record<string, string>;
  /** Runs `monitor` on the tree. */
  monitor(...args: readonly string[]): Promise<Run>;
  close(): Promise<void>;
};

/** @param files of the tree, in `tree/`. */
export async function startMonitored(
  files: Readonly<Record<string, string>>,
  options: FakeRegistryOptions & { readonly settings?: string } = {},
): Promise<Monitored> {
  const hub = await startFakeRegistry(options);
  const settings = options.settings ?? 'maxInFlight: 32, requestsPerSecond: 1000';
  const policy = `version: 1\nregistries:\n  docker.io: { endpoint: "${hub.origin}", private: true, insecure: true, ${settings} }\n`;
  const inTree = Object.fromEntries(Object.entries(files).map(([name, text]) => [`tree/${name}`, text]));
  const { path, remove } = await makeTree({ ...inTree, 'policy.yaml': policy });
  const env = { BASEKEEPER_STATE: `${path}/state`, BASEKEEPER_CACHE: `${path}/cache`, BASEKEEPER_CATALOG: 'shipped' };
  return {
    path,
    hub,
    env,
    monitor: (...args) =>
      basekeeper(['monitor', `${path}/tree`, '--policy', `${path}/policy.yaml`, ...args], { cwd: path, env }),
    async close() {
      await hub.close();
      await remove();
    },
  };
}

/** The kinds of all requests since the last call, counted: `head 2, list 1, ping 1`. */
export function askedOf({ log }: FakeRegistry): string {
  const counts = Object.entries(log.counts()).sort(([a], [b]) => (a < b ? -1 : 1));
  log.clear();
  return counts.map(([kind, count]) => `${kind} ${count}`).join(', ');
}
