import type { Scalar } from 'yaml';
import { TracedTextBuilder, untracedText } from '../dockerfile/traced-text.ts';
import type { Span } from '../source/span.ts';
import type { ScalarNode } from './document-node.ts';

/**
 * A YAML scalar with the places of its characters: plain and quoted ones that the file spells out, block literals line by
 * line. What folding or escapes made has no place.
 *
 * @returns `undefined` for a scalar that stands for nothing: blank, `~`, `null`.
 */
export function traceScalar(scalar: Scalar, text: string, lineOf: (offset: number) => number): ScalarNode | undefined {
  const value = typeof scalar.value === 'string' ? scalar.value : String(scalar.value ?? '');
  const [start, end] = scalar.range ?? [0, 0];
  const isQuoted = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE';
  if (!isQuoted && (value === '' || value === '~' || /^(?:null|Null|NULL)$/.test(value))) return undefined;
  const inner: Span = isQuoted ? { start: start + 1, end: Math.max(end - 1, start + 1) } : { start, end };
  if (scalar.type === 'BLOCK_LITERAL') return traceBlock(value, { start, end }, text, lineOf);
  const isSpelled = text.slice(inner.start, inner.end) === value;
  const traced =
    isSpelled && value !== '' ? { text: value, pieces: [{ text: value, span: inner }] } : untracedText(value);
  return { kind: 'scalar', traced, span: inner, line: lineOf(inner.start) };
}

/** Each line of the value stands in the next line of the source behind the indentation, and so does its line feed. */
function traceBlock(value: string, span: Span, text: string, lineOf: (offset: number) => number): ScalarNode {
  const builder = new TracedTextBuilder();
  let at = text.indexOf('\n', span.start) + 1;
  const first = at;
  for (let from = 0; from < value.length; ) {
    const feed = value.indexOf('\n', from);
    const content = value.slice(from, feed < 0 ? value.length : feed);
    const lineEnd = endOfLine(text, at);
    const start = text[lineEnd - 1] === '\r' ? lineEnd - 1 - content.length : lineEnd - content.length;
    const isSpelled = start >= at && text.startsWith(content, start);
    builder.add({ text: content, span: isSpelled ? { start, end: start + content.length } : undefined });
    if (feed >= 0)
      builder.add({ text: '\n', span: lineEnd < text.length ? { start: lineEnd, end: lineEnd + 1 } : undefined });
    from += content.length + 1;
    at = lineEnd + 1;
  }
  return {
    kind: 'scalar',
    traced: builder.build(),
    span: { start: first, end: Math.max(first, span.end) },
    line: lineOf(first),
  };
}

function endOfLine(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  return feed < 0 ? text.length : feed;
}
