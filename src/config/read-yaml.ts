import { closest } from 'fastest-levenshtein';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** Something wrong in a settings file. `line` is 1-based; 0 when the whole file is meant. */
export type FileProblem = { readonly file: string; readonly line: number; readonly message: string };

/** A settings file with the place of everything in it. */
export type ReadFile<T> = {
  readonly name: string;
  readonly content: T;
  readonly lineOf: (path: readonly PropertyKey[]) => number;
};

export type FileReading<T> =
  | { readonly kind: 'file'; readonly file: ReadFile<T> }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

/** What a file has to look like. */
export type FileForm<T> = {
  /** In messages about the whole of it: `the policy file`. */
  readonly what: string;
  readonly schema: z.ZodType<T>;
  /** The schema's JSON Schema, asked for only where a key is not known. */
  readonly jsonSchema: () => unknown;
};

/** Text → settings, or every problem in it with its line. */
export function readYaml<T>(text: string, name: string, form: FileForm<T>): FileReading<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      file: name,
      line: lines.linePos(error.pos[0]).line,
      message: `is not valid YAML: ${firstLine(error.message)}`,
    }));
    return { kind: 'problems', problems };
  }
  const lineOf = (path: readonly PropertyKey[]) => lineOfPath(document, lines, path);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch {
    return { kind: 'problems', problems: [{ file: name, line: 1, message: 'uses too many YAML aliases' }] };
  }
  const parsed = form.schema.safeParse(value ?? {});
  if (parsed.success) return { kind: 'file', file: { name, content: parsed.data, lineOf } };
  const at: Place = { file: name, lineOf, what: form.what, jsonSchema: form.jsonSchema };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], at));
  return { kind: 'problems', problems };
}

type Place = {
  readonly file: string;
  readonly lineOf: (path: readonly PropertyKey[]) => number;
  readonly what: string;
  readonly jsonSchema: () => unknown;
};

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, prefix: readonly PropertyKey[], at: Place): readonly FileProblem[] {
  const { file, lineOf } = at;
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(at.jsonSchema, path);
    return issue.keys.map((key) => ({
      file,
      line: lineOf([...path, key]),
      message: `${label([...path, key], at.what)} is not known${nearest(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    // The branch that got furthest is the one that was meant.
    const branches = [...issue.errors].sort((a, b) => depth(b) - depth(a));
    const best = branches[0];
    if (best !== undefined && depth(best) > 0) return best.flatMap((inner) => problemsOf(inner, path, at));
    return [{ file, line: lineOf(path), message: `${label(path, at.what)} has the wrong type${expectedOf(issue)}` }];
  }
  return [{ file, line: lineOf(path), message: `${label(path, at.what)} ${wording(issue)}` }];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));
}

function wording(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.startsWith('must')) return issue.message;
      return issue.input === undefined && issue.message.includes('received undefined')
        ? 'is missing'
        : `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return issue.message.startsWith('must') ? issue.message : `must be one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message.startsWith('is ') || issue.message.startsWith('must ')
        ? issue.message
        : `is not accepted: ${issue.message}`;
  }
}

function expectedOf(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const values = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  return values.length === 0 ? '' : `: write one of ${values.join(', ')}`;
}

function article(expected: string): string {
  const words: Record<string, string> = {
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
    string: 'text',
    boolean: 'true or false',
    number: 'a number',
    int: 'a whole number',
  };
  return words[expected] ?? `of type ${expected}`;
}

/** The keys that the schema knows at a path; empty where any key is allowed. */
function knownKeys(jsonSchema: () => unknown, path: readonly PropertyKey[]): readonly string[] {
  let schemas: readonly unknown[] = [jsonSchema()];
  for (const step of path) {
    schemas = schemas.flatMap(branches).flatMap((schema) => {
      const next =
        typeof step === 'number'
          ? schema['items']
          : ((schema['properties'] as Record<string, unknown> | undefined)?.[String(step)] ??
            schema['additionalProperties']);
      return next === undefined ? [] : [next];
    });
  }
  return schemas.flatMap(branches).flatMap((schema) => Object.keys((schema['properties'] as object | undefined) ?? {}));
}

function branches(schema: unknown): readonly Record<string, unknown>[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const record = schema as Record<string, unknown>;
  const options = record['anyOf'];
  return Array.isArray(options) ? options.flatMap(branches) : [record];
}

function nearest(key: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  // A shortened word (`repos`) is further from the whole one than from many others.
  const longer = key.length < 3 ? undefined : known.find((candidate) => candidate.startsWith(key));
  return `; did you mean ${longer ?? closest(key, [...known])}?`;
}

function label(path: readonly PropertyKey[], what: string): string {
  return path.length === 0 ? what : path.map(String).join('.');
}

/** The line of the key at a path, or of the nearest thing around it that has one. */
function lineOfPath(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length - 1), true) ?? document.contents;
    const start = startOfChild(length === 1 ? document.contents : parent, path[length - 1]);
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}

function startOfChild(parent: unknown, key: PropertyKey | undefined): number | undefined {
  if (typeof parent !== 'object' || parent === null || !('items' in parent) || !Array.isArray(parent.items))
    return undefined;
  const item: unknown =
    typeof key === 'number'
      ? parent.items[key]
      : parent.items.find((pair: { key?: unknown }) => String(pair.key) === String(key));
  const node = typeof item === 'object' && item !== null && 'key' in item ? item.key : item;
  return isNode(node) ? (node.range?.[0] ?? undefined) : undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
