/**
 * How many segments of a path the whole pattern may have taken. `*` and `?` stay within a segment, `**` crosses any number of them;
 * everything else is literal. Takes no more than the product of both lengths, whatever the pattern.
 */
export function segmentsReached(pattern: readonly string[], path: readonly string[]): ReadonlySet<number> {
  let reached = new Set([0]);
  for (const part of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (part === '**') for (let end = at; end <= path.length; end++) next.add(end);
      else if (matchesName(part, path[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached;
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
