import type { RepositoryAddress } from './registry.ts';

/** What may be shown to a registry. `identity`: traded for a token at its token service. `bearer`: sent as it is. */
export type Credential =
  | { readonly kind: 'basic'; readonly username: string; readonly secret: string }
  | { readonly kind: 'identity'; readonly username?: string; readonly token: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** A credential and where it came from (`~/.docker/config.json`, `docker-credential-desktop`), for reports; no secret in `source`. */
export type FoundCredential = { readonly credential: Credential; readonly source: string };

/** Who we are to each registry. Only the entry of the very host is used, never one that merely looks alike. */
export interface Credentials {
  /** @throws CredentialError for a file or a helper that is there and does not work. */
  find(address: RepositoryAddress): Promise<FoundCredential | undefined>;
}

/** `message` names the file or helper and what to do. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

/** What there is to find credentials in, for a report on it. */
export interface CredentialInventory {
  /** Every file and helper that would be asked, in their order. */
  listSources(): Promise<readonly CredentialSource[]>;
}

export type CredentialSource = {
  /** As in `FoundCredential`. */
  readonly source: string;
  /** Hosts or namespaces of them that it has an entry for, without any secret; `*` for the helper of all other hosts. */
  readonly hosts: readonly string[];
  /** Why it, or an entry in it, does not work, and what to do. */
  readonly problems: readonly string[];
};
