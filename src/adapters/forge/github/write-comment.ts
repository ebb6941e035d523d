import { member, textMember } from '../../../domain/image/json-value.ts';
import { malformed } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { isOwn, type OwnLogin } from './own-login.ts';
import { nameOf, numberOf } from './route-names.ts';

/** A comment with the marker that somebody else wrote is theirs. */
export function createWriteComment(client: GithubClient, ownLogin: OwnLogin) {
  return async (repository: string, id: string, marker: string, body: string): Promise<void> => {
    const doing = `write a comment on ${repository}#${id}`;
    const issue = { ...nameOf(repository), issue_number: numberOf(id, doing) };
    const own = await ownLogin();
    const hidden = `<!-- basekeeper:${marker} -->`;
    const text = `${hidden}\n${body}`;
    const route = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
    const { items } = await client.list(doing, `GET ${route}`, issue);
    const mine = items.find(
      (comment) => isOwn(comment, own) && textMember(comment, 'body')?.startsWith(hidden) === true,
    );
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
