/** What one registry host is like. */
export type HostProfile = {
  /** Where its API is asked. */
  readonly apiHost: string;
  /** Where its web API is. */
  readonly webHost?: string;
  readonly limits: HostLimits;
  /** `n` of a listing. */
  readonly pageSize: number;
  /** Answers everybody, without a token: none is asked for before it wants one. */
  readonly anonymousTokens: 'per-repository' | 'per-host';
  /** Holds images for everybody: wrong credentials are no reason not to look without them. */
  readonly isPublic: boolean;
  /** A private repository is told as a missing one and the other way round. */
  readonly hidesMissing: boolean;
  /** Manifests that are read count as pulls, and it says how many are left. */
  readonly countsPulls: boolean;
  /** A 429 means that one request at a time is enough for it. */
  readonly slowsToOne: boolean;
  /** Sends on every request, not those for blobs alone. */
  readonly sendsOn: boolean;
};

export type HostLimits = { readonly maxInFlight: number; readonly requestsPerSecond: number };

const plain: Omit<HostProfile, 'apiHost'> = {
  limits: { maxInFlight: 3, requestsPerSecond: 5 },
  // ECR refuses more than 1000.
  pageSize: 1000,
  anonymousTokens: 'per-repository',
  isPublic: false,
  hidesMissing: false,
  countsPulls: false,
  slowsToOne: false,
  sendsOn: false,
};

const google = { limits: { maxInFlight: 4, requestsPerSecond: 8 }, pageSize: 10_000, isPublic: true } as const;
const ghcr = {
  apiHost: 'ghcr.io',
  limits: { maxInFlight: 4, requestsPerSecond: 8 },
  // Tokens of nobody are not bound to a repository there.
  anonymousTokens: 'per-host',
  isPublic: true,
  hidesMissing: true,
  slowsToOne: true,
} as const;

/** What differs from a plain registry. A name that begins with a dash or a dot stands for every host that ends in it. */
const known: ReadonlyMap<string, Partial<HostProfile>> = new Map<string, Partial<HostProfile>>([
  [
    'docker.io',
    {
      apiHost: 'registry-1.docker.io',
      webHost: 'hub.docker.com',
      limits: { maxInFlight: 6, requestsPerSecond: 8 },
      isPublic: true,
      hidesMissing: true,
      countsPulls: true,
    },
  ],
  ['ghcr.io', ghcr],
  // A name in front of ghcr.io, whose tokens it wants.
  ['lscr.io', ghcr],
  ['gcr.io', google],
  ['.gcr.io', google],
  ['-docker.pkg.dev', google],
  ['mcr.microsoft.com', { limits: { maxInFlight: 6, requestsPerSecond: 10 }, isPublic: true }],
  ['quay.io', { limits: { maxInFlight: 3, requestsPerSecond: 4 }, pageSize: 100, isPublic: true }],
  ['public.ecr.aws', { isPublic: true }],
  ['cgr.dev', { isPublic: true }],
  // A signpost to Google's registries.
  ['registry.k8s.io', { isPublic: true, sendsOn: true, pageSize: 10_000 }],
]);

/** Hosts that are asked beside registries. */
const others: ReadonlyMap<string, HostLimits> = new Map([
  ['hub.docker.com', { maxInFlight: 2, requestsPerSecond: 2 }],
  ['auth.docker.io', { maxInFlight: 6, requestsPerSecond: 8 }],
]);

/** @param registry as references spell it: `docker.io`, `localhost:5000`. */
export function profileOf(registry: string): HostProfile {
  const host = registry.toLowerCase();
  const suffix = [...known.keys()].find((name) => /^[.-]/.test(name) && host.endsWith(name));
  return { ...plain, apiHost: registry, ...(known.get(host) ?? known.get(suffix ?? '')) };
}

/** Limits of a host that is no registry: a token service, a web API. */
export function limitsOfOther(host: string): HostLimits {
  return others.get(host) ?? plain.limits;
}
