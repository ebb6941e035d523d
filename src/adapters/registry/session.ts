import { CredentialError, type Credentials, type FoundCredential } from '../../ports/credentials.ts';
import { RegistryError, type RepositoryAddress } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { type CredentialBreaker, credentialId } from './credential-breaker.ts';
import { type HostLogin, nextScope, scopeOf } from './host-login.ts';
import { findChallenge, HostLogins } from './host-logins.ts';
import { refusalOf } from './refusal.ts';
import { type SettingsByHost, type Site, wireRepository } from './site.ts';
import { basicAuthorization, CredentialRefused, type Token, type Tokens } from './tokens.ts';
import type { Ask, Transport } from './transport.ts';

export type SessionParts = {
  readonly transport: Transport;
  readonly tokens: Tokens;
  readonly breaker: CredentialBreaker;
  readonly credentials: Credentials;
  readonly settings: SettingsByHost;
};

/** Asks registries as whom they know, and finds out how each wants to be told. */
export class Session {
  readonly #parts: SessionParts;
  readonly #logins: HostLogins;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#logins = new HostLogins(parts.transport, parts.settings);
  }

  /**
   * A 401 comes out of here only when there is nothing else to show.
   *
   * @param ask of the site itself; it is shown its credentials.
   * @throws RegistryError
   */
  async send(ask: Ask, address: RepositoryAddress): Promise<HttpAnswer> {
    const { breaker } = this.#parts;
    const { site, what } = ask;
    const repository = wireRepository(site, address);
    const found = await this.#findCredential(ask, repository);
    try {
      return await this.#inTurn({ ask, repository, found });
    } catch (error) {
      if (!(error instanceof CredentialRefused) || found === undefined) throw error;
      if (error.status === 403 && breaker.isProven(site, found.credential))
        throw refusalOf({ status: 403, headers: new Map(), body: Buffer.from(error.message) }, what, site);
      if (!site.profile.isPublic) throw breaker.errorOf(site, found, what);
      return this.#inTurn({ ask, repository, found: undefined });
    }
  }

  /** Whether we are anybody to the site. */
  async hasLogin(site: Site, address: RepositoryAddress): Promise<boolean> {
    const found = await this.#findCredential({ site, what: `cannot ask ${site.name}` }, wireRepository(site, address));
    return found !== undefined && !this.#parts.breaker.isOpen(site, found.credential);
  }

  async #findCredential(
    { site, what }: Pick<Ask, 'site' | 'what'>,
    repository: string,
  ): Promise<FoundCredential | undefined> {
    try {
      return await this.#parts.credentials.find({ registry: site.credentialHost, repository });
    } catch (error) {
      if (!(error instanceof CredentialError)) throw error;
      throw new RegistryError('unauthorized', site.name, `${what}: ${error.message}`, { cause: error });
    }
  }

  /**
   * The first request as an identity goes alone: whoever comes meanwhile learns from it how the host wants to be asked, and
   * wrong credentials are shown once.
   */
  async #inTurn(visit: Visit): Promise<HttpAnswer> {
    const login = this.#logins.of(visit.ask.site);
    const identity = credentialId(visit.found?.credential);
    const first = login.first.get(identity);
    if (first !== undefined) {
      await first;
      return this.#attempt(visit, login);
    }
    const attempt = this.#attempt(visit, login);
    const over = () => {};
    login.first.set(identity, attempt.then(over, over));
    return attempt;
  }

  /** Credentials that were refused are known as such before anybody who waited goes on. */
  async #attempt(visit: Visit, login: HostLogin): Promise<HttpAnswer> {
    const { ask, found } = visit;
    const { breaker } = this.#parts;
    if (found !== undefined && breaker.isOpen(ask.site, found.credential)) throw new CredentialRefused(401, '');
    try {
      return await this.#showAndAsk(visit, login);
    } catch (error) {
      if (!(error instanceof CredentialRefused) || found === undefined) throw error;
      const isOfOneRepository = error.status === 403 && breaker.isProven(ask.site, found.credential);
      if (!isOfOneRepository) breaker.open(ask.site, found);
      throw error;
    }
  }

  async #showAndAsk(visit: Visit, login: HostLogin): Promise<HttpAnswer> {
    const { ask, found } = visit;
    const { breaker } = this.#parts;
    await this.#logins.ping(ask.site);
    let shown = await this.#authorize(visit, login);
    let answer = await this.#send(ask, shown);
    if (answer.status === 401 && shown === undefined) {
      // Some hosts answer `/v2/` to everybody, and ask only for what is private.
      this.#logins.learn(ask, answer);
      shown = await this.#authorize(visit, login);
      if (shown === undefined) return answer;
      answer = await this.#send(ask, shown);
    }
    if (shown === undefined || answer.status !== 401) return this.#accept(answer, visit, shown, login);
    if (shown.kind === 'token') return this.#askAgain(visit, answer, shown, login);
    if (found !== undefined && !breaker.isProven(ask.site, found.credential)) throw new CredentialRefused(401, '');
    return answer;
  }

  /** Once more with a new token, where a new one can be another. */
  async #askAgain(visit: Visit, answer: HttpAnswer, refused: ShownToken, login: HostLogin): Promise<HttpAnswer> {
    const { ask, repository } = visit;
    await this.#parts.tokens.drop(refused.key, refused.token);
    this.#logins.learn(ask, answer);
    const scope = nextScope(login, refused.token, findChallenge(answer, 'bearer'), repository);
    const shown = scope === undefined ? undefined : await this.#authorize(visit, login);
    if (shown === undefined) return answer;
    return this.#accept(await this.#send(ask, shown), visit, shown, login);
  }

  #accept(answer: HttpAnswer, { ask, found }: Visit, shown: Shown | undefined, login: HostLogin): HttpAnswer {
    if (answer.status === 401 || shown === undefined) return answer;
    if (shown.kind === 'token') login.accepted.add(shown.token);
    if (found !== undefined) this.#parts.breaker.prove(ask.site, found.credential);
    return answer;
  }

  #send(ask: Ask, shown: Shown | undefined): Promise<HttpAnswer> {
    const { transport } = this.#parts;
    if (shown === undefined) return transport.send(ask);
    return transport.send({ ...ask, headers: { ...ask.headers, authorization: shown.header } });
  }

  /** @returns `undefined` when there is nothing to show, or nobody wanted to see anything yet. */
  async #authorize({ ask, repository, found }: Visit, login: HostLogin): Promise<Shown | undefined> {
    const { site, what } = ask;
    const credential = found?.credential;
    if (credential?.kind === 'bearer') return { kind: 'credential', header: `Bearer ${credential.token}` };
    if (login.login === undefined) return undefined;
    if (login.login.kind === 'basic')
      return credential?.kind === 'basic' ? { kind: 'credential', header: basicAuthorization(credential) } : undefined;
    const { realm, service } = login.login;
    const scope = scopeOf(repository, login.actions);
    const isShared = login.isTokenShared && credential === undefined;
    const key = [site.host, isShared ? '*' : scope, credentialId(credential)].join(' ');
    const wish = { site, realm, service, scope, repository, credential, key, what };
    const token = await this.#parts.tokens.get(wish);
    if (credential !== undefined) this.#parts.breaker.prove(site, credential);
    return { kind: 'token', header: `Bearer ${token.value}`, token, key };
  }
}

/** One request as somebody. `repository`: as the site spells it. */
type Visit = { readonly ask: Ask; readonly repository: string; readonly found: FoundCredential | undefined };

type ShownToken = { readonly kind: 'token'; readonly header: string; readonly token: Token; readonly key: string };
type Shown = { readonly kind: 'credential'; readonly header: string } | ShownToken;

/** What any answer but the wanted one means. */
export function expectOk(answer: HttpAnswer, { what, site }: Ask): HttpAnswer {
  if (answer.status !== 200) throw refusalOf(answer, what, site);
  return answer;
}
