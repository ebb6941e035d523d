import { asObject, textMember } from '../../../domain/image/json-value.ts';
import { type Forge, ForgeError } from '../../../ports/forge.ts';
import { createKeepIssues } from '../keep-issues.ts';
import { createAddPeople } from './add-people.ts';
import { createIssueApi } from './create-issue-api.ts';
import { createFindAuthor } from './find-author.ts';
import { malformed, objectOf } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { createIsMember } from './is-member.ts';
import { createListPullRequests } from './list-pull-requests.ts';
import { createListRepositories } from './list-repositories.ts';
import { createMergePullRequest } from './merge-pull-request.ts';
import { createOpenPullRequest } from './open-pull-request.ts';
import { createOwnLogin } from './own-login.ts';
import { createReadApprovals } from './read-approvals.ts';
import { createReadChanges } from './read-changes.ts';
import { createReadChecks } from './read-checks.ts';
import { createReadMergeRules } from './read-merge-rules.ts';
import { readRepository } from './read-pull-request.ts';
import { nameOf, numberOf } from './route-names.ts';
import { createStartPipeline } from './start-pipeline.ts';
import { createWriteComment } from './write-comment.ts';

/** One GitHub, github.com or an Enterprise one. @param findAuthor may be that of several */
export function createGithubForge(client: GithubClient, findAuthor = createFindAuthor(client)): Forge {
  const addPeople = createAddPeople(client);
  const ownLogin = createOwnLogin(client);
  const writeComment = createWriteComment(client, ownLogin);
  const pullRoute = '/repos/{owner}/{repo}/pulls/{pull_number}';

  async function listLabels(repository: string): Promise<readonly string[]> {
    const doing = `list the labels of ${repository}`;
    const { items } = await client.list(doing, 'GET /repos/{owner}/{repo}/labels', nameOf(repository));
    return items.flatMap((label) => textMember(label, 'name') ?? []);
  }

  return {
    kind: 'github',
    requests: client.requests,
    listRepositories: createListRepositories(client),
    listPullRequests: createListPullRequests(client, findAuthor),
    openPullRequest: createOpenPullRequest(client, findAuthor, listLabels),
    writeComment,
    readChanges: createReadChanges(client, findAuthor),
    readApprovals: createReadApprovals(client),
    isMember: createIsMember(client),
    readChecks: createReadChecks(client),
    readMergeRules: createReadMergeRules(client),
    ...createMergePullRequest(client),
    ...createStartPipeline(client),
    requestReview: (repository, id, reviewers) => addPeople(repository, id, { assignees: [], reviewers }),
    listLabels,

    async readRepository(repository) {
      const doing = `read the repository ${repository}`;
      const answer = await client.ask(doing, 'GET /repos/{owner}/{repo}', nameOf(repository));
      return readRepository(objectOf(answer, doing), doing);
    },

    async readFile(repository, path, revision) {
      const doing = `read ${path} of ${repository}`;
      const asked = { ...nameOf(repository), path, ref: revision };
      const answer = await client.askMaybe(doing, 'GET /repos/{owner}/{repo}/contents/{path}', asked);
      // A folder is a list, a submodule another type.
      const file = asObject(answer?.data);
      if (textMember(file, 'type') !== 'file') return undefined;
      const content = textMember(file, 'content');
      // Of a file of more than a megabyte GitHub gives no content here.
      if (textMember(file, 'encoding') !== 'base64' || content === undefined)
        throw malformed(doing, 'no content: it is larger than a megabyte');
      return Buffer.from(content, 'base64').toString('utf8');
    },

    async updatePullRequest(repository, id, { title, body, baseBranch }) {
      const doing = `change ${repository}#${id}`;
      await client.ask(doing, `PATCH ${pullRoute}`, {
        ...nameOf(repository),
        pull_number: numberOf(id, doing),
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { body }),
        ...(baseBranch === undefined ? {} : { base: baseBranch }),
      });
    },

    async closePullRequest(repository, id) {
      const doing = `close ${repository}#${id}`;
      const asked = { ...nameOf(repository), pull_number: numberOf(id, doing) };
      const present = objectOf(await client.ask(doing, `GET ${pullRoute}`, asked), doing);
      if (textMember(present, 'state') === 'open')
        await client.ask(doing, `PATCH ${pullRoute}`, { ...asked, state: 'closed' });
    },

    async setStatus(repository, revision, { context, state, description, url }) {
      await client.ask(
        `set a status on ${revision.slice(0, 12)} of ${repository}`,
        'POST /repos/{owner}/{repo}/statuses/{sha}',
        {
          ...nameOf(repository),
          sha: revision,
          context,
          state,
          description,
          ...(url === undefined ? {} : { target_url: url }),
        },
      );
    },

    async createLabel(repository, name) {
      try {
        const doing = `make the label ${name} in ${repository}`;
        await client.ask(doing, 'POST /repos/{owner}/{repo}/labels', { ...nameOf(repository), name });
      } catch (error) {
        if (!(error instanceof ForgeError) || error.code !== 'invalid') throw error;
        // Somebody was faster; GitHub tells labels apart without upper case.
        const present = (await listLabels(repository)).map((label) => label.toLowerCase());
        if (!present.includes(name.toLowerCase())) throw error;
      }
    },

    ...createKeepIssues(createIssueApi(client, ownLogin)),
    // GitHub counts issues and pull requests as one.
    writeIssueComment: writeComment,
  };
}
