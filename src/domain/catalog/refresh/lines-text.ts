/** A JSON value of ours: no foreign one is spelt by `linesText`. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/** JSON with one line per entry of the second level, keys sorted, so that a renewal reads as a diff. */
export function linesText(document: { readonly [key: string]: { readonly [key: string]: Json } }): string {
  const groups = Object.entries(document).map(([name, entries]) => {
    const lines = Object.keys(entries)
      .sort()
      .map((key) => `    ${JSON.stringify(key)}: ${JSON.stringify(entries[key])}`);
    return `  ${JSON.stringify(name)}: {\n${lines.join(',\n')}\n  }`;
  });
  return `{\n${groups.join(',\n')}\n}\n`;
}
