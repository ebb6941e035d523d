import { type JsonObject, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import { type BoundMerge, ForgeError } from '../../../ports/forge.ts';
import { asConflict } from '../as-conflict.ts';
import { malformed, objectOf } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf, numberOf } from './route-names.ts';

const pullRoute = '/repos/{owner}/{repo}/pulls/{pull_number}';

const enabling = `mutation($pull: ID!, $head: GitObjectID!, $method: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: { pullRequestId: $pull, expectedHeadOid: $head, mergeMethod: $method }) { clientMutationId }
}`;
const disabling = `mutation($pull: ID!) {
  disablePullRequestAutoMerge(input: { pullRequestId: $pull }) { clientMutationId }
}`;

/** Merging at once is REST's, merging by GitHub itself is GraphQL's alone. */
export function createMergePullRequest(client: GithubClient) {
  async function read(repository: string, id: string, doing: string): Promise<JsonObject> {
    const asked = { ...nameOf(repository), pull_number: numberOf(id, doing) };
    return objectOf(await client.ask(doing, `GET ${pullRoute}`, asked), doing);
  }

  function requireHead(pull: JsonObject, expectedHead: string, doing: string): void {
    const head = textMember(objectMember(pull, 'head'), 'sha') ?? '';
    if (head !== expectedHead)
      throw new ForgeError(
        'conflict',
        `cannot ${doing}: its head is ${head.slice(0, 12)} now, and ${expectedHead.slice(0, 12)} was judged`,
      );
  }

  return {
    async mergePullRequest(repository: string, id: string, { expectedHead, method }: BoundMerge): Promise<void> {
      const doing = `merge ${repository}#${id}`;
      const pull = await read(repository, id, doing);
      if (member(pull, 'merged') === true) return;
      requireHead(pull, expectedHead, doing);
      const asked = {
        ...nameOf(repository),
        pull_number: numberOf(id, doing),
        sha: expectedHead,
        merge_method: method,
      };
      await asConflict(client.ask(doing, `PUT ${pullRoute}/merge`, asked));
    },

    async enableAutoMerge(repository: string, id: string, { expectedHead, method }: BoundMerge): Promise<void> {
      const doing = `let GitHub merge ${repository}#${id}`;
      const pull = await read(repository, id, doing);
      requireHead(pull, expectedHead, doing);
      if (objectMember(pull, 'auto_merge') !== undefined) return;
      await client.mutate(doing, nameOf(repository).owner, enabling, {
        pull: nodeOf(pull, doing),
        head: expectedHead,
        method: method.toUpperCase(),
      });
    },

    async disableAutoMerge(repository: string, id: string): Promise<void> {
      const doing = `take back that GitHub merges ${repository}#${id}`;
      const pull = await read(repository, id, doing);
      if (objectMember(pull, 'auto_merge') === undefined) return;
      await client.mutate(doing, nameOf(repository).owner, disabling, { pull: nodeOf(pull, doing) });
    },
  };
}

function nodeOf(pull: JsonObject, doing: string): string {
  const node = textMember(pull, 'node_id');
  if (node === undefined) throw malformed(doing, 'a pull request without node_id');
  return node;
}
