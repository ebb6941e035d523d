import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type YAMLMap } from 'yaml';
import { indexLines } from '../source/lines.ts';
import type { Parsed, Problem } from '../source/problem.ts';
import type { DocumentNode, EmptyNode, Entry } from './document-node.ts';
import { traceScalar } from './trace-scalar.ts';

/** Documents beyond this are refused: the parser takes about a second per megabyte. */
const maxLength = 2 * 1024 * 1024;
/** Values counted after aliases are followed. A document without aliases has fewer than characters. */
const maxValues = 500_000;
const maxDepth = 100;

/**
 * Reads every document of a YAML text, scalars as text whatever they look like. A document that YAML refuses is one problem
 * of severity error, and the others are still read. Repeated keys are a warning (the last one counts), as people's files
 * have them. Size, depth and what aliases multiply to are bounded.
 */
export function parseYaml(text: string): Parsed<readonly DocumentNode[]> {
  if (text.length > maxLength)
    return refused('document-too-large', `the document is larger than ${maxLength / 1024} KiB, split it`, 0);
  try {
    const parsed = parseAllDocuments(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    // An empty text gives an empty array with properties of its own.
    return convertAll([...parsed], text);
  } catch (error) {
    // The parser recurses: hostile depth exhausts the stack.
    if (error instanceof RangeError) return tooDeep(0);
    throw error;
  }
}

function convertAll(parsed: readonly Document.Parsed[], text: string): Parsed<readonly DocumentNode[]> {
  const lineOf = indexLines(text).lineAt;
  const problems: Problem[] = [];
  const nodes: DocumentNode[] = [];
  for (const document of parsed) {
    const [error] = document.errors;
    if (error !== undefined) {
      const message = `the YAML is broken: ${firstSentence(error.message)}; correct it, nothing of this document is read`;
      problems.push({ code: 'invalid-yaml', severity: 'error', message, line: lineOf(error.pos[0]) });
      continue;
    }
    const converter = new Converter(text, lineOf);
    const node = converter.convert(document.contents ?? undefined, 0);
    problems.push(...converter.problems);
    if (converter.refusal !== undefined) problems.push(converter.refusal);
    else nodes.push(node);
  }
  return { value: nodes, problems };
}

class Converter {
  readonly problems: Problem[] = [];
  refusal: Problem | undefined;
  readonly #text: string;
  readonly #lineOf: (offset: number) => number;
  readonly #anchors = new Map<string, { readonly node: DocumentNode; readonly size: number }>();
  #count = 0;

  constructor(text: string, lineOf: (offset: number) => number) {
    this.#text = text;
    this.#lineOf = lineOf;
  }

  convert(node: Node | undefined, depth: number): DocumentNode {
    const line = this.#lineOf(node?.range?.[0] ?? 0);
    if (this.#isSpent(1, line, depth)) return { kind: 'empty', line };
    if (node === undefined) return { kind: 'empty', line };
    if (isAlias(node)) return this.#follow(node.source, line);
    const before = this.#count;
    const converted = this.#convertOwn(node, line, depth);
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (typeof anchor === 'string') this.#anchors.set(anchor, { node: converted, size: this.#count - before + 1 });
    return converted;
  }

  #convertOwn(node: Node, line: number, depth: number): DocumentNode {
    if (isMap(node)) return this.#convertMap(node, line, depth);
    if (isSeq(node)) {
      // `!reference [.job, image]`: GitLab alone knows what stands there.
      if (node.tag === '!reference') return { kind: 'empty', line };
      return { kind: 'list', items: node.items.map((item) => this.convert(asNode(item), depth + 1)), line };
    }
    return isScalar(node) ? (traceScalar(node, this.#text, this.#lineOf) ?? empty(line)) : empty(line);
  }

  #convertMap(map: YAMLMap, line: number, depth: number): DocumentNode {
    const entries = new Map<string, Entry>();
    const merged: DocumentNode[] = [];
    for (const pair of map.items) {
      const keyNode = asNode(pair.key);
      const value = this.convert(asNode(pair.value), depth + 1);
      if (keyNode === undefined || !isScalar(keyNode)) continue;
      const key = String(keyNode.value);
      const keyLine = this.#lineOf(keyNode.range?.[0] ?? 0);
      if (key === '<<') merged.push(...(value.kind === 'list' ? value.items : [value]));
      else {
        if (entries.has(key)) this.#warn(key, keyLine);
        entries.set(key, { value, line: keyLine });
      }
    }
    for (const source of merged) {
      if (source.kind !== 'map' || this.#isSpent(source.entries.size, line, depth)) continue;
      for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
    }
    return { kind: 'map', entries, line };
  }

  /** An alias to what encloses it, or to nothing, stands for nothing: the anchor is known only once its value is read. */
  #follow(anchor: string, line: number): DocumentNode {
    const found = this.#anchors.get(anchor);
    return found === undefined || this.#isSpent(found.size, line, 0) ? empty(line) : found.node;
  }

  #isSpent(values: number, line: number, depth: number): boolean {
    this.#count += values;
    if (depth > maxDepth) this.refusal ??= tooDeep(line).problems[0];
    if (this.#count > maxValues) {
      const message = `aliases multiply the document to more than ${maxValues} values, write it with fewer`;
      this.refusal ??= { code: 'too-many-aliases', severity: 'error', message, line };
    }
    return this.refusal !== undefined;
  }

  #warn(key: string, line: number): void {
    if (this.problems.length >= 20) return;
    const message = `the key ${JSON.stringify(key.slice(0, 80))} is written twice, the last one counts; remove one`;
    this.problems.push({ code: 'duplicate-key', severity: 'warning', message, line });
  }
}

/** The library types keys and values as anything; parsed documents hold nodes or null. */
function asNode(value: unknown): Node | undefined {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : undefined;
}

function empty(line: number): EmptyNode {
  return { kind: 'empty', line };
}

function firstSentence(message: string): string {
  const line = message.split('\n', 1)[0] ?? '';
  return line.slice(0, 160).replace(/[.:]$/, '');
}

function tooDeep(line: number): Parsed<readonly DocumentNode[]> {
  return refused('document-too-deep', `values are nested deeper than ${maxDepth} levels, flatten them`, line);
}

function refused(code: string, message: string, line: number): Parsed<readonly DocumentNode[]> {
  return { value: [], problems: [{ code, severity: 'error', message, line }] };
}
