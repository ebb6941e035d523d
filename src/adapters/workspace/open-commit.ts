import { type CommittedTree, type Listing, WorkspaceError } from '../../ports/workspace.ts';
import { decodeText, tooLarge } from './decode-text.ts';
import type { Git } from './git.ts';
import { readTree } from './read-tree.ts';

/** The folder as a commit of its own repository has it. Few files are read: each costs two runs of git. @throws WorkspaceError */
export async function openCommit(git: Git, ref: string): Promise<CommittedTree> {
  const commit = await git.commitOf(ref);
  const listed = await git.run(['ls-tree', '-r', '-z', commit, '--']);
  if (listed.code !== 0)
    throw new WorkspaceError('unreadable', `git could not list ${commit}: ${listed.stderr.slice(0, 300)}`);
  const { entries, refused } = readTree(listed.stdout);
  const files = new Map([...entries].flatMap(([path, { kind, id }]) => (kind === 'file' ? [[path, id] as const] : [])));
  return {
    list: async (): Promise<Listing> => ({ paths: [...files.keys()].sort(), refused }),
    async read(path, maxBytes) {
      const id = files.get(path);
      if (id === undefined) throw new WorkspaceError('not-found', `there is no file ${path} in ${commit}`);
      const size = await git.run(['cat-file', '-s', id]);
      if (size.code === 0 && Number(size.stdout.toString()) > maxBytes) throw tooLarge(path, maxBytes);
      const content = size.code === 0 ? await git.run(['cat-file', 'blob', id]) : size;
      if (content.code === 0) return decodeText(content.stdout, path);
      const reason = 'a partial clone lacks its content; fetch it whole';
      throw new WorkspaceError('unreadable', `cannot read ${path} of ${commit}: ${reason}`);
    },
  };
}
