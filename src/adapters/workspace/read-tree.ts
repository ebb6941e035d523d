import type { Refused } from '../../ports/workspace.ts';
import { decodeName } from './decode-name.ts';

/** All of one commit's tree, by path. `id` is that of the content. */
export type Tree = {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly folders: ReadonlySet<string>;
  readonly refused: readonly Refused[];
};

export type TreeEntry = { readonly kind: 'file' | 'link'; readonly id: string; readonly isExecutable: boolean };

const maxPathBytes = 4096;

/**
 * Reads what `git ls-tree -r -z` prints. Nothing is written under these names, but they reach reports and decide what a link
 * leads to: one that no checkout could have is refused.
 */
export function readTree(output: Buffer): Tree {
  const entries = new Map<string, TreeEntry>();
  const folders = new Set<string>();
  const refused: Refused[] = [];
  let start = 0;
  for (let end = output.indexOf(0); end >= 0; end = output.indexOf(0, start)) {
    const line = output.subarray(start, end);
    start = end + 1;
    const tab = line.indexOf(9);
    const [mode = '', , id = ''] = line.subarray(0, tab).toString('latin1').split(' ');
    const name = readName(line.subarray(tab + 1));
    if (name.kind === 'refused') {
      refused.push(name.refused);
      continue;
    }
    const path = name.text;
    if (mode === '160000') {
      const reason = 'it is a git repository of its own (a submodule); check it by itself';
      refused.push({ path, reason, severity: 'info' });
      continue;
    }
    entries.set(path, { kind: mode === '120000' ? 'link' : 'file', id, isExecutable: mode === '100755' });
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return { entries, folders, refused };
}

function readName(bytes: Buffer): ReturnType<typeof decodeName> {
  if (bytes.length > maxPathBytes) {
    const path = `${bytes.toString('utf8', 0, 100)}…`;
    return {
      kind: 'refused',
      refused: { path, reason: 'its path is longer than any system takes', severity: 'error' },
    };
  }
  const name = decodeName(bytes);
  if (name.kind === 'refused') return name;
  const isOdd = name.text
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
  if (!isOdd) return name;
  return {
    kind: 'refused',
    refused: { path: name.text, reason: 'its path is one that git would not check out', severity: 'error' },
  };
}
