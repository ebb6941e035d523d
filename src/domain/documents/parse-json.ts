import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { untracedText } from '../dockerfile/traced-text.ts';
import { indexLines } from '../source/lines.ts';
import type { Parsed } from '../source/problem.ts';
import type { DocumentNode, Entry } from './document-node.ts';

const maxLength = 2 * 1024 * 1024;

/** Reads JSON with comments and trailing commas. Broken text is one problem of severity error, with `value` undefined. */
export function parseJson(text: string): Parsed<DocumentNode | undefined> {
  if (text.length > maxLength)
    return refused('document-too-large', `the document is larger than ${maxLength / 1024} KiB, split it`, 0);
  try {
    return parse(text);
  } catch (error) {
    // The parser and the conversion recurse: hostile depth exhausts the stack.
    if (error instanceof RangeError) return refused('document-too-deep', 'values are nested too deep, flatten them', 0);
    throw error;
  }
}

function parse(text: string): Parsed<DocumentNode | undefined> {
  const lineOf = indexLines(text).lineAt;
  const errors: ParseError[] = [];
  // The library takes a byte-order mark for a value; a space keeps all offsets.
  const bare = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const root = parseTree(bare, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [error] = errors;
  if (error !== undefined) {
    const what = printParseErrorCode(error.error)
      .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      .trim();
    return refused(
      'invalid-json',
      `the JSON is broken (${what}); correct it, nothing of this file is read`,
      lineOf(error.offset),
    );
  }
  return { value: root === undefined ? undefined : convert(root, text, lineOf), problems: [] };
}

function convert(node: Node, text: string, lineOf: (offset: number) => number): DocumentNode {
  const line = lineOf(node.offset);
  switch (node.type) {
    case 'object': {
      const entries = new Map<string, Entry>();
      for (const property of node.children ?? []) {
        const [key, value] = property.children ?? [];
        if (key === undefined || value === undefined) continue;
        entries.set(String(key.value), { value: convert(value, text, lineOf), line: lineOf(key.offset) });
      }
      return { kind: 'map', entries, line };
    }
    case 'array':
      return { kind: 'list', items: (node.children ?? []).map((child) => convert(child, text, lineOf)), line };
    case 'null':
    case 'property':
      return { kind: 'empty', line };
    case 'string':
    case 'number':
    case 'boolean': {
      const quote = node.type === 'string' ? 1 : 0;
      const span = { start: node.offset + quote, end: node.offset + node.length - quote };
      const value = node.type === 'string' ? String(node.value) : text.slice(span.start, span.end);
      const isSpelled = value !== '' && text.slice(span.start, span.end) === value;
      const traced = isSpelled ? { text: value, pieces: [{ text: value, span }] } : untracedText(value);
      return { kind: 'scalar', traced, span, line };
    }
  }
}

function refused(code: string, message: string, line: number): Parsed<DocumentNode | undefined> {
  return { value: undefined, problems: [{ code, severity: 'error', message, line }] };
}
