import type { TracedText } from '../dockerfile/traced-text.ts';
import type { Span } from '../source/span.ts';

/**
 * A value of a YAML or JSON document, aliases and merge keys resolved, with where it stands. Values that an alias repeats
 * are the same object.
 */
export type DocumentNode = ScalarNode | MapNode | ListNode | EmptyNode;

export type ScalarNode = {
  readonly kind: 'scalar';
  /** The text as the document means it (escapes resolved), each character with its place where the file spells it. */
  readonly traced: TracedText;
  /** Covers the characters in the file, quotes left out. */
  readonly span: Span;
  /** 1-based. */
  readonly line: number;
};

export type MapNode = {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly line: number;
};

export type Entry = { readonly value: DocumentNode; readonly line: number };

export type ListNode = { readonly kind: 'list'; readonly items: readonly DocumentNode[]; readonly line: number };

/** Nothing written, `null`, or a value that only its tool can tell (`!reference`). */
export type EmptyNode = { readonly kind: 'empty'; readonly line: number };

/** The value under `key`, or under a path of keys; `undefined` where one is missing, empty, or its parent no map. */
export function nodeAt(node: DocumentNode | undefined, ...path: readonly string[]): DocumentNode | undefined {
  let current = node;
  for (const key of path) current = current?.kind === 'map' ? current.entries.get(key)?.value : undefined;
  return current?.kind === 'empty' ? undefined : current;
}

export function scalarAt(node: DocumentNode | undefined, ...path: readonly string[]): ScalarNode | undefined {
  const found = nodeAt(node, ...path);
  return found?.kind === 'scalar' ? found : undefined;
}

export function mapAt(node: DocumentNode | undefined, ...path: readonly string[]): MapNode | undefined {
  const found = nodeAt(node, ...path);
  return found?.kind === 'map' ? found : undefined;
}

export function textAt(node: DocumentNode | undefined, ...path: readonly string[]): string | undefined {
  return scalarAt(node, ...path)?.traced.text;
}

/** The items of a list; a lone value counts as a list of one. */
export function itemsOf(node: DocumentNode | undefined): readonly DocumentNode[] {
  if (node === undefined || node.kind === 'empty') return [];
  return node.kind === 'list' ? node.items : [node];
}

/** Key and value of a map in file order; empty for anything else. */
export function entriesOf(node: DocumentNode | undefined): readonly (readonly [string, DocumentNode, number])[] {
  if (node?.kind !== 'map') return [];
  return [...node.entries].map(([key, { value, line }]) => [key, value, line] as const);
}
