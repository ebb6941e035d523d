import type { Credentials, FoundCredential } from '../../ports/credentials.ts';
import { CredentialError } from '../../ports/credentials.ts';
import { RegistryError, type RepositoryAddress } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { type CredentialBreaker, credentialId } from './credential-breaker.ts';
import { checkRealm } from './realm.ts';
import { refusalOf, refused } from './refusal.ts';
import { type SettingsByHost, wireRepository } from './site.ts';
import { basicAuthorization, CredentialRefused, type Token, type Tokens, type TokenWish } from './tokens.ts';
import type { Ask, Transport } from './transport.ts';

export type SessionParts = {
  readonly transport: Transport;
  readonly tokens: Tokens;
  readonly breaker: CredentialBreaker;
  readonly credentials: Credentials;
  readonly settings: SettingsByHost;
};

/** What is sent as `Authorization`, and what has to be forgotten when it is refused. */
type Pass = {
  readonly authorization?: string;
  readonly found?: FoundCredential;
  readonly token?: { readonly key: string; readonly token: Token };
};

const maxPingBytes = 65_536;

/** Requests with the right that each host wants to see: asked for once, shown only to that host. */
export class Session {
  readonly #parts: SessionParts;
  readonly #challenges = new Map<string, Promise<readonly Challenge[]>>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /**
   * Sends a request for a repository; once more with a new right when the first is refused. The second 401 is final.
   *
   * @throws RegistryError
   */
  async send(ask: Ask, address: RepositoryAddress): Promise<HttpAnswer> {
    const { site } = ask;
    const scope = `repository:${wireRepository(site, address)}:pull`;
    const challenges = await this.#challengesOf(ask);
    const pass = await this.#passFor(ask, address, challenges, scope);
    const answer = await this.#sendWith(ask, pass);
    if (answer.status !== 401) {
      if (pass.found !== undefined && answer.status < 400) this.#parts.breaker.prove(site, pass.found.credential);
      return answer;
    }
    if (pass.found?.credential.kind === 'basic' && pass.token === undefined)
      return this.#refusedBasic(ask, pass, pass.found);
    if (pass.token !== undefined) await this.#parts.tokens.drop(pass.token.key, pass.token.token);
    const anew = parseChallenges(answer.headers.get('www-authenticate') ?? []);
    if (anew.length === 0) return answer;
    // Some hosts answer `/v2/` to everybody, and ask only for what is private.
    if (challenges.length === 0) this.#challenges.set(site.host, Promise.resolve(anew));
    return this.#sendWith(ask, await this.#passFor(ask, address, anew, wantedScope(anew) ?? scope));
  }

  async #refusedBasic(ask: Ask, pass: Pass, found: FoundCredential): Promise<HttpAnswer> {
    const { breaker } = this.#parts;
    if (!breaker.isProven(ask.site, found.credential)) breaker.open(ask.site, found);
    if (!ask.site.profile.isPublic || pass.authorization === undefined)
      throw breaker.errorOf(ask.site, found, ask.what);
    return this.#sendWith(ask, {});
  }

  #sendWith(ask: Ask, { authorization }: Pass): Promise<HttpAnswer> {
    const headers = authorization === undefined ? ask.headers : { ...ask.headers, authorization };
    return this.#parts.transport.send(headers === undefined ? ask : { ...ask, headers });
  }

  /** What a host asks of everybody, found out once: as many requests at a time would be refused otherwise. */
  #challengesOf({ site }: Ask): Promise<readonly Challenge[]> {
    const known = this.#challenges.get(site.host);
    if (known !== undefined) return known;
    const url = new URL('/v2/', site.origin);
    const what = `cannot ask ${site.name}`;
    const asked = this.#parts.transport
      .send({ site, kind: 'ping', method: 'GET', url, maxBytes: maxPingBytes, what })
      .then(({ status, headers }) => (status === 401 ? parseChallenges(headers.get('www-authenticate') ?? []) : []));
    this.#challenges.set(site.host, asked);
    asked.catch(() => this.#challenges.delete(site.host));
    return asked;
  }

  async #passFor(ask: Ask, address: RepositoryAddress, challenges: readonly Challenge[], scope: string): Promise<Pass> {
    const { site } = ask;
    const found = await this.#credentialOf(ask, address);
    if (found?.credential.kind === 'bearer') return { authorization: `Bearer ${found.credential.token}`, found };
    const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'));
    if (bearer !== undefined) return this.#tokenPass(ask, bearer, scope, found);
    const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
    if (!isBasic || found === undefined) return {};
    if (this.#parts.breaker.isOpen(site, found.credential)) throw this.#parts.breaker.errorOf(site, found, ask.what);
    return { authorization: basicAuthorization(found.credential), found };
  }

  async #tokenPass(ask: Ask, challenge: Challenge, scope: string, found: FoundCredential | undefined): Promise<Pass> {
    const { breaker } = this.#parts;
    const { site, what } = ask;
    const isOpen = found !== undefined && breaker.isOpen(site, found.credential);
    if (isOpen && !site.profile.isPublic) throw breaker.errorOf(site, found, what);
    if (found === undefined || isOpen) return this.#tokenOf(ask, challenge, scope, undefined);
    try {
      return await this.#tokenOf(ask, challenge, scope, found);
    } catch (error) {
      if (!(error instanceof CredentialRefused)) throw error;
      // 403 of credentials that worked before: they may not read this repository.
      if (error.status === 403 && breaker.isProven(site, found.credential))
        throw new RegistryError(
          'unauthorized',
          site.name,
          `${what}: the credentials from ${found.source} may not read it`,
        );
      breaker.open(site, found);
      if (!site.profile.isPublic) throw breaker.errorOf(site, found, what);
      return this.#tokenOf(ask, challenge, scope, undefined);
    }
  }

  async #tokenOf(ask: Ask, challenge: Challenge, scope: string, found: FoundCredential | undefined): Promise<Pass> {
    const { tokens, breaker, settings } = this.#parts;
    const { site, what } = ask;
    const credential = found?.credential;
    if (credential?.kind === 'bearer') throw refused(what, site, 'a token of its own is shown to the registry alone');
    const isShared = credential === undefined && site.profile.anonymousTokens === 'per-host';
    const realm = checkRealm(
      challenge.parameters.get('realm') ?? '',
      new URL('/v2/', site.origin),
      what,
      site,
      settings,
    );
    const key = [site.host, realm.href, isShared ? '' : scope, credentialId(credential)].join(' ');
    const service = challenge.parameters.get('service');
    const wish: TokenWish = { site, realm, service, scope, credential, key, what };
    const token = await tokens.get(wish);
    if (found !== undefined) breaker.prove(site, found.credential);
    return { authorization: `Bearer ${token.value}`, token: { key, token }, ...(found === undefined ? {} : { found }) };
  }

  async #credentialOf({ site, what }: Ask, address: RepositoryAddress): Promise<FoundCredential | undefined> {
    try {
      return await this.#parts.credentials.find({
        registry: site.credentialHost,
        repository: wireRepository(site, address),
      });
    } catch (error) {
      if (error instanceof CredentialError)
        throw new RegistryError('unauthorized', site.name, `${what}: ${error.message}`, { cause: error });
      throw error;
    }
  }
}

/** The scope that a token lacked. */
function wantedScope(challenges: readonly Challenge[]): string | undefined {
  const lacking = challenges.find(({ parameters }) => parameters.get('error') === 'insufficient_scope');
  return lacking?.parameters.get('scope');
}

/** What any answer but the wanted one means. */
export function expectOk(answer: HttpAnswer, { what, site }: Ask): HttpAnswer {
  if (answer.status !== 200) throw refusalOf(answer, what, site);
  return answer;
}
