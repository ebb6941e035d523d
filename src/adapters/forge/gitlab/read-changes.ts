import { Commits, MergeRequests } from '@gitbeaker/core';
import { asObject, type JsonObject, member, textMember } from '../../../domain/image/json-value.ts';
import type { PullRequestChanges } from '../../../ports/forge.ts';
import { malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

// Each signature is a request.
const maxCommits = 100;
const maxFiles = 1000;

/** GitLab tells of a commit's people what git does, and no account: they stay out. */
export function createReadChanges(session: Session) {
  const mergeRequests = new MergeRequests(session.options);
  const commits = new Commits(session.options);

  return async (repository: string, id: number): Promise<PullRequestChanges> => {
    const doing = `read the changes of ${repository}!${id}`;
    const overview = asObject(await session.ask(doing, () => mergeRequests.show(repository, id)));
    const listed = await session.listSome(doing, maxCommits, (page) => mergeRequests.allCommits(repository, id, page));
    const files = await session.listSome(doing, maxFiles, (page) => mergeRequests.allDiffs(repository, id, page));

    const read: PullRequestChanges['commits'][number][] = [];
    // Newest first as they come.
    for (const commit of listed.items.toReversed()) {
      const revision = textMember(commit, 'id');
      if (revision === undefined) throw malformed(doing, 'a commit without revision');
      const signature = await session.askMaybe(doing, () => commits.showGPGSignature(repository, revision));
      const isVerified = textMember(asObject(signature), 'verification_status') === 'verified';
      read.push({ revision, author: undefined, committer: undefined, isVerified });
    }
    return {
      commits: read,
      files: files.items.map((file) => readFile(file, doing)),
      // `1000+`: GitLab itself read no further.
      isTruncated:
        listed.isTruncated || files.isTruncated || textMember(overview, 'changes_count')?.endsWith('+') === true,
    };
  };
}

function readFile(file: JsonObject, doing: string): PullRequestChanges['files'][number] {
  const isSet = (name: string) => member(file, name) === true;
  const path = textMember(file, isSet('deleted_file') ? 'old_path' : 'new_path');
  if (path === undefined) throw malformed(doing, 'a file without path');
  const kind = isSet('new_file')
    ? 'added'
    : isSet('deleted_file')
      ? 'removed'
      : isSet('renamed_file')
        ? 'renamed'
        : 'changed';
  const patch = textMember(file, 'diff') ?? '';
  return { path, kind, ...(patch === '' || isSet('too_large') || isSet('collapsed') ? {} : { patch }) };
}
