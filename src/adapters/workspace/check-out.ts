import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Revision } from '../../ports/revisions.ts';
import { type Refused, WorkspaceError } from '../../ports/workspace.ts';
import { cutBatch } from './cut-batch.ts';
import { readTree, type Tree, type TreeEntry } from './read-tree.ts';
import { resolvePath } from './resolve-path.ts';

/** Git in the repository. @throws WorkspaceError where it does not come to an end. */
export type AskGit = (
  args: readonly string[],
  options?: { readonly input?: string; readonly maxOutputBytes?: number },
) => Promise<{ readonly code: number | undefined; readonly stdout: Buffer; readonly stderr: string }>;

/** Half a million long paths. */
const maxListBytes = 256 * 1024 * 1024;
const maxFileBytes = 1024 ** 3;
const maxTreeBytes = 8 * 1024 ** 3;
/** What is held in memory at a time. */
const batchBytes = 64 * 1024 * 1024;

/**
 * Writes a commit's files as git stores them: content filters, line ends and large files kept elsewhere (LFS) are not git's own content.
 *
 * @param folder made here; what is there already would be overwritten by nobody: then it fails.
 */
export async function checkOut(ask: AskGit, { tree: id }: Revision, folder: string): Promise<readonly Refused[]> {
  const listed = await ask(['ls-tree', '-r', '-z', '--full-tree', id], { maxOutputBytes: maxListBytes });
  if (listed.code !== 0) throw unreadable(listed.stderr);
  const tree = readTree(listed.stdout);
  const entries = [...tree.entries];
  const sizes = await measure(ask, [...new Set(entries.map(([, entry]) => entry.id))]);
  await mkdir(folder, { recursive: true });
  for (const place of [...tree.folders].sort()) await mkdir(join(folder, place), { recursive: true });
  const targets = new Map<string, string>();
  for (const batch of batches(entries, sizes)) {
    const contents = await readBatch(ask, batch, sizes);
    for (const [path, entry] of batch) {
      const content = contents.get(entry.id);
      if (content === undefined) throw unreadable(`${path} is not here; fetch it first`);
      if (entry.kind === 'link') targets.set(entry.id, content.toString());
      else await writeNew(join(folder, path), content, entry);
    }
  }
  // Last of all: nothing is ever written through one.
  return [...tree.refused, ...(await writeLinks(tree, targets, folder))];
}

async function measure(ask: AskGit, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const args = ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'];
  const end = await ask(args, { input: ids.map((id) => `${id}\n`).join(''), maxOutputBytes: maxListBytes });
  if (end.code !== 0) throw unreadable(end.stderr);
  const sizes = new Map<string, number>();
  let treeBytes = 0;
  for (const line of end.stdout.toString('latin1').split('\n')) {
    const [id = '', type, size] = line.split(' ');
    if (type !== 'blob') continue;
    sizes.set(id, Number(size));
    treeBytes += Number(size);
    if (Number(size) > maxFileBytes) throw tooLarge('one of its files has more than 1 GiB');
  }
  if (treeBytes > maxTreeBytes) throw tooLarge('it has more than 8 GiB');
  return sizes;
}

type Listed = readonly [path: string, entry: TreeEntry];

function* batches(entries: readonly Listed[], sizes: ReadonlyMap<string, number>): Generator<readonly Listed[]> {
  let batch: Listed[] = [];
  let bytes = 0;
  for (const listed of entries) {
    const size = sizes.get(listed[1].id) ?? 0;
    if (batch.length > 0 && bytes + size > batchBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(listed);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function readBatch(
  ask: AskGit,
  batch: readonly Listed[],
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Buffer>> {
  const ids = [...new Set(batch.map(([, { id }]) => id))];
  const maxOutputBytes = ids.reduce((sum, id) => sum + (sizes.get(id) ?? 0) + 200, 0);
  const end = await ask(['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join(''), maxOutputBytes });
  if (end.code !== 0) throw unreadable(end.stderr);
  return cutBatch(end.stdout);
}

async function writeNew(path: string, content: Buffer, { isExecutable }: TreeEntry): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    // The mask of this process decides nothing: images hold these modes.
    await chmod(path, isExecutable ? 0o755 : 0o644);
  } catch (error) {
    throw new WorkspaceError('unwritable', `cannot check out ${path}: ${codeOf(error)}`, { cause: error });
  }
}

async function writeLinks(
  tree: Tree,
  targets: ReadonlyMap<string, string>,
  folder: string,
): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  for (const [path, { kind, id }] of tree.entries) {
    if (kind !== 'link') continue;
    const target = targets.get(id) ?? '';
    const resolved = resolvePath(path, tree, (link) => targets.get(link));
    const isInside =
      resolved.kind === 'file' ||
      resolved.kind === 'folder' ||
      (resolved.kind === 'missing' && staysInside(path, target));
    if (isInside && target !== '' && !target.includes('\0')) await symlink(target, join(folder, path));
    else refused.push({ path, reason: 'the link leads out of the tree and is left out', severity: 'info' });
  }
  return refused;
}

/** One that leads nowhere yet: a build may make what it names. */
function staysInside(path: string, target: string): boolean {
  if (target.startsWith('/')) return false;
  let depth = dirname(path) === '.' ? 0 : dirname(path).split('/').length;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return false;
  }
  return true;
}

function unreadable(reason: string): WorkspaceError {
  return new WorkspaceError('unreadable', `cannot check out the commit: ${reason.trim().slice(0, 300)}`);
}

function tooLarge(reason: string): WorkspaceError {
  return new WorkspaceError('too-large', `cannot check out the commit: ${reason}`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
