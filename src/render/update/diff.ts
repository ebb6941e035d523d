import { createTwoFilesPatch } from 'diff';
import type { UpdateResult } from '../../flows/update/update-result.ts';
import { palette } from '../palette.ts';
import { visible } from '../visible.ts';

/**
 * All changes as one unified diff that `git apply` and `patch -p1` take.
 *
 * @param harmless for a terminal: control characters of the files are spelt out, and nothing applies it any more.
 */
export function renderDiff(
  { trees }: UpdateResult,
  options: { readonly color: boolean; readonly harmless: boolean },
): string {
  const colors = palette(options.color);
  return trees
    .flatMap(({ tree, changes }) => changes.map((change) => ({ tree, ...change })))
    .map(({ tree, path, before, after }) => {
      const name = tree === '.' ? path : `${tree}/${path}`;
      const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
        context: 3,
        headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
      });
      return options.harmless ? forTerminal(patch, colors) : patch;
    })
    .join('');
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
