import { type JsonObject, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import type { PullRequestChanges } from '../../../ports/forge.ts';
import type { FindAuthor } from './find-author.ts';
import { malformed, objectOf } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf, numberOf } from './route-names.ts';

// GitHub itself tells no more than 250 commits and 3000 files.
const maxCommits = 250;
const maxFiles = 1000;

export function createReadChanges(client: GithubClient, findAuthor: FindAuthor) {
  return async (repository: string, id: string): Promise<PullRequestChanges> => {
    const doing = `read the changes of ${repository}#${id}`;
    const pull = { ...nameOf(repository), pull_number: numberOf(id, doing) };
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    const overview = objectOf(await client.ask(doing, route, pull), doing);
    const listed = await client.list(doing, `${route}/commits`, pull, { maxItems: maxCommits });
    const files = await client.list(doing, `${route}/files`, pull, { maxItems: maxFiles });

    const commits: PullRequestChanges['commits'][number][] = [];
    for (const commit of listed.items) {
      const revision = textMember(commit, 'sha');
      if (revision === undefined) throw malformed(doing, 'a commit without revision');
      commits.push({
        revision,
        author: await findAuthor(member(commit, 'author'), repository),
        committer: await findAuthor(member(commit, 'committer'), repository),
        isVerified: member(objectMember(objectMember(commit, 'commit'), 'verification'), 'verified') === true,
      });
    }
    return {
      commits,
      files: files.items.map((file) => readFile(file, doing)),
      isTruncated:
        Number(member(overview, 'commits')) > commits.length ||
        Number(member(overview, 'changed_files')) > files.items.length,
    };
  };
}

const kinds: ReadonlyMap<string, PullRequestChanges['files'][number]['kind']> = new Map([
  ['added', 'added'],
  ['copied', 'added'],
  ['removed', 'removed'],
  ['renamed', 'renamed'],
]);

function readFile(file: JsonObject, doing: string): PullRequestChanges['files'][number] {
  const path = textMember(file, 'filename');
  if (path === undefined) throw malformed(doing, 'a file without path');
  const patch = textMember(file, 'patch');
  const kind = kinds.get(textMember(file, 'status') ?? '') ?? 'changed';
  return { path, kind, ...(patch === undefined ? {} : { patch }) };
}
