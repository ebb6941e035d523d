import type { Span } from '../source/span.ts';
import { skipSpaces, trimSpacesEnd } from './character-class.ts';

/** `# name=value` at the head of a file. `span` covers the value. */
export type Directive = { readonly name: string; readonly value: string; readonly span: Span };

/** The value of `# syntax=`, as far as the first blank: an image that reads the rest of the file. */
export type SyntaxLine = {
  readonly image: string;
  readonly span: Span;
  readonly line: number;
  readonly form: '#' | '//' | 'json';
};

const known: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

/** Reads the line `[start, end)` as a directive; `undefined` when it is none, which ends the directives. */
export function parseDirective(text: string, start: number, end: number, mark: '#' | '//'): Directive | undefined {
  if (!text.startsWith(mark, start) || start + mark.length > end) return undefined;
  const nameStart = skipSpaces(text, start + mark.length, end);
  const equals = text.indexOf('=', nameStart);
  if (equals < 0 || equals >= end) return undefined;
  const name = text.slice(nameStart, trimSpacesEnd(text, nameStart, equals)).toLowerCase();
  const valueStart = skipSpaces(text, equals + 1, end);
  const valueEnd = trimSpacesEnd(text, valueStart, end);
  if (!known.has(name) || valueStart === valueEnd) return undefined;
  return { name, value: text.slice(valueStart, valueEnd), span: { start: valueStart, end: valueEnd } };
}

/**
 * Finds the frontend that a file asks for, in the three forms that BuildKit looks for: `# syntax=`, `// syntax=` and a
 * JSON object with `syntax`; the first two also behind a `#!` line.
 */
export function findSyntax(text: string): SyntaxLine | undefined {
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const shebang = text.startsWith('#!', bom);
  const start = shebang ? lineEnd(text, bom) + 1 : bom;
  const line = shebang ? 2 : 1;
  return findDirective(text, start, line, '#') ?? findDirective(text, start, line, '//') ?? findJson(text, start, line);
}

function findDirective(text: string, from: number, firstLine: number, mark: '#' | '//'): SyntaxLine | undefined {
  for (let start = from, line = firstLine; start < text.length; line++) {
    const end = lineEnd(text, start);
    const directive = parseDirective(text, start, end, mark);
    if (directive === undefined) return undefined;
    if (directive.name === 'syntax') {
      const [image = ''] = directive.value.split(' ', 1);
      const valueStart = directive.span.start;
      return { image, span: { start: valueStart, end: valueStart + image.length }, line, form: mark };
    }
    start = end + 1;
  }
  return undefined;
}

function findJson(text: string, from: number, firstLine: number): SyntaxLine | undefined {
  if (text.charAt(skipSpaces(text, from, text.length)) !== '{') return undefined;
  let image: unknown;
  try {
    const document: unknown = JSON.parse(text.slice(from));
    image = typeof document === 'object' && document !== null && 'syntax' in document ? document.syntax : undefined;
  } catch {
    return undefined;
  }
  if (typeof image !== 'string') return undefined;
  // An image name needs no escapes in JSON; where it is written with some, nothing can be edited.
  const start = text.indexOf(JSON.stringify(image), from) + 1;
  const line = firstLine + (text.slice(from, Math.max(start, from)).match(/\n/g)?.length ?? 0);
  return {
    image,
    span: start > 0 ? { start, end: start + image.length } : { start: from, end: from },
    line,
    form: 'json',
  };
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}
