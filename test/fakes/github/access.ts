import type { IncomingHttpHeaders } from 'node:http';
import { Refused } from './refused.ts';
import type { App, FakeGithubState, Repository, Token } from './state.ts';

/** Who asks; `undefined` for anybody. */
export type Reader = { readonly token?: Token; readonly app?: App };

export function whoAsks(state: FakeGithubState, { authorization }: IncomingHttpHeaders): Reader {
  if (authorization === undefined) return {};
  const [, text = ''] = /^(?:Bearer|token) (.+)$/i.exec(authorization) ?? [];
  const app = appOf(state, text);
  if (app !== undefined) return { app };
  const token = state.tokens.get(text);
  if (token === undefined || (token.expiresAt ?? Number.POSITIVE_INFINITY) <= state.now)
    throw new Refused(401, 'Bad credentials');
  return { token };
}

/** Of a JSON Web Token only what it says is looked at: signatures are the library's. */
function appOf(state: FakeGithubState, text: string): App | undefined {
  const [, payload] = text.split('.');
  if (payload === undefined || !text.startsWith('ey')) return undefined;
  const { iss, iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const now = state.now / 1000;
  if (iat > now || exp <= now || exp > now + 600) throw new Refused(401, 'A JSON web token could not be decoded');
  return state.apps.find(({ id }) => String(id) === String(iss));
}

export function maySee({ token }: Reader, one: Repository): boolean {
  if (!one.isPrivate) return true;
  if (token === undefined) return false;
  return token.installedFor === undefined ? one.collaborators.has(token.login) : token.installedFor === one.owner;
}

/** GitHub says to everybody which permission would do, and to classic tokens which scope. */
export function mustHave({ token }: Reader, one: Repository, permission: string, level: 'read' | 'write'): void {
  if (level === 'read' && !one.isPrivate) return;
  if (token === undefined) throw new Refused(401, 'Requires authentication');
  if (token.scopes !== undefined) {
    if (token.scopes.includes('repo') && (level === 'read' || one.collaborators.has(token.login))) return;
    throw new Refused(403, 'Must have push access to repository.', {
      headers: { 'x-oauth-scopes': token.scopes.join(', '), 'x-accepted-oauth-scopes': 'repo' },
    });
  }
  const has = token.permissions?.[permission];
  if (has === 'write' || (has === 'read' && level === 'read')) return;
  throw new Refused(
    403,
    `Resource not accessible by ${token.installedFor === undefined ? 'personal access token' : 'integration'}`,
    {
      headers: { 'x-accepted-github-permissions': `${permission}=${level}` },
    },
  );
}
