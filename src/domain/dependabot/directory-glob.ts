/**
 * Whether a directory of `dependabot.yml` means a folder. Both begin with `/`. `*` and `?` stay within a name, `**` crosses any
 * number of folders; everything else is literal. Takes no more than the product of both lengths, whatever the pattern.
 */
export function matchesDirectory(pattern: string, directory: string): boolean {
  const wanted = segmentsOf(pattern);
  const folders = segmentsOf(directory);
  // `reached` holds how many folders the pattern so far may have taken.
  let reached = new Set([0]);
  for (const part of wanted) {
    const next = new Set<number>();
    for (const at of reached) {
      if (part === '**') for (let end = at; end <= folders.length; end++) next.add(end);
      else if (matchesName(part, folders[at])) next.add(at + 1);
    }
    reached = next;
  }
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

function matchesName(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  let at = 0;
  let star = -1;
  let retry = 0;
  for (let index = 0; index < name.length; ) {
    if (pattern.charAt(at) === '*') {
      star = at++;
      retry = index;
    } else if (pattern.charAt(at) === '?' || pattern.charAt(at) === name.charAt(index)) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++retry;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
