import type { FakeRegistry } from './fake-registry.ts';
import type { Switches } from './switches.ts';

/** What the public registries do that others do not, and the addresses under which a client asks for it. */
export const flavours: Readonly<
  Record<
    'docker.io' | 'ghcr.io' | 'gcr.io' | 'mcr.microsoft.com' | 'quay.io',
    { readonly switches: Partial<Switches>; readonly origins: readonly string[] }
  >
> = {
  'docker.io': {
    switches: {
      realm: 'https://auth.docker.io/token',
      service: 'registry.docker.io',
      webNextOrigin: 'https://hub.docker.com',
      hidesMissing: true,
      pullLimit: { limit: 100, windowSeconds: 21_600 },
    },
    origins: ['https://registry-1.docker.io', 'https://auth.docker.io', 'https://hub.docker.com'],
  },
  'ghcr.io': {
    switches: {
      realm: 'https://ghcr.io/token',
      service: 'ghcr.io',
      challengeScope: 'repository:user/image:pull',
      grants: 'everything',
      hidesMissing: true,
      tagOrder: 'pushed',
    },
    origins: ['https://ghcr.io'],
  },
  'gcr.io': {
    switches: { realm: 'https://gcr.io/v2/token', service: 'gcr.io', challenge: 'absent', extendedListing: true },
    origins: ['https://gcr.io'],
  },
  'mcr.microsoft.com': { switches: {}, origins: ['https://mcr.microsoft.com'] },
  'quay.io': {
    switches: { realm: 'https://quay.io/v2/auth', service: 'quay.io', pageSize: 100, tagOrder: 'pushed' },
    origins: ['https://quay.io'],
  },
};

/** For a client's `origins`: what is asked there is answered by the fake. */
export function originsOf(host: keyof typeof flavours, registry: FakeRegistry): ReadonlyMap<string, string> {
  return new Map(flavours[host].origins.map((origin) => [origin, registry.origin]));
}
