import type { Challenge } from './challenge.ts';
import type { Token } from './tokens.ts';

/** How a host wants to be told who asks. */
export type Login =
  | { readonly kind: 'basic' }
  | { readonly kind: 'token'; readonly realm: URL; readonly service: string | undefined };

/** What was learnt of one host so far. */
export type HostLogin = {
  /** What `/v2/` wants of everybody, found out once: each of many requests at a time would be refused otherwise. */
  asked: Promise<void> | undefined;
  /** Absent while the host asks for nothing. */
  login: Login | undefined;
  /** What a token has to allow. */
  actions: readonly string[];
  /** Tokens of nobody do for every repository. */
  isTokenShared: boolean;
  /** The first request as each identity, until it is over. */
  readonly first: Map<string, Promise<void>>;
  /** Tokens that opened a door: where one is refused later, it died and did not lack anything. */
  readonly accepted: WeakSet<Token>;
};

export function newHostLogin(isTokenShared: boolean): HostLogin {
  return {
    asked: undefined,
    login: undefined,
    actions: ['pull'],
    isTokenShared,
    first: new Map(),
    accepted: new WeakSet(),
  };
}

/** What reading may need; a registry that asks for more is not given it. */
const readActions = new Set(['pull', 'metadata_read', 'content_read']);

export function scopeOf(repository: string, actions: readonly string[]): string {
  return `repository:${repository}:${actions.join(',')}`;
}

/**
 * The scope with which another token is worth asking for, after one was refused.
 *
 * @param said what the refusal says is wanted.
 * @returns `undefined` when another token would be no other.
 */
export function nextScope(
  login: HostLogin,
  refused: Token,
  said: Challenge | undefined,
  repository: string,
): string | undefined {
  if (said?.parameters.get('error') === 'insufficient_scope') {
    learnActions(login, said.parameters.get('scope') ?? '', repository);
    const wanted = scopeOf(repository, login.actions);
    if (wanted !== refused.scope) {
      if (refused.repository !== repository) login.isTokenShared = false;
      return wanted;
    }
    return undefined;
  }
  return login.accepted.has(refused) || refused.repository !== repository
    ? scopeOf(repository, login.actions)
    : undefined;
}

/** Only what is said of this very repository counts: GHCR names a dummy. */
function learnActions(login: HostLogin, scope: string, repository: string): void {
  const prefix = `repository:${repository}:`;
  const own = scope.split(' ').find((part) => part.startsWith(prefix));
  const said = own?.slice(prefix.length).split(',') ?? [];
  const missing = said.filter((action) => readActions.has(action) && !login.actions.includes(action));
  if (missing.length > 0) login.actions = [...login.actions, ...missing];
}
