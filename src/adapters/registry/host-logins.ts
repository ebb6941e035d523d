import type { HttpAnswer } from '../http/http-client.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { type HostLogin, type Login, newHostLogin } from './host-login.ts';
import { checkRealm } from './realm.ts';
import type { SettingsByHost, Site } from './site.ts';
import type { Ask, Transport } from './transport.ts';

const pingBytes = 65_536;

/** How hosts want to be told who asks, found out as they are asked. */
export class HostLogins {
  readonly #transport: Transport;
  readonly #settings: SettingsByHost;
  readonly #logins = new Map<string, HostLogin>();

  constructor(transport: Transport, settings: SettingsByHost) {
    this.#transport = transport;
    this.#settings = settings;
  }

  of({ host, profile }: Site): HostLogin {
    const known = this.#logins.get(host);
    if (known !== undefined) return known;
    const login = newHostLogin(profile.anonymousTokens === 'per-host');
    this.#logins.set(host, login);
    return login;
  }

  /** Once per host; again only after it could not be asked. */
  ping(site: Site): Promise<void> {
    const login = this.of(site);
    if (login.asked !== undefined) return login.asked;
    const url = new URL('/v2/', site.origin);
    const ask: Ask = { site, kind: 'ping', method: 'GET', url, maxBytes: pingBytes, what: `cannot ask ${site.name}` };
    const asked = this.#transport.send(ask).then((answer) => this.learn(ask, answer));
    asked.catch(() => {
      login.asked = undefined;
    });
    login.asked = asked;
    return asked;
  }

  /** What an answer offers, if it is a 401; the newest offer counts. */
  learn(ask: Ask, answer: HttpAnswer): void {
    const login = this.of(ask.site);
    login.login = this.#loginIn(ask, answer) ?? login.login;
  }

  #loginIn({ what, site, url }: Ask, answer: HttpAnswer): Login | undefined {
    const bearer = findChallenge(answer, 'bearer')?.parameters;
    const realm = bearer?.get('realm');
    if (realm !== undefined)
      return {
        kind: 'token',
        realm: checkRealm(realm, url, what, site, this.#settings),
        service: bearer?.get('service')?.slice(0, 1024),
      };
    return findChallenge(answer, 'basic') === undefined ? undefined : { kind: 'basic' };
  }
}

export function findChallenge({ status, headers }: HttpAnswer, scheme: string): Challenge | undefined {
  if (status !== 401) return undefined;
  return parseChallenges(headers.get('www-authenticate') ?? []).find((challenge) => challenge.scheme === scheme);
}
