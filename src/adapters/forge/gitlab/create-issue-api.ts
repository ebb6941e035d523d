import { Issues } from '@gitbeaker/core';
import { asObject, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import type { KeptIssue } from '../../../ports/forge.ts';
import type { IssueApi } from '../keep-issues.ts';
import { numberOf } from './number-of.ts';
import type { OwnId } from './own-id.ts';
import { malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

/** GitLab's issues, numbered per project apart from its merge requests. */
export function createIssueApi({ options, ask, list }: Session, ownId: OwnId): IssueApi {
  const issues = new Issues(options);
  return {
    async listOwn(repository) {
      const doing = `read the issues of ${repository}`;
      const own = await ownId();
      const asked = { projectId: repository, state: 'opened', scope: 'all', authorId: own } as const;
      const found = await list(doing, (page) => issues.all({ ...asked, withLabelsDetails: false, ...page }));
      return found
        .filter((issue) => member(objectMember(issue, 'author'), 'id') === own)
        .map((issue) => readIssue(issue, doing));
    },
    async open(repository, { title, body }) {
      const doing = `open an issue in ${repository}`;
      return readIssue(await ask(doing, () => issues.create(repository, title, { description: body })), doing);
    },
    async change(repository, id, { title, body }) {
      const doing = `change the issue ${repository}#${id}`;
      await ask(doing, () => issues.edit(repository, numberOf(id, doing), { title, description: body }));
    },
    async close(repository, id) {
      const doing = `close the issue ${repository}#${id}`;
      await ask(doing, () => issues.edit(repository, numberOf(id, doing), { stateEvent: 'close' }));
    },
    async isOpen(repository, id) {
      const doing = `read the issue ${repository}#${id}`;
      const shown = asObject(await ask(doing, () => issues.show(numberOf(id, doing), { projectId: repository })));
      return textMember(shown, 'state') === 'opened';
    },
  };
}

function readIssue(answer: unknown, doing: string): KeptIssue {
  const given = asObject(answer);
  const id = member(given, 'iid');
  const [url, title] = [textMember(given, 'web_url'), textMember(given, 'title')];
  if (typeof id !== 'number' || url === undefined || title === undefined)
    throw malformed(doing, 'an issue without number, address or title');
  return { id: String(id), url, title, body: textMember(given, 'description') ?? '' };
}
