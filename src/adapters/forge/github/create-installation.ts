import { member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import { ForgeError } from '../../../ports/forge.ts';
import { malformed, objectOf } from './github-answer.ts';
import type { InstallationToken } from './installation-tokens.ts';
import type { Send } from './patient-sending.ts';

/** Asks in the name of the App for the token of its installation at an owner. */
export function createInstallation(send: Send): (owner: string, jwt: string) => Promise<InstallationToken> {
  async function findId(doing: string, owner: string, authorization: string): Promise<number> {
    for (const [route, parameters] of [
      ['GET /orgs/{org}/installation', { org: owner }],
      ['GET /users/{username}/installation', { username: owner }],
    ] as const) {
      try {
        const id = member(objectOf(await send(doing, route, parameters, authorization), doing), 'id');
        if (typeof id !== 'number') throw malformed(doing, 'an installation without number');
        return id;
      } catch (error) {
        if (!(error instanceof ForgeError) || error.code !== 'not-found') throw error;
      }
    }
    throw new ForgeError('unauthorized', `cannot ${doing}: it is not installed there; install it`);
  }

  return async (owner, jwt) => {
    const doing = `act as the GitHub App for ${owner}`;
    const authorization = `Bearer ${jwt}`;
    const parameters = { installation_id: await findId(doing, owner, authorization) };
    const route = 'POST /app/installations/{installation_id}/access_tokens';
    const answer = objectOf(await send(doing, route, parameters, authorization), doing);
    const token = textMember(answer, 'token');
    const expiresAt = Date.parse(textMember(answer, 'expires_at') ?? '');
    if (token === undefined || Number.isNaN(expiresAt)) throw malformed(doing, 'no token or no end of it');
    const permissions = Object.entries(objectMember(answer, 'permissions') ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return { token, expiresAt, permissions: new Map(permissions) };
  };
}
