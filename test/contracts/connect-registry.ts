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
  const local = { isPrivate: true, isInsecure: true };
  const localHosts = origins === undefined ? [host, ...(tokenHost === undefined ? [] : [tokenHost])] : [];
  return createRegistry({
    http: createHttpClient(origins === undefined ? {} : { origins }),
    credentials: {
      find: async ({ registry }) =>
        registry === host && credential !== undefined ? { credential, source: 'the test' } : undefined,
    },
    settings: new Map(localHosts.map((name) => [name, local])),
    clock: Date.now,
  });
}
