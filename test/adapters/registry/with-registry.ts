import type { TestContext } from 'node:test';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { createRegistry, type RegistryOptions } from '../../../src/adapters/registry/create-registry.ts';
import type { RegistrySettings } from '../../../src/domain/policy/registry-settings.ts';
import type { Instant } from '../../../src/domain/source/instant.ts';
import type { FoundCredential } from '../../../src/ports/credentials.ts';
import type { Registry, RepositoryAddress } from '../../../src/ports/registry.ts';
import { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from '../../fakes/registry/fake-registry.ts';
import { flavours, originsOf } from '../../fakes/registry/flavours.ts';

/** Time that passes only when somebody waits. */
export class TestTime {
  now: Instant = Date.UTC(2026, 10, 23);
  readonly slept: number[] = [];

  readonly clock = (): Instant => this.now;
  readonly sleep = async (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.now += ms;
  };
}

type Options = FakeRegistryOptions & {
  /** By the host that is asked for them. */
  readonly logins?: Readonly<Record<string, FoundCredential['credential']>>;
  readonly settings?: ReadonlyMap<string, RegistrySettings>;
  readonly client?: Partial<RegistryOptions>;
};

export type Subject = {
  readonly fake: FakeRegistry;
  readonly registry: Registry;
  readonly time: TestTime;
  /** For whom credentials were looked up. */
  readonly lookedUp: RepositoryAddress[];
  at(repository: string): RepositoryAddress;
};

const fast = { maxInFlight: 8, requestsPerSecond: 1000 };

/** Our client in front of a fake on this machine, which goes by its address. */
export async function localRegistry(context: TestContext, options: Options = {}): Promise<Subject> {
  const time = new TestTime();
  const fake = await startFakeRegistry({ now: time.clock, ...options });
  const settings = new Map([[fake.host, { isPrivate: true, isInsecure: true, ...fast }], ...(options.settings ?? [])]);
  return connect(context, fake, time, fake.host, { ...options, settings }, new Map());
}

/** In front of a fake that plays one of the public registries under its own names. */
export async function publicRegistry(
  context: TestContext,
  name: keyof typeof flavours,
  options: Options = {},
): Promise<Subject> {
  const time = new TestTime();
  const switches = { ...flavours[name].switches, ...options.switches };
  const access = options.access ?? { kind: 'token' };
  const fake = await startFakeRegistry({ now: time.clock, ...options, access, switches });
  return connect(context, fake, time, name, options, originsOf(name, fake));
}

function connect(
  context: TestContext,
  fake: FakeRegistry,
  time: TestTime,
  name: string,
  { logins = {}, settings = new Map(), client = {} }: Options,
  origins: ReadonlyMap<string, string>,
): Subject {
  const lookedUp: RepositoryAddress[] = [];
  const registry = createRegistry({
    http: createHttpClient({ origins }),
    credentials: {
      find: async (address) => {
        lookedUp.push(address);
        const credential = logins[address.registry];
        return credential === undefined ? undefined : { credential, source: 'the test' };
      },
    },
    settings,
    clock: time.clock,
    sleep: time.sleep,
    random: () => 0.5,
    ...client,
  });
  context.after(async () => {
    await registry.close();
    await fake.close();
  });
  return { fake, registry, time, lookedUp, at: (repository) => ({ registry: name, repository }) };
}
