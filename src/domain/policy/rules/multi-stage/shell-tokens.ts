/** A word with its quotes removed, or the end of a command. Redirections and comments are gone. */
export type ShellToken = { readonly kind: 'word'; readonly text: string } | { readonly kind: 'end' };

/** A layer's script longer than this is read up to here: what we look for stands early, and hostile text stays cheap. */
const maxLength = 256 * 1024;
/** Quotes within expansions within quotes, followed this far. */
const maxDepth = 20;

/**
 * Splits shell text into words and command ends (`;`, `&`, `|`, newlines, parentheses). `$(…)`, `${…}` and backticks stay
 * inside the word, unread. An approximation of POSIX, linear in the length, never throws: an open quote ends with the text.
 */
export function tokenizeShell(script: string): readonly ShellToken[] {
  const text = script.length > maxLength ? script.slice(0, maxLength) : script;
  const tokens: ShellToken[] = [];
  let word: string | undefined;
  let dropsNext = false;
  const finishWord = (): void => {
    if (word !== undefined && !dropsNext) tokens.push({ kind: 'word', text: word });
    if (word !== undefined) dropsNext = false;
    word = undefined;
  };
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '\\') {
      const next = text.charAt(at + 1);
      if (next !== '\n') word = (word ?? '') + next;
      at += 2;
    } else if (character === "'" || character === '"') {
      const end = closingQuote(text, at);
      word = (word ?? '') + unquote(text.slice(at + 1, end), character);
      at = end + 1;
    } else if (character === '$' || character === '`') {
      const end = endOfExpansion(text, at);
      word = (word ?? '') + text.slice(at, end);
      at = end;
    } else if (character === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (character === '>' || character === '<') {
      // `2>` names a descriptor, not a word; `>&2` has its target behind the `&`.
      if (word !== undefined && /^\d{1,3}$/.test(word)) word = undefined;
      finishWord();
      while (at < text.length && '<>&|-'.includes(text.charAt(at))) at += 1;
      dropsNext = true;
    } else if (';|()\n'.includes(character) || (character === '&' && text.charAt(at + 1) !== '>')) {
      finishWord();
      dropsNext = false;
      tokens.push({ kind: 'end' });
      at += 1;
    } else if (character === '&' || character === ' ' || character === '\t' || character === '\r') {
      finishWord();
      at += 1;
    } else {
      const end = endOfPlain(text, at + 1);
      word = (word ?? '') + text.slice(at, end);
      at = end;
    }
  }
  finishWord();
  return tokens;
}

function endOfPlain(text: string, start: number): number {
  let at = start;
  while (at < text.length && !'\\\'"$`><;|()\n& \t\r'.includes(text.charAt(at))) at += 1;
  return at;
}

/** Index of the quote that closes the one at `start`, or the length. `"$(a "b")"` has quotes of its own inside. */
function closingQuote(text: string, start: number, depth = 0): number {
  const quote = text.charAt(start);
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== quote) {
    const character = text.charAt(at);
    if (quote === '"' && character === '$' && depth < maxDepth) at = endOfExpansion(text, at, depth + 1);
    else at += quote === '"' && character === '\\' ? 2 : 1;
  }
  return Math.min(at, text.length);
}

function unquote(text: string, quote: string): string {
  return quote === '"'
    ? text.replace(/\\([\\"$`\n])/g, (_, escaped: string) => (escaped === '\n' ? '' : escaped))
    : text;
}

/** One past the end of `$NAME`, `${…}`, `$(…)` or a backtick pair; brackets are counted, quotes within are skipped. */
function endOfExpansion(text: string, start: number, nesting = 0): number {
  if (text.charAt(start) === '`') {
    const end = text.indexOf('`', start + 1);
    return end === -1 ? text.length : end + 1;
  }
  const open = text.charAt(start + 1);
  if (open !== '{' && open !== '(') return start + 1;
  const close = open === '{' ? '}' : ')';
  let depth = 0;
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === "'" || character === '"') at = closingQuote(text, at, nesting);
    else if (character === open) depth += 1;
    else if (character === close) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    at += 1;
  }
  return text.length;
}
