import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { ListFilter, Refused } from '../../ports/workspace.ts';
import { decodeName } from './decode-name.ts';
import type { Found } from './list-git.ts';

const maxIgnoreBytes = 1024 * 1024;
/** Far deeper than projects go; a folder cannot hold itself, since links are not entered. */
const maxDepth = 200;

/** The rules of one `.gitignore`, and the folder (ending in `/`, or `''`) that they are relative to. */
type Rules = { readonly folder: string; readonly ignore: Ignore };
type Folder = { readonly path: string; readonly rules: readonly Rules[]; readonly depth: number };

/** Walks a tree without git, leaving out what its `.gitignore` files leave out. */
export function listFolder(root: string, filter: ListFilter): Found {
  const paths: string[] = [];
  const refused: Refused[] = [];
  const waiting: Folder[] = [{ path: '', rules: [], depth: 0 }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = openFolder(root, folder, refused);
    const rules = entries.some(({ name }) => name.toString() === '.gitignore')
      ? [...readRules(root, folder.path), ...folder.rules]
      : folder.rules;
    for (const entry of entries) {
      const name = decodeName(entry.name);
      if (name.kind === 'refused') {
        refused.push({ ...name.refused, path: folder.path + name.refused.path });
        continue;
      }
      const path = folder.path + name.text;
      if (entry.isDirectory()) {
        const inner = `${path}/`;
        if (name.text === '.git' || filter.isExcluded?.(inner) === true || isIgnored(inner, rules)) continue;
        waiting.push({ path: inner, rules, depth: folder.depth + 1 });
      } else if (!isIgnored(path, rules)) paths.push(path);
    }
  }
  return { paths, refused };
}

function openFolder(root: string, { path, depth }: Folder, refused: Refused[]): readonly Dirent<Buffer>[] {
  if (depth > maxDepth) {
    refused.push({
      path: path.slice(0, -1),
      reason: `folders are nested deeper than ${maxDepth} levels`,
      severity: 'error',
    });
    return [];
  }
  try {
    return readdirSync(join(root, path), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const reason = `cannot read the folder: ${code === 'EACCES' ? 'permission denied' : code}`;
    refused.push({ path: path === '' ? '.' : path.slice(0, -1), reason, severity: 'error' });
    return [];
  }
}

function readRules(root: string, folder: string): readonly Rules[] {
  try {
    const file = join(root, folder, '.gitignore');
    const kind = lstatSync(file);
    // Git does not follow a linked .gitignore either.
    if (!kind.isFile() || kind.size > maxIgnoreBytes) return [];
    const lines = readFileSync(file, 'utf8').split(/\r?\n/).filter(isCheap);
    return [{ folder, ignore: ignore({ ignorecase: false }).add(lines) }];
  } catch {
    return [];
  }
}

/** Patterns become regular expressions: with many stars in one segment they could take ages on a long name. */
function isCheap(line: string): boolean {
  if (line.length > 1000) return false;
  const segments = line.split('/');
  return segments.filter((part) => part === '**').length <= 3 && segments.every((part) => part.split('*').length <= 4);
}

/** The innermost file that has a say decides. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { folder, ignore } of rules) {
    const relative = path.slice(folder.length);
    const { ignored, unignored } = ignore.test(relative);
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}
