import { isSpace, skipSpaces } from './character-class.ts';

/** A heredoc that an instruction opens: `<<EOF`, `3<<EOF`, `<<-"EOF"`. */
export type HeredocStart = { readonly name: string; readonly dropsTabs: boolean };

const maxDepth = 100;

/**
 * The heredocs that the text of an instruction opens, in order. Quoted and escaped `<<` and `<<<` open none. Text whose
 * quotes or braces do not close opens none at all, for BuildKit gives up on the whole line then.
 */
export function findHeredocs(text: string): readonly HeredocStart[] {
  const words = splitWords(text);
  return words === undefined ? [] : words.flatMap((word) => parseHeredocWord(word) ?? []);
}

function parseHeredocWord(word: string): HeredocStart | undefined {
  const match = /^(\d*)<<(-?)([^<]*)$/.exec(word);
  if (match === null) return undefined;
  const rest = match[3] ?? '';
  const name = unquote(rest.slice(skipSpaces(rest, 0, rest.length)));
  // `1<<3` is arithmetic.
  const isShift = match[1] !== '' && /^\d+$/.test(name ?? '');
  return name === undefined || name === '' || isShift ? undefined : { name, dropsTabs: match[2] === '-' };
}

/** Splits at blanks outside quotes and `${…}`, keeping quotes and escapes; blanks behind `<<` belong to the word. */
function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let start = -1;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (isSpace(code)) {
      if (start >= 0) words.push(text.slice(start, index));
      start = -1;
      index++;
      continue;
    }
    if (start < 0) start = index;
    if (text.startsWith('<<', index)) {
      index += text.startsWith('<<-', index) ? 3 : 2;
      index = skipSpaces(text, index, text.length);
      continue;
    }
    const next = skipUnit(text, index, 0);
    if (next === undefined) return undefined;
    index = next;
  }
  if (start >= 0) words.push(text.slice(start));
  return words;
}

/** Index behind the quoted part, expansion, escape or character at `index`; `undefined` where it does not close. */
function skipUnit(text: string, index: number, depth: number): number | undefined {
  switch (text.charAt(index)) {
    case "'": {
      const close = text.indexOf("'", index + 1);
      return close < 0 ? undefined : close + 1;
    }
    case '"':
      return skipDoubleQuoted(text, index + 1, depth);
    case '\\':
      return Math.min(index + 2, text.length);
    case '$':
      return text.charAt(index + 1) === '{' ? skipBraces(text, index + 2, depth + 1) : index + 1;
    default:
      return index + 1;
  }
}

function skipDoubleQuoted(text: string, from: number, depth: number): number | undefined {
  let index: number | undefined = from;
  while (index !== undefined && index < text.length) {
    const character = text.charAt(index);
    if (character === '"') return index + 1;
    if (character === "'") index++;
    else if (character === '\\') index += '"$\\'.includes(text.charAt(index + 1) || ' ') ? 2 : 1;
    else index = skipUnit(text, index, depth);
  }
  return undefined;
}

function skipBraces(text: string, from: number, depth: number): number | undefined {
  if (depth > maxDepth || '{}:'.includes(text.charAt(from) || '}')) return undefined;
  const name = /[A-Za-z0-9_]*|[@*#?$!-]/y;
  name.lastIndex = from;
  name.exec(text);
  let index: number | undefined = Math.max(name.lastIndex, from);
  if (text.charAt(index) !== '}' && !':+-?#%/'.includes(text.charAt(index) || ' ')) return undefined;
  while (index !== undefined && index < text.length) {
    if (text.charAt(index) === '}') return index + 1;
    index = skipUnit(text, index, depth);
  }
  return undefined;
}

function unquote(word: string): string | undefined {
  let name = '';
  let quote = '';
  for (let index = 0; index < word.length; index++) {
    const character = word.charAt(index);
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (
      character === '\\' &&
      (quote === '' || (quote === '"' && '"$\\'.includes(word.charAt(index + 1) || ' ')))
    ) {
      name += word.charAt(++index);
    } else if (quote === '' && isSpace(character.charCodeAt(0))) return undefined;
    else name += character;
  }
  return quote === '' ? name : undefined;
}
