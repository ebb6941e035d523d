import { writeFileSync } from 'node:fs';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Writes an object as JSON with one line per entry of its second level, keys sorted, so that a renewal reads as a diff. */
export function writeLines(path: string, document: { readonly [key: string]: { readonly [key: string]: Json } }): void {
  const groups = Object.entries(document).map(([name, entries]) => {
    const lines = Object.keys(entries)
      .sort()
      .map((key) => `    ${JSON.stringify(key)}: ${JSON.stringify(entries[key])}`);
    return `  ${JSON.stringify(name)}: {\n${lines.join(',\n')}\n  }`;
  });
  writeFileSync(path, `{\n${groups.join(',\n')}\n}\n`);
}
