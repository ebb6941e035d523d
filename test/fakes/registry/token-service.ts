import { randomUUID } from 'node:crypto';
import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { Switches } from './switches.ts';
import { parseBasic, type Users } from './users.ts';

type Token = {
  readonly repositories: ReadonlyMap<string, readonly string[]>;
  readonly isForEverything: boolean;
  readonly user: string | undefined;
  readonly expiresAt: number;
};

export type TokenAsk = {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
};

/** Issues tokens per scope, to anybody or to users, and knows them again. */
export class TokenService {
  readonly #tokens = new Map<string, Token>();
  readonly #users: Users;
  readonly #switches: () => Switches;
  readonly #now: () => number;

  constructor(users: Users, switches: () => Switches, now: () => number) {
    this.#users = users;
    this.#switches = switches;
    this.#now = now;
  }

  answer(ask: TokenAsk): Answer {
    if (ask.method === 'POST') return this.#answerForm(ask.form);
    const basic = parseBasic(ask.authorization);
    if (ask.authorization === undefined && this.#users.isAnonymousAllowed)
      return this.#issue(undefined, ask.query.getAll('scope'));
    const { refusesCredentials } = this.#switches();
    if (basic === undefined || refusesCredentials !== undefined || !this.#users.accepts(basic))
      return refused(refusesCredentials ?? 401);
    return this.#issue(basic.username, ask.query.getAll('scope'));
  }

  /** @returns `undefined` for a token that is not known, or not any more. */
  find(value: string): Token | undefined {
    const token = this.#tokens.get(value);
    return token !== undefined && token.expiresAt > this.#now() ? token : undefined;
  }

  #answerForm(form: URLSearchParams): Answer {
    const { tokenPost, refusesCredentials } = this.#switches();
    if (!tokenPost) return errorAnswer(404, { code: 'NOT_FOUND', message: 'page not found' });
    const user = this.#users.findByIdentity(form.get('refresh_token') ?? '');
    if (form.get('grant_type') !== 'refresh_token' || user === undefined || refusesCredentials !== undefined)
      return refused(refusesCredentials ?? 401);
    return this.#issue(user, (form.get('scope') ?? '').split(' '));
  }

  #issue(user: string | undefined, scopes: readonly string[]): Answer {
    const { tokenSeconds, tokenMember, grants } = this.#switches();
    const value = randomUUID();
    const issuedAt = this.#now();
    this.#tokens.set(value, {
      repositories: grants === 'nothing' ? new Map() : new Map(scopes.flatMap((scope) => this.#granted(user, scope))),
      isForEverything: grants === 'everything',
      user,
      // The specification's default where nothing is said.
      expiresAt: issuedAt + (tokenSeconds ?? 60) * 1000,
    });
    return jsonAnswer(200, {
      ...(tokenMember === 'access_token' ? {} : { token: value }),
      ...(tokenMember === 'token' ? {} : { access_token: value }),
      ...(tokenSeconds === undefined ? {} : { expires_in: tokenSeconds }),
      issued_at: new Date(issuedAt).toISOString(),
    });
  }

  /** What may not be read is left out without a word, as token services do. */
  #granted(user: string | undefined, scope: string): readonly (readonly [string, readonly string[]])[] {
    const [type, repository = '', actions = ''] = scope.split(':');
    if (type !== 'repository' || !this.#users.mayRead(user, repository)) return [];
    return [[repository, actions.split(',')]];
  }
}

function refused(status: 401 | 403): Answer {
  return jsonAnswer(status, { details: 'incorrect username or password' });
}
