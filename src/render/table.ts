import stringWidth from 'fast-string-width';

/** Rows with their columns aligned by display width; the last column is not padded. Colour codes have no width. */
export function table(
  rows: readonly (readonly string[])[],
  options: { readonly gap?: number; readonly right?: readonly number[] } = {},
): readonly string[] {
  const gap = ' '.repeat(options.gap ?? 2);
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell));
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const padding = ' '.repeat((widths[at] ?? 0) - stringWidth(cell));
        if (options.right?.includes(at)) return padding + cell;
        return at === row.length - 1 ? cell : cell + padding;
      })
      .join(gap)
      .trimEnd(),
  );
}

/** Breaks text at spaces into lines of at most `width` columns; further lines are indented. A longer word stays whole. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(next) > width - indent.length) {
      lines.push(line);
      line = word;
    } else line = next;
  }
  lines.push(line);
  return lines.map((part) => indent + part).join('\n');
}
