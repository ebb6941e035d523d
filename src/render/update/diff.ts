import { createTwoFilesPatch } from 'diff';
import type { UpdateResult } from '../../flows/update/update-result.ts';
import { palette } from '../palette.ts';
import { visible } from '../visible.ts';

/**
 * All changes of an update, as `fileDiff` writes them. No program applies a patch above its folder, so of one tree that lies
 * elsewhere the paths are those within it.
 */
export function renderDiff({ trees }: UpdateResult, options: DiffView): string {
  const isAlone = trees.length === 1;
  return trees
    .flatMap(({ tree, changes }) => {
      const isElsewhere = /^(?:\.\.(?:\/|$)|\/)/.test(tree);
      const folder = tree === '.' || (isAlone && isElsewhere) ? '' : `${tree}/`;
      return changes.map(({ path, before, after }) => ({ path: `${folder}${path}`, before, after }));
    })
    .map((change) => fileDiff(change, options))
    .join('');
}

/** `harmless` is for a terminal: control characters of the files are spelt out, and nothing applies it any more. */
export type DiffView = { readonly color: boolean; readonly harmless: boolean };

/** One change as a unified diff that `git apply` and `patch -p1` take. @param before null for a new file. */
export function fileDiff(
  { path, before, after }: { readonly path: string; readonly before: string | null; readonly after: string },
  { color, harmless }: DiffView,
): string {
  const from = before === null ? '/dev/null' : `a/${path}`;
  const patch = createTwoFilesPatch(from, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
  return harmless ? forTerminal(patch, palette(color)) : patch;
}

function forTerminal(patch: string, colors: ReturnType<typeof palette>): string {
  const lines = patch.split('\n').map((line) => {
    const shown = visible(line.replace(/\r$/, ''));
    if (line.startsWith('+')) return colors.verdict('pass', shown);
    if (line.startsWith('-')) return colors.verdict('fail', shown);
    return line.startsWith('@@') ? colors.faint(shown) : shown;
  });
  return lines.join('\n');
}
