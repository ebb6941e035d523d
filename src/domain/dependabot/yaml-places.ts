import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** A mapping with the place of everything in it. */
export type PlacedMap = YAMLMap<Node, Node | null>;

/** The mapping that a text is; `undefined` for broken YAML and for what is no block mapping. */
export function openBlockMap(text: string): PlacedMap | undefined {
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      keepSourceTokens: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    return document.errors.length === 0 ? asBlockMap(document.contents) : undefined;
  } catch (error) {
    // The parser recurses: hostile depth exhausts the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function asBlockMap(node: unknown): PlacedMap | undefined {
  return isMap<Node, Node | null>(node) && node.flow !== true ? node : undefined;
}

/** In block or flow style. */
export function asMap(node: unknown): PlacedMap | undefined {
  return isMap<Node, Node | null>(node) ? node : undefined;
}

/** In block or flow style. */
export function asList(node: unknown): YAMLSeq | undefined {
  return isSeq(node) ? node : undefined;
}

/** The pair of a key. Merged ones stand elsewhere and are not found. */
export function findPair(map: PlacedMap, key: string): Pair<Node, Node | null> | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** The scalar of a key, where it stands on one line. */
export function findScalar(map: PlacedMap, key: string): Scalar | undefined {
  const value = findPair(map, key)?.value;
  return isScalar(value) && value.type?.startsWith('BLOCK') !== true && value.range != null ? value : undefined;
}

export function startOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Where the last character of a node stands that is neither blank nor comment, plus one. */
export function contentEnd(node: unknown, text: string): number {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    const value = last === undefined ? 0 : contentEnd(last.value, text);
    return Math.max(value, contentEnd(last?.key, text));
  }
  if (isSeq(node) && node.flow !== true) return contentEnd(node.items.at(-1), text);
  const [start, end] = isScalar(node) || isMap(node) || isSeq(node) ? (node.range ?? [0, 0]) : aliasRange(node);
  return start + text.slice(start, end).trimEnd().length;
}

function aliasRange(node: unknown): readonly [number, number] {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return [0, 0];
  return [Number(node.range[0]), Number(node.range[1])];
}

/** Where the dash of an item of a block list stands. */
export function dashOf(list: YAMLSeq, at: number): number | undefined {
  const token = list.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  return token.items[at]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Before the line end that follows. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed < 0) return text.length;
  return text.charAt(feed - 1) === '\r' && feed > offset ? feed - 1 : feed;
}

/** Behind the line end that follows. */
export function nextLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

/** How far a place is from the start of its line; a byte-order mark is no column. */
export function columnOf(text: string, offset: number): number {
  return text.slice(lineStart(text, offset), offset).replace('\ufeff', '').length;
}
