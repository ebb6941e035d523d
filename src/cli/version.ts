import { readFileSync } from 'node:fs';

/** The version of this package; `package.json` is two folders up in `src/` and in `dist/` alike. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version: value } = JSON.parse(text) as { version: string };
  return value;
}
