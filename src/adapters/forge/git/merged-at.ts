import type { Instant } from '../../../domain/source/instant.ts';
import type { Scratch } from './scratch.ts';

/** So many commits of each branch are looked at, at most, to tell what became of a change. */
export const historyDepth = 500;

const maxPaths = 200;

/**
 * When a change came to its base, told from git alone: its head is in the history of the base, or, as after a squash, every
 * file that it changes stands there as it does in the change.
 *
 * Both commits were fetched with their history and trees.
 *
 * @returns `undefined` while it has not; `apart` when the histories that were fetched do not meet.
 */
export async function mergedAt(scratch: Scratch, head: string, base: string): Promise<Instant | undefined | 'apart'> {
  if ((await scratch.ask(['merge-base', '--is-ancestor', head, base])) === 0) {
    const path = ['rev-list', '--first-parent', '--ancestry-path', '--reverse', '--no-commit-header', '--format=%ct'];
    const [merge] = lines(await scratch.read([...path, `${head}..${base}`]));
    return secondsOf(merge ?? (await dateOf(scratch, head)));
  }
  const fork = await forkOf(scratch, head, base);
  if (fork === undefined) return 'apart';
  const changed = await changedPaths(scratch, fork, head);
  const apart = new Set(await changedPaths(scratch, head, base));
  if (changed.length === 0 || changed.some((path) => apart.has(path))) return undefined;
  const last = ['--literal-pathspecs', 'rev-list', '-1', '--first-parent', '--no-commit-header', '--format=%ct', base];
  const [touched] = lines(await scratch.read([...last, '--', ...changed.slice(0, maxPaths)]));
  return secondsOf(touched ?? (await dateOf(scratch, base)));
}

/** Where two histories part; `undefined` when that was not fetched. */
export async function forkOf(scratch: Scratch, head: string, base: string): Promise<string | undefined> {
  if ((await scratch.ask(['merge-base', head, base])) !== 0) return undefined;
  return lines(await scratch.read(['merge-base', head, base]))[0];
}

async function changedPaths(scratch: Scratch, from: string, to: string): Promise<readonly string[]> {
  const names = await scratch.read(['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to]);
  return names.split('\0').filter((name) => name !== '');
}

async function dateOf(scratch: Scratch, commit: string): Promise<string | undefined> {
  return lines(await scratch.read(['rev-list', '-1', '--no-commit-header', '--format=%ct', commit]))[0];
}

function lines(output: string): readonly string[] {
  return output.split('\n').filter((line) => line !== '');
}

function secondsOf(written: string | undefined): Instant {
  return Number(written ?? 0) * 1000;
}
