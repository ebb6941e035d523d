/** A shell pattern of `${name%pattern}` and its kin: `?` is any one character, `*` any run, the rest is literal. */
export type Glob = readonly GlobToken[];
export type GlobToken =
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'run' };

/** Reads a pattern, or tells the escape in it that BuildKit refuses. `\*`, `\?`, `\\`, `\/` and `\}` are literal. */
export function parseGlob(pattern: string): Glob | { readonly invalidEscape: string } {
  const tokens: GlobToken[] = [];
  for (let index = 0; index < pattern.length; index++) {
    let character = pattern.charAt(index);
    if (character === '*') tokens.push({ kind: 'run' });
    else if (character === '?') tokens.push({ kind: 'any' });
    else {
      if (character === '\\') {
        character = pattern.charAt(++index);
        if (character === '' || !'}/*?\\'.includes(character)) return { invalidEscape: `\\${character}` };
      }
      tokens.push({ kind: 'literal', character });
    }
  }
  return tokens;
}

/** How much of the front of `text` the pattern takes, shortest or longest; `undefined` when it does not match there. */
export function matchFront(glob: Glob, text: string, longest: boolean): number | undefined {
  const found = matchFrom(splitAtRuns(glob), text, 0, longest);
  return found;
}

/** As `matchFront`, from the end of `text` backwards. */
export function matchBack(glob: Glob, text: string, longest: boolean): number | undefined {
  return matchFront(glob.toReversed(), reverse(text), longest);
}

/** The leftmost longest match at or after `from`; `undefined` when there is none. */
export function findGlob(
  glob: Glob,
  text: string,
  from: number,
): { readonly start: number; readonly end: number } | undefined {
  const segments = splitAtRuns(glob);
  const [first = []] = segments;
  for (let start = from; start <= text.length; start++) {
    if (!matchesAt(first, text, start)) continue;
    const end = matchFrom(segments, text, start, true);
    // A later start has less text for the same segments behind the first run, so it cannot succeed either.
    return end === undefined ? undefined : { start, end };
  }
  return undefined;
}

/** End of the match that begins exactly at `start`. */
function matchFrom(segments: readonly Glob[], text: string, start: number, longest: boolean): number | undefined {
  const [first = [], ...rest] = segments;
  if (!matchesAt(first, text, start)) return undefined;
  let end = start + first.length;
  for (const segment of rest) {
    while (end <= text.length && !matchesAt(segment, text, end)) end++;
    if (end > text.length) return undefined;
    end += segment.length;
  }
  const last = rest.at(-1);
  if (last === undefined || !longest) return end;
  // The runs before may grow at will: the longest match ends with the last place of the last segment.
  for (let at = text.length - last.length; at >= end - last.length; at--) {
    if (matchesAt(last, text, at)) return at + last.length;
  }
  return end;
}

function splitAtRuns(glob: Glob): readonly Glob[] {
  const segments: GlobToken[][] = [[]];
  for (const token of glob) {
    if (token.kind === 'run') segments.push([]);
    else segments.at(-1)?.push(token);
  }
  return segments;
}

function matchesAt(segment: Glob, text: string, at: number): boolean {
  if (at + segment.length > text.length) return false;
  return segment.every((token, index) => token.kind !== 'literal' || token.character === text.charAt(at + index));
}

function reverse(text: string): string {
  return text.split('').reverse().join('');
}
