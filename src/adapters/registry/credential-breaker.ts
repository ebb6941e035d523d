import { createHash } from 'node:crypto';
import type { Instant } from '../../domain/source/instant.ts';
import type { Credential, FoundCredential } from '../../ports/credentials.ts';
import { RegistryError, type RegistryFault } from '../../ports/registry.ts';
import type { Site } from './site.ts';

// Docker Hub locks a user out for ten minutes after a few wrong passwords.
const openMs = 15 * 60_000;

/** Credentials that were refused are not shown again for a while, and reported. */
export class CredentialBreaker {
  readonly #clock: () => Instant;
  readonly #openUntil = new Map<string, Instant>();
  readonly #proven = new Set<string>();
  readonly #faults = new Map<string, RegistryFault>();

  constructor(clock: () => Instant) {
    this.#clock = clock;
  }

  isOpen(site: Site, credential: Credential): boolean {
    return (this.#openUntil.get(breakerKey(site, credential)) ?? 0) > this.#clock();
  }

  open(site: Site, { credential, source }: FoundCredential): void {
    const key = breakerKey(site, credential);
    this.#openUntil.set(key, this.#clock() + openMs);
    const withoutThem = site.profile.isPublic ? '; public images are read without them' : '';
    const message = `${site.credentialHost} refuses the credentials from ${source}: log in again or remove them${withoutThem}`;
    this.#faults.set(key, { host: site.name, message });
  }

  /** They were accepted once: a refusal of a single repository says nothing of them. */
  prove(site: Site, credential: Credential): void {
    this.#proven.add(breakerKey(site, credential));
  }

  isProven(site: Site, credential: Credential): boolean {
    return this.#proven.has(breakerKey(site, credential));
  }

  faults(): readonly RegistryFault[] {
    return [...this.#faults.values()];
  }

  errorOf(site: Site, { source }: FoundCredential, what: string): RegistryError {
    const message = `${what}: ${site.credentialHost} refuses the credentials from ${source}: log in again or remove them`;
    return new RegistryError('unauthorized', site.name, message);
  }
}

/** Tells credentials apart without holding them. */
export function credentialId(credential: Credential | undefined): string {
  if (credential === undefined) return 'anonymous';
  return createHash('sha256').update(JSON.stringify(credential)).digest('hex');
}

function breakerKey(site: Site, credential: Credential): string {
  return `${site.host} ${credentialId(credential)}`;
}
