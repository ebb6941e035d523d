import type { PullRequestChanges } from '../../../ports/forge.ts';
import { forkOf, historyDepth } from './merged-at.ts';
import type { Scratch } from './scratch.ts';

const maxCommits = 250;
const maxFiles = 1000;
const maxPatches = 100;
const maxPatchBytes = 1024 * 1024;

/** Git knows names and addresses that anybody can write, and no accounts: people stay out. */
export async function readChanges(scratch: Scratch, head: string, base: string): Promise<PullRequestChanges> {
  await scratch.fetchObjects([head, base], { depth: historyDepth, filter: 'blob:none' });
  const fork = await forkOf(scratch, head, base);
  if (fork === undefined) return { commits: [commitOf(head)], files: [], isTruncated: true };
  const revisions = (await scratch.read(['rev-list', '--reverse', '--topo-order', `${base}..${head}`]))
    .split('\n')
    .filter((line) => line !== '');
  const changes = readRaw(
    await scratch.read(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', fork, head]),
  );
  const shown = changes.slice(0, maxPatches).filter(({ isFile }) => isFile);
  const files: PullRequestChanges['files'][number][] = [];
  const sized = await withContents(scratch, shown);
  for (const change of changes.slice(0, maxFiles)) {
    const patch = sized.has(change) ? await patchOf(scratch, fork, head, change.path) : undefined;
    files.push({ path: change.path, kind: change.kind, ...(patch === undefined ? {} : { patch }) });
  }
  const isTruncated = revisions.length > maxCommits || changes.length > maxFiles;
  return { commits: revisions.slice(0, maxCommits).map(commitOf), files, isTruncated };
}

type Change = {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
  /** Of a regular file, before and after. */
  readonly ids: readonly string[];
  readonly isFile: boolean;
};

function commitOf(revision: string): PullRequestChanges['commits'][number] {
  return { revision, author: undefined, committer: undefined, isVerified: false };
}

/** `:MODE MODE ID ID STATUS`, NUL, the path, NUL. */
function readRaw(output: string): readonly Change[] {
  const parts = output.split('\0');
  const changes: Change[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [before = '', after = '', from = '', to = '', status] = (parts[at] ?? '').slice(1).split(' ');
    const kind = status === 'A' ? 'added' : status === 'D' ? 'removed' : 'changed';
    const modes = [...(kind === 'added' ? [] : [before]), ...(kind === 'removed' ? [] : [after])];
    const ids = [...(kind === 'added' ? [] : [from]), ...(kind === 'removed' ? [] : [to])];
    changes.push({ path: parts[at + 1] ?? '', kind, ids, isFile: modes.every((mode) => mode.startsWith('100')) });
  }
  return changes;
}

/** Fetches what patches are made of. @returns those that are not too large for one. */
async function withContents(scratch: Scratch, changes: readonly Change[]): Promise<ReadonlySet<Change>> {
  const ids = [...new Set(changes.flatMap((change) => change.ids))];
  await scratch.fetchObjects(ids, { depth: 1 });
  const contents = await scratch.readBlobs(ids, maxPatchBytes);
  return new Set(changes.filter((change) => change.ids.every((id) => contents.has(id))));
}

/** From its first hunk on; a binary file has none. */
async function patchOf(scratch: Scratch, from: string, to: string, path: string): Promise<string | undefined> {
  const options = ['-r', '-p', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];
  const text = await scratch.read(['--literal-pathspecs', 'diff-tree', ...options, from, to, '--', path]);
  const start = text.indexOf('\n@@ ');
  return start < 0 ? undefined : text.slice(start + 1);
}
