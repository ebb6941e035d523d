import { createHttpClient } from '../../src/adapters/http/http-client.ts';
import { createRegistry } from '../../src/adapters/registry/create-registry.ts';
import type { Credential } from '../../src/ports/credentials.ts';
import type { Registry } from '../../src/ports/registry.ts';

/** Our client for one host on this machine, with at most one credential and no folder to remember things in. */
export function connect(options: {
  readonly host: string;
  readonly tokenHost?: string | undefined;
  readonly credential?: Credential;
  /** For a host of the public net that a fake plays. */
  readonly origins?: ReadonlyMap<string, string>;
}): Registry {
  const { host, tokenHost, credential, origins } = options;
  // The shipped limits would make the suite wait; they have tests of their own.
  const limits = { maxInFlight: 32, requestsPerSecond: 1000 };
  const isLocal = origins === undefined;
  const hosts = isLocal
    ? [host, ...(tokenHost === undefined ? [] : [tokenHost])]
    : [host, 'hub.docker.com', 'auth.docker.io'];
  return createRegistry({
    http: createHttpClient(origins === undefined ? {} : { origins }),
    credentials: {
      find: async ({ registry }) =>
        registry === host && credential !== undefined ? { credential, source: 'the test' } : undefined,
    },
    settings: new Map(hosts.map((name) => [name, { isPrivate: isLocal, isInsecure: isLocal, ...limits }])),
    clock: Date.now,
  });
}
