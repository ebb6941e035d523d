import { asObject, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import { ForgeError } from '../../../ports/forge.ts';
import { malformed } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf, numberOf } from './route-names.ts';

/** A comment with the marker that somebody else wrote is theirs. */
export function createWriteComment(client: GithubClient) {
  let ownLogin: Promise<string | undefined> | undefined;

  /** @returns `undefined` where GitHub does not tell a token whose it is */
  async function findOwnLogin(): Promise<string | undefined> {
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

  return async (repository: string, id: string, marker: string, body: string): Promise<void> => {
    const doing = `write a comment on ${repository}#${id}`;
    const issue = { ...nameOf(repository), issue_number: numberOf(id, doing) };
    ownLogin ??= findOwnLogin();
    const own = await ownLogin.catch((error: unknown) => {
      ownLogin = undefined;
      throw error;
    });
    const hidden = `<!-- basekeeper:${marker} -->`;
    const text = `${hidden}\n${body}`;
    const route = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
    const { items } = await client.list(doing, `GET ${route}`, issue);
    const mine = items.find((comment) => {
      const user = objectMember(comment, 'user');
      const isOurs = own === undefined ? textMember(user, 'type') === 'Bot' : textMember(user, 'login') === own;
      return isOurs && textMember(comment, 'body')?.startsWith(hidden) === true;
    });
    if (mine === undefined) {
      await client.ask(doing, `POST ${route}`, { ...issue, body: text });
      return;
    }
    const commentId = member(mine, 'id');
    if (typeof commentId !== 'number') throw malformed(doing, 'a comment without number');
    if (textMember(mine, 'body') === text) return;
    const asked = { ...nameOf(repository), comment_id: commentId, body: text };
    await client.ask(doing, 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', asked);
  };
}
