import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { git, gitWith } from './git-server.ts';

/** `acme/shop` → the bare repository that the git server serves as `acme/shop.git`. */
export function makeRepository(root: string, path: string): string {
  const folder = join(root, `${path}.git`);
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '--bare', '-b', 'main');
  git(folder, 'config', 'http.receivepack', 'true');
  return folder;
}

/** A commit upon a branch, or the first one of a new branch. @param files `undefined` removes one. */
export function commitTo(
  folder: string,
  branch: string,
  files: Readonly<Record<string, string | undefined>>,
  base: string | undefined = headOf(folder, branch),
): string {
  const kept =
    base === undefined
      ? []
      : git(folder, 'ls-tree', '-r', base)
          .split('\n')
          .filter((line) => line !== '');
  const entries = new Map(kept.map((line) => [line.slice(line.indexOf('\t') + 1), line]));
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) entries.delete(path);
    else entries.set(path, `100644 blob ${gitWith(folder, text, 'hash-object', '-w', '--stdin')}\t${path}`);
  }
  const tree = makeTree(folder, entries);
  const parents = base === undefined ? [] : ['-p', base];
  const revision = git(folder, 'commit-tree', tree, ...parents, '-m', `change ${Object.keys(files).join(', ')}`);
  git(folder, 'update-ref', `refs/heads/${branch}`, revision);
  return revision;
}

function makeTree(folder: string, entries: ReadonlyMap<string, string>): string {
  const folders = new Map<string, Map<string, string>>();
  const lines: string[] = [];
  for (const [path, line] of entries) {
    const slash = path.indexOf('/');
    if (slash < 0) lines.push(`${line.slice(0, line.indexOf('\t'))}\t${path}`);
    else {
      const name = path.slice(0, slash);
      const inner = folders.get(name) ?? new Map<string, string>();
      folders.set(name, inner.set(path.slice(slash + 1), line));
    }
  }
  for (const [name, inner] of folders) lines.push(`040000 tree ${makeTree(folder, inner)}\t${name}`);
  return gitWith(folder, lines.map((line) => `${line}\n`).join(''), 'mktree');
}

export function headOf(folder: string, branch: string): string | undefined {
  return maybe(() => git(folder, 'rev-parse', '--verify', '-q', `refs/heads/${branch}^{commit}`));
}

export function revisionOf(folder: string, revision: string): string | undefined {
  if (revision.startsWith('-')) return undefined;
  return maybe(() => git(folder, 'rev-parse', '--verify', '-q', `${revision}^{commit}`));
}

export function maybe<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
