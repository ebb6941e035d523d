import { type DocumentNode, entriesOf, itemsOf, nodeAt, type ScalarNode } from './document-node.ts';
import { expandPlaceholders } from './expand-placeholders.ts';
import type { Expansion } from './expansion.ts';

/** The values that the file lists for each key of a matrix. */
export type Matrix = ReadonlyMap<string, readonly DocumentNode[]>;

/** An image written in one word, or one that a matrix value spells. */
export type MatrixImage = { readonly scalar: ScalarNode; readonly expansion: Expansion };

/** GitHub runs at most 256 jobs of a matrix. */
const maxCombinations = 256;

export function matrixOf(node: DocumentNode | undefined): Matrix {
  const values = new Map<string, readonly DocumentNode[]>();
  for (const [key, value] of entriesOf(node)) {
    if (key !== 'include' && key !== 'exclude' && value.kind === 'list') values.set(key, value.items);
  }
  for (const extra of itemsOf(nodeAt(node, 'include'))) {
    for (const [key, value] of entriesOf(extra))
      values.set(key, [...(values.get(key) ?? []), value].slice(0, maxCombinations));
  }
  return values;
}

/**
 * The images that a word names over all values of the matrix: every combination of the keys it mentions, one use per
 * distinct text. A word that is nothing but a matrix value which is a map names that map's `image`.
 */
export function imagesOf(scalar: ScalarNode, matrix: Matrix): readonly MatrixImage[] {
  const whole = wholeExpression(scalar.traced.text);
  const values = whole === undefined ? [] : valuesOf(whole, matrix);
  if (values.some(({ kind }) => kind === 'map')) {
    return values.flatMap((value) => {
      const image = value.kind === 'map' ? nodeAt(value, 'image') : value;
      return image?.kind === 'scalar' ? [expand(image, new Map())] : [];
    });
  }
  const expressions = new Set<string>();
  expand(scalar, new Map(), expressions);
  return combinations([...expressions], matrix).map((chosen) => expand(scalar, chosen));
}

function expand(scalar: ScalarNode, chosen: ReadonlyMap<string, ScalarNode>, seen?: Set<string>): MatrixImage {
  const expansion = expandPlaceholders(scalar.traced, {
    open: '${{',
    close: '}}',
    resolve(expression) {
      seen?.add(expression);
      return chosen.get(expression)?.traced;
    },
  });
  return { scalar, expansion };
}

function combinations(expressions: readonly string[], matrix: Matrix): readonly ReadonlyMap<string, ScalarNode>[] {
  let chosen: readonly ReadonlyMap<string, ScalarNode>[] = [new Map()];
  for (const expression of expressions) {
    const values = valuesOf(expression, matrix).filter((value) => value.kind === 'scalar');
    if (values.length === 0 || chosen.length * values.length > maxCombinations) continue;
    chosen = chosen.flatMap((before) => values.map((value) => new Map([...before, [expression, value] as const])));
  }
  return chosen;
}

/** The listed values of `matrix.KEY` or `matrix.KEY.FIELD`; empty for every other expression. */
function valuesOf(expression: string, matrix: Matrix): readonly DocumentNode[] {
  const [context, key = '', ...fields] = expression.split('.');
  if (context !== 'matrix') return [];
  return (matrix.get(key) ?? []).flatMap((value) => {
    const found = nodeAt(value, ...fields);
    return found === undefined ? [] : [found];
  });
}

function wholeExpression(text: string): string | undefined {
  const bare = text.trim();
  if (!bare.startsWith('${{') || bare.indexOf('}}') !== bare.length - 2) return undefined;
  return bare.slice(3, -2).trim();
}
