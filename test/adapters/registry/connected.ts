import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { createRegistry, type RegistryOptions } from '../../../src/adapters/registry/create-registry.ts';
import type { Credential } from '../../../src/ports/credentials.ts';
import { type Registry, RegistryError } from '../../../src/ports/registry.ts';
import { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from '../../fakes/registry/fake-registry.ts';

/** A clock that only waiting moves. */
export type Clock = { at: number; readonly slept: number[] };

export type Connected = {
  readonly fake: FakeRegistry;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly folder: string;
  /** Another client, as a new process would have it, with the same folder. */
  another(): Registry;
};

/** Runs `use` with a fake registry that plays a host of the public net, and a client for it. */
export async function connected(
  use: (connected: Connected) => Promise<void>,
  options: {
    readonly fake?: FakeRegistryOptions;
    readonly credential?: Credential;
    readonly client?: Partial<RegistryOptions>;
  } = {},
): Promise<void> {
  const clock: Clock = { at: Date.parse('2026-11-23T12:00:00Z'), slept: [] };
  const fake = await startFakeRegistry({ now: () => clock.at, ...options.fake });
  const folder = await mkdtemp(join(tmpdir(), 'client-'));
  const hosts = [
    'https://registry-1.docker.io',
    'https://auth.docker.io',
    'https://hub.docker.com',
    'https://ghcr.io',
    'https://r.example',
  ];
  const { credential } = options;
  const clients: Registry[] = [];
  const another = (): Registry => {
    const client = createRegistry({
      http: createHttpClient({ origins: new Map(hosts.map((host) => [host, fake.origin])) }),
      credentials: { find: async () => (credential === undefined ? undefined : { credential, source: 'the test' }) },
      settings: new Map(
        ['docker.io', 'hub.docker.com', 'auth.docker.io', 'ghcr.io', 'r.example'].map((host) => [
          host,
          { isPrivate: false, isInsecure: false, maxInFlight: 32, requestsPerSecond: 1000 },
        ]),
      ),
      cacheFolder: folder,
      clock: () => clock.at,
      sleep: async (ms) => {
        clock.slept.push(ms);
        clock.at += ms;
      },
      random: () => 1,
      ...options.client,
    });
    clients.push(client);
    return client;
  };
  try {
    await use({ fake, registry: another(), clock, folder, another });
  } finally {
    for (const client of clients) await client.close();
    await fake.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The refusal of a call. */
export async function refusalOf(call: Promise<unknown>): Promise<RegistryError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
  throw new Error('it was answered');
}
