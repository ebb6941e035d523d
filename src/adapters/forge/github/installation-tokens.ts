import githubAppJwt from 'universal-github-app-jwt';
import type { Instant } from '../../../domain/source/instant.ts';
import { ForgeError } from '../../../ports/forge.ts';

/** `privateKey`: the PEM text, a secret. */
export type AppKey = { readonly appId: string; readonly privateKey: string };

export type InstallationToken = {
  readonly token: string;
  readonly expiresAt: Instant;
  /** `contents` → `write` */
  readonly permissions: ReadonlyMap<string, string>;
};

export type InstallationTokens = {
  /** @param owner of repositories, where the app is installed */
  get(owner: string): Promise<InstallationToken>;
  /** What the app itself is asked with. */
  signJwt(): Promise<string>;
};

/** They live an hour; one is renewed before it ends, so that none ends on its way. */
const renewedBeforeMs = 5 * 60_000;

/**
 * One token per owner, renewed as it ends. Where the app is not installed or not accepted, GitHub is not asked again.
 *
 * @param create asks GitHub for the token of an owner's installation in the name of the app
 */
export function createInstallationTokens(
  key: AppKey,
  create: (owner: string, jwt: string) => Promise<InstallationToken>,
  clock: () => Instant,
): InstallationTokens {
  const pending = new Map<string, Promise<InstallationToken>>();

  async function signJwt(): Promise<string> {
    try {
      const now = Math.floor(clock() / 1000);
      return (await githubAppJwt({ id: key.appId, privateKey: key.privateKey, now })).token;
    } catch {
      // The cause is left out: it may show parts of the key.
      throw new ForgeError(
        'unauthorized',
        'cannot sign as the GitHub App: its private key is no RSA key in PEM; take the file from the settings page of the App',
      );
    }
  }

  return {
    signJwt,
    async get(owner) {
      const name = owner.toLowerCase();
      const present = pending.get(name);
      const held = await present?.catch(unlessFinal);
      if (held !== undefined && held.expiresAt - renewedBeforeMs > clock()) return held;
      // Whoever waited for the same one has started the next already.
      const started = pending.get(name);
      if (started !== undefined && started !== present) return started;
      const next = signJwt().then((jwt) => create(owner, jwt));
      pending.set(name, next);
      return next;
    },
  };
}

function unlessFinal(error: unknown): undefined {
  if (error instanceof ForgeError && error.code === 'unauthorized') throw error;
}
