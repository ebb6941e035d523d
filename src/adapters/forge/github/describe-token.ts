import type { TokenFacts } from '../../../domain/forge/token-gaps.ts';
import { objectMember } from '../../../domain/image/json-value.ts';
import { objectOf } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { wordsIn } from './refusal.ts';

/**
 * What the credential may, as far as GitHub tells; costs nothing of its limits.
 *
 * @returns `undefined` without a credential
 * @throws ForgeError when GitHub does not accept it
 */
export async function describeToken(client: GithubClient): Promise<TokenFacts | undefined> {
  const { credential } = client;
  const doing = 'tell what the token may';
  if (credential === undefined) return undefined;
  if (credential.kind === 'app') {
    const app = objectOf(await client.askAsApp(doing, 'GET /app', {}), doing);
    const granted = Object.entries(objectMember(app, 'permissions') ?? {}).flatMap(([name, level]) =>
      typeof level === 'string' ? [[name, level] as const] : [],
    );
    return { kind: 'app', permissions: new Map(granted) };
  }
  const { headers } = await client.ask(doing, 'GET /rate_limit', {});
  if (credential.isOfJob) return { kind: 'job' };
  const scopes = headers['x-oauth-scopes'];
  if (scopes !== undefined) return { kind: 'classic', scopes: wordsIn(scopes, /,/) };
  return credential.token.startsWith('ghs_') ? { kind: 'app', permissions: undefined } : { kind: 'fine-grained' };
}
