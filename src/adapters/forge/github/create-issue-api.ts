import { type JsonObject, member, textMember } from '../../../domain/image/json-value.ts';
import type { KeptIssue } from '../../../ports/forge.ts';
import type { IssueApi } from '../keep-issues.ts';
import { malformed, objectOf } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { isOwn, type OwnLogin } from './own-login.ts';
import { nameOf, numberOf } from './route-names.ts';

/** GitHub's issues, among which its pull requests are listed. */
export function createIssueApi(client: GithubClient, ownLogin: OwnLogin): IssueApi {
  const all = '/repos/{owner}/{repo}/issues';
  const one = `${all}/{issue_number}` as const;
  const named = (repository: string, id: string, doing: string) => ({
    ...nameOf(repository),
    issue_number: numberOf(id, doing),
  });

  return {
    async listOwn(repository) {
      const doing = `read the issues of ${repository}`;
      const own = await ownLogin();
      const by = own === undefined ? {} : { creator: own };
      const { items } = await client.list(doing, `GET ${all}`, { ...nameOf(repository), state: 'open', ...by });
      return items
        .filter((item) => isOwn(item, own) && member(item, 'pull_request') === undefined)
        .map((item) => readIssue(item, doing));
    },
    async open(repository, draft) {
      const doing = `open an issue in ${repository}`;
      return readIssue(
        objectOf(await client.ask(doing, `POST ${all}`, { ...nameOf(repository), ...draft }), doing),
        doing,
      );
    },
    async change(repository, id, draft) {
      const doing = `change the issue ${repository}#${id}`;
      await client.ask(doing, `PATCH ${one}`, { ...named(repository, id, doing), ...draft });
    },
    async close(repository, id) {
      const doing = `close the issue ${repository}#${id}`;
      await client.ask(doing, `PATCH ${one}`, { ...named(repository, id, doing), state: 'closed' });
    },
    async isOpen(repository, id) {
      const doing = `read the issue ${repository}#${id}`;
      const answer = await client.ask(doing, `GET ${one}`, named(repository, id, doing));
      return textMember(objectOf(answer, doing), 'state') === 'open';
    },
  };
}

function readIssue(given: JsonObject, doing: string): KeptIssue {
  const id = member(given, 'number');
  const [url, title] = [textMember(given, 'html_url'), textMember(given, 'title')];
  if (typeof id !== 'number' || url === undefined || title === undefined)
    throw malformed(doing, 'an issue without number, address or title');
  return { id: String(id), url, title, body: textMember(given, 'body') ?? '' };
}
