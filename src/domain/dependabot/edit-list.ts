import { isScalar, type YAMLSeq } from 'yaml';
import type { Edit } from '../dockerfile/edit.ts';
import { quote } from './entry-text.ts';
import { columnOf, contentEnd, dashOf, lineEnd, lineStart, nextLine, startOf } from './yaml-places.ts';

/** Adds texts to the end of a list, in its own style. `undefined` where its form does not let it be told how. */
export function appendItems(text: string, list: YAMLSeq, values: readonly string[], eol: string): Edit | undefined {
  const last = list.items.at(-1);
  const written = values.map((value) => quotedAs(last, value));
  if (list.flow === true) {
    if (list.range == null) return undefined;
    const at = last === undefined ? list.range[0] + 1 : contentEnd(last, text);
    return insert(at, `${last === undefined ? '' : ', '}${written.join(', ')}`);
  }
  const dash = dashOf(list, list.items.length - 1);
  if (dash === undefined || !isScalar(last)) return undefined;
  const indent = ' '.repeat(columnOf(text, dash));
  return insert(lineEnd(text, contentEnd(last, text)), written.map((value) => `${eol}${indent}- ${value}`).join(''));
}

/** Takes an item out, of a list that keeps others. `undefined` where a comment would go with it that may be about others. */
export function removeItem(text: string, list: YAMLSeq, at: number): Edit | undefined {
  const item = list.items[at];
  if (!isScalar(item) || list.items.length < 2) return undefined;
  const dash = dashOf(list, at);
  if (dash !== undefined) {
    const start = lineStart(text, dash);
    return text.slice(start, dash).trim() === '' ? remove(start, nextLine(text, contentEnd(item, text))) : undefined;
  }
  const before = list.items[at - 1];
  const span =
    before === undefined
      ? { start: startOf(item), end: startOf(list.items[at + 1]) }
      : { start: contentEnd(before, text), end: contentEnd(item, text) };
  return text.slice(span.start, span.end).includes('#') ? undefined : { span, text: '' };
}

/** With the quotes of its neighbour; a name that YAML could read otherwise always has them. */
function quotedAs(neighbour: unknown, value: string): string {
  const style = isScalar(neighbour) ? neighbour.type : undefined;
  const isPlain = /^[A-Za-z/][A-Za-z0-9_./-]*$/.test(value);
  if (style === 'PLAIN' && isPlain) return value;
  return style === 'QUOTE_SINGLE' && isPlain ? `'${value}'` : quote(value);
}

export function insert(at: number, text: string): Edit {
  return { span: { start: at, end: at }, text };
}

export function remove(start: number, end: number): Edit {
  return { span: { start, end }, text: '' };
}
