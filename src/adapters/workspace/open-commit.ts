import { type CommittedTree, WorkspaceError } from '../../ports/workspace.ts';
import type { Content } from './blob-store.ts';
import { type Blobs, CommitWorkspace } from './commit-workspace.ts';
import type { Git } from './git.ts';
import { readTree } from './read-tree.ts';

/** The folder as a commit of its own repository has it. @throws WorkspaceError */
export async function openCommit(git: Git, ref: string): Promise<CommittedTree> {
  const commit = await git.commitOf(ref);
  const listed = await git.run(['ls-tree', '-r', '-z', commit, '--']);
  if (listed.code !== 0)
    throw new WorkspaceError('unreadable', `git could not list ${commit}: ${listed.stderr.slice(0, 300)}`);
  return new CommitWorkspace(commit, readTree(listed.stdout), localBlobs(git));
}

/** Few are read: each costs two runs of git. */
function localBlobs(git: Git): Blobs {
  return {
    ensure: async () => {},
    async read({ id, maxBytes }): Promise<Content> {
      const size = await git.run(['cat-file', '-s', id]);
      if (size.code !== 0) throw absent(id);
      if (Number(size.stdout.toString()) > maxBytes) return 'too-large';
      const content = await git.run(['cat-file', 'blob', id]);
      if (content.code !== 0) throw absent(id);
      return content.stdout;
    },
  };
}

function absent(id: string): WorkspaceError {
  return new WorkspaceError(
    'unreadable',
    `git has no content ${id} here: fetch the commit whole, a partial clone lacks it`,
  );
}
