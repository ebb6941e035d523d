/** What the organisation's file says of one registry host: `registries:` in the policy file. */
export type RegistrySettings = {
  /** Ask here instead, `https://harbor.corp.example/proxy`: a mirror that the organisation trusts to be current. */
  readonly endpoint?: string;
  /** The host may have a private, loopback or link-local address. */
  readonly isPrivate: boolean;
  /** Plain HTTP. */
  readonly isInsecure: boolean;
  readonly maxInFlight?: number;
  readonly requestsPerSecond?: number;
};
