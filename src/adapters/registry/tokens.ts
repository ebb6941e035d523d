import { member, parseJsonObject, textMember } from '../../domain/image/json-value.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { Credential } from '../../ports/credentials.ts';
import { RegistryError } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { detailOf, malformed, refusalOf } from './refusal.ts';
import type { Site } from './site.ts';
import type { Ask, Transport } from './transport.ts';

/** Whom to ask for a token, for what and as whom. */
export type TokenWish = {
  readonly site: Site;
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scope: string;
  readonly repository: string;
  readonly credential: Exclude<Credential, { readonly kind: 'bearer' }> | undefined;
  /** What all who may share the token agree in. */
  readonly key: string;
  readonly what: string;
};

export type Token = {
  readonly value: string;
  readonly scope: string;
  /** The one it was asked for. */
  readonly repository: string;
  readonly freshUntil: Instant;
};

/** The token service wants none of these credentials. */
export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused';
  /** 401: they are wrong. 403: they may be right, and not enough. */
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

const maxBytes = 65_536;
const defaultSeconds = 60;
const longestSeconds = 86_400;
// Refreshed a little early: a token must not die on its way.
const earlyMs = 10_000;

/** Tokens by what they are for. Who asks while one is being fetched waits for that one. */
export class Tokens {
  readonly #transport: Transport;
  readonly #clock: () => Instant;
  readonly #tokens = new Map<string, Promise<Token>>();

  constructor(transport: Transport, clock: () => Instant) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** @throws RegistryError and CredentialRefused */
  async get(wish: TokenWish): Promise<Token> {
    const known = this.#tokens.get(wish.key);
    if (known !== undefined) {
      const token = await known;
      if (token.freshUntil > this.#clock()) return token;
      // Another may have replaced it meanwhile.
      if (this.#tokens.get(wish.key) !== known) return this.get(wish);
    }
    const fetched = this.#obtain(wish);
    this.#tokens.set(wish.key, fetched);
    fetched.catch(() => {
      if (this.#tokens.get(wish.key) === fetched) this.#tokens.delete(wish.key);
    });
    return fetched;
  }

  /** Forgets a token that was refused, unless another has taken its place already. */
  async drop(key: string, refused: Token): Promise<void> {
    const known = this.#tokens.get(key);
    if (known !== undefined && (await known) === refused && this.#tokens.get(key) === known) this.#tokens.delete(key);
  }

  async #obtain(wish: TokenWish): Promise<Token> {
    const askedAt = this.#clock();
    const answer = await this.#ask(wish);
    const { what, site, credential } = wish;
    if (answer.status === 401 || answer.status === 403) {
      if (credential !== undefined) throw new CredentialRefused(answer.status, detailOf(answer));
      throw refusalOf(answer, what, site);
    }
    if (credential !== undefined && isGrantRefused(answer)) throw new CredentialRefused(401, detailOf(answer));
    if (answer.status !== 200) throw tokenFailure(answer, wish);
    const document = parseJsonObject(Buffer.from(answer.body).toString('utf8'));
    const value = textMember(document, 'token') || textMember(document, 'access_token');
    if (value === undefined || !/^[\x21-\x7e]{1,32768}$/.test(value))
      throw malformed(what, site, `the token service ${wish.realm.host} gives no token`);
    const freshUntil = askedAt + lifeSeconds(member(document, 'expires_in')) * 1000 - earlyMs;
    return { value, scope: wish.scope, repository: wish.repository, freshUntil };
  }

  async #ask(wish: TokenWish): Promise<HttpAnswer> {
    if (wish.credential?.kind !== 'identity') return this.#transport.send(getAsk(wish));
    const answer = await this.#transport.send(postAsk(wish, wish.credential.token));
    // Older token services know no POST.
    return answer.status === 404 || answer.status === 405 ? this.#transport.send(getAsk(wish)) : answer;
  }
}

/** How OAuth says that an identity token is wrong or has expired (RFC 6749, section 5.2). */
function isGrantRefused({ status, body }: HttpAnswer): boolean {
  return status === 400 && textMember(parseJsonObject(Buffer.from(body).toString('utf8')), 'error') === 'invalid_grant';
}

function getAsk(wish: TokenWish): Ask {
  const url = new URL(wish.realm);
  if (wish.service !== undefined) url.searchParams.set('service', wish.service);
  url.searchParams.set('scope', wish.scope);
  const { credential } = wish;
  if (credential?.username !== undefined) url.searchParams.set('account', credential.username);
  return {
    ...shared(wish),
    method: 'GET',
    url,
    ...(credential === undefined ? {} : { headers: { authorization: basicAuthorization(credential) } }),
  };
}

function postAsk(wish: TokenWish, identity: string): Ask {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    ...(wish.service === undefined ? {} : { service: wish.service }),
    scope: wish.scope,
    client_id: 'basekeeper',
    refresh_token: identity,
  });
  return {
    ...shared(wish),
    method: 'POST',
    url: wish.realm,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  };
}

function shared({ site, what }: TokenWish): Pick<Ask, 'site' | 'kind' | 'maxBytes' | 'what'> {
  return { site, kind: 'token', maxBytes, what };
}

export function basicAuthorization(credential: Exclude<Credential, { readonly kind: 'bearer' }>): string {
  const pair =
    credential.kind === 'basic'
      ? `${credential.username}:${credential.secret}`
      : `${credential.username ?? '<token>'}:${credential.token}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

/** 60 where nothing is said, and never less: the specification's smallest. */
function lifeSeconds(said: unknown): number {
  if (typeof said !== 'number' || !(said > defaultSeconds)) return defaultSeconds;
  return Math.min(said, longestSeconds);
}

function tokenFailure(answer: HttpAnswer, { what, site, realm }: TokenWish): RegistryError {
  const detail = detailOf(answer);
  const said = detail === '' ? '' : `: ${detail}`;
  const message = `${what}: the token service ${realm.host} answers ${answer.status}${said}`;
  return new RegistryError('malformed', site.name, message);
}
