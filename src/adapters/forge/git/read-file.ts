import { ForgeError } from '../../../ports/forge.ts';
import { isObjectId } from '../../git/object-id.ts';
import type { Scratch } from './scratch.ts';

const maxBytes = 5 * 1024 * 1024;

/** A regular file of one commit; nothing else of it is fetched, where the server can leave it out. */
export async function readFile(scratch: Scratch, path: string, revision: string): Promise<string | undefined> {
  if (path === '' || path.includes('\0')) return undefined;
  const tip = (await scratch.listRefs()).ids.get(`refs/heads/${revision}`);
  const commit = tip ?? (isObjectId(revision) ? revision : undefined);
  if (commit === undefined || !(await hasCommit(scratch, commit, `read ${path}`))) return undefined;
  const entry = await scratch.read(['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', path]);
  const [, id, name] = /^100\d{3} blob (\w+)\t([^\0]*)\0$/.exec(entry) ?? [];
  if (id === undefined || name !== path) return undefined;
  await scratch.fetchObjects([id], { depth: 1 });
  const text = (await scratch.readBlobs([id], maxBytes)).get(id);
  if (text === undefined)
    throw new ForgeError(
      'invalid',
      `cannot read ${path}: it is larger than the ${maxBytes / 1024 / 1024} MiB that are read`,
    );
  return text;
}

/** Fetches one commit. @throws ForgeError when the server gives it to nobody. */
export async function hasCommit(scratch: Scratch, commit: string, doing: string): Promise<boolean> {
  const end = await scratch.fetchCommit(commit, 1);
  if (end === 'refused')
    throw new ForgeError(
      'invalid',
      `cannot ${doing}: ${scratch.address} gives no commit ${commit.slice(0, 12)} that no branch leads to; a newer git there does`,
    );
  return end === 'fetched';
}
