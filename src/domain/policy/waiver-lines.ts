/**
 * The lines of a policy file that one waiver takes: from where it begins to the next line that is not indented further. Blank lines and
 * comments at its end are none of it.
 *
 * @param line 1-based, where it begins.
 */
export function waiverLines(text: string, line: number): { readonly from: number; readonly to: number } {
  const lines = text.split('\n');
  const indent = indentOf(lines[line - 1] ?? '');
  let to = line;
  for (let at = line + 1; at <= lines.length; at += 1) {
    const next = lines[at - 1] ?? '';
    if (next.trim() === '' || next.trim().startsWith('#')) continue;
    if (indentOf(next) <= indent) break;
    to = at;
  }
  return { from: line, to };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
