import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { createRegistry } from '../../../src/adapters/registry/create-registry.ts';
import type { CheckResult } from '../../../src/flows/check-result.ts';
import { askedOnce } from '../../../src/flows/online/asked-once.ts';
import type { Registry } from '../../../src/ports/registry.ts';
import { type FakeRegistry, startFakeRegistry } from '../../fakes/registry/fake-registry.ts';
import { flavours, originsOf } from '../../fakes/registry/flavours.ts';
import { judge, type Settings } from '../judged.ts';

/** Docker Hub, and a registry that lets nobody in, both on this machine; the shipped client asks them. */
export type OnlineWorld = {
  readonly hub: FakeRegistry;
  /** As one run opens it. Nothing is kept for the next. */
  connect(): Registry;
  judge(files: Readonly<Record<string, string>>, settings?: Settings): Promise<CheckResult>;
};

/** When everything is looked up. */
const now = Date.UTC(2026, 10, 23, 12);

export const closedHost = 'registry.example.com';

export async function inOnlineWorld(use: (world: OnlineWorld) => Promise<void>): Promise<void> {
  const hub = await startFakeRegistry({ access: { kind: 'token' }, switches: flavours['docker.io'].switches });
  const closed = await startFakeRegistry({ switches: { isLocked: true } });
  const origins = new Map([...originsOf('docker.io', hub), [`https://${closedHost}`, closed.origin] as const]);
  const opened: Registry[] = [];
  const connect = () => {
    const limits = { isPrivate: false, isInsecure: false, maxInFlight: 32, requestsPerSecond: 1000 };
    const hosts = ['docker.io', 'hub.docker.com', 'auth.docker.io', closedHost];
    const registry = createRegistry({
      http: createHttpClient({ origins }),
      credentials: { find: async () => undefined },
      settings: new Map(hosts.map((host) => [host, limits])),
      clock: () => now,
      // What is tried again is tried at once.
      sleep: async () => undefined,
    });
    opened.push(registry);
    return askedOnce(registry);
  };
  try {
    await use({ hub, connect, judge: (files, settings) => judge(files, { ...settings, registry: connect() }) });
  } finally {
    for (const registry of opened) await registry.close();
    await hub.close();
    await closed.close();
  }
}
