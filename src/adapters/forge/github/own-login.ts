import { asObject, type JsonObject, objectMember, textMember } from '../../../domain/image/json-value.ts';
import { ForgeError } from '../../../ports/forge.ts';
import { malformed } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';

/** As whom the credential writes. @returns `undefined` where GitHub does not tell a token whose it is */
export type OwnLogin = () => Promise<string | undefined>;

/** Asked for once. */
export function createOwnLogin(client: GithubClient): OwnLogin {
  let asked: Promise<string | undefined> | undefined;

  async function find(): Promise<string | undefined> {
    const { credential } = client;
    const doing = 'find out whose the token is';
    if (credential?.kind === 'token' && credential.isOfJob) return 'github-actions[bot]';
    if (credential?.kind === 'app') {
      const slug = textMember(asObject((await client.askAsApp(doing, 'GET /app', {})).data), 'slug');
      if (slug === undefined) throw malformed(doing, 'an App without name');
      return `${slug}[bot]`;
    }
    try {
      return textMember(asObject((await client.ask(doing, 'GET /user', {})).data), 'login');
    } catch (error) {
      // The token of an installation that somebody else made.
      if (error instanceof ForgeError && error.code === 'unauthorized') return undefined;
      throw error;
    }
  }

  return () => {
    asked ??= find().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

/** Whether it was written by the credential at hand; where that is nobody by name, by some bot. */
export function isOwn(written: JsonObject, own: string | undefined): boolean {
  const user = objectMember(written, 'user');
  return own === undefined ? textMember(user, 'type') === 'Bot' : textMember(user, 'login') === own;
}
