import { segmentsReached } from '../discovery/segments-reached.ts';

/**
 * Whether a directory of `dependabot.yml` means a folder. Both begin with `/`. `*` and `?` stay within a name, `**` crosses any
 * number of folders; everything else is literal. Takes no more than the product of both lengths, whatever the pattern.
 */
export function matchesDirectory(pattern: string, directory: string): boolean {
  const wanted = segmentsOf(pattern);
  const folders = segmentsOf(directory);
  const reached = segmentsReached(wanted, folders);
  // `**/*` is written for the root and all below it.
  return reached.has(folders.length) || (folders.length === 0 && wanted.every((part) => /^\*+$/.test(part)));
}

/** With one `/` before and none behind: `./a/` and `a` are `/a`. */
export function normalDirectory(text: string): string {
  return `/${segmentsOf(text).join('/')}`;
}

function segmentsOf(text: string): readonly string[] {
  return text.split('/').filter((segment) => segment !== '' && segment !== '.');
}
