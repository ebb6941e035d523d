import type { YAMLSeq } from 'yaml';
import { applyEdits, type Edit } from '../dockerfile/edit.ts';
import { parseYaml } from '../documents/parse-yaml.ts';
import type { DependabotChange } from './dependabot-finding.ts';
import { normalDirectory } from './directory-glob.ts';
import { appendItems, insert, remove, removeItem } from './edit-list.ts';
import { dependabotText, entryLines, type NewEntry, quote, switchedOffLine } from './entry-text.ts';
import type { DependabotSettings } from './judge-dependabot.ts';
import {
  asBlockMap,
  asList,
  asMap,
  columnOf,
  contentEnd,
  dashOf,
  findPair,
  findScalar,
  lineEnd,
  lineStart,
  nextLine,
  openBlockMap,
  type PlacedMap,
  startOf,
} from './yaml-places.ts';

export type EditedDependabot = {
  readonly text: string;
  /** Changes that the form of the file does not let a program make: they are left to people. */
  readonly left: readonly DependabotChange[];
};

/** Each change reads the file anew: of a large one only some are made in a run. A megabyte takes about two seconds. */
const maxRead = 4 * 1024 * 1024;

/** Makes changes one after the other. Comments, order, quotes and line ends stay, and all that no change is about stays as it is. */
export function editDependabot(
  text: string | undefined,
  changes: readonly DependabotChange[],
  settings: DependabotSettings,
): EditedDependabot {
  if (text === undefined || isBlank(text)) return { text: fileText(text ?? '', changes, settings), left: [] };
  const leaving = new Set(changes.flatMap((change) => (change.kind === 'remove-entry' ? [change.entry] : [])));
  let current = text;
  const left: DependabotChange[] = [];
  let read = 0;
  for (const change of inOrder(changes)) {
    read += current.length;
    const edit = read <= maxRead ? editFor(current, change, { settings, leaving }) : undefined;
    const next = edit && applyEdits(current, [edit]);
    const isRead = next !== undefined && parseYaml(next).problems.every(({ severity }) => severity !== 'error');
    if (isRead) current = next;
    else left.push(change);
  }
  return { text: current, left };
}

/** Nothing but comments. */
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\ufeff?\s*(?:#|$)/.test(line));
}

/** A whole file, behind the comments that stand there. */
function fileText(comments: string, changes: readonly DependabotChange[], settings: DependabotSettings): string {
  const entries = changes.filter((change) => change.kind === 'add-directories');
  if (entries.length === 0) return comments;
  const eol = eolOf(comments);
  const between = comments === '' || comments.endsWith('\n') ? '' : eol;
  return `${comments}${between}${dependabotText(entries, settings).replaceAll('\n', eol)}`;
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Entries go last, the later ones first: what other changes say of their places stays true. */
function inOrder(changes: readonly DependabotChange[]): readonly DependabotChange[] {
  const rank = (change: DependabotChange) => (change.kind === 'remove-entry' ? 1 : 0);
  const place = (change: DependabotChange) => (change.kind === 'remove-entry' ? -change.entry : 0);
  const once = [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
  return once.toSorted((a, b) => rank(a) - rank(b) || place(a) - place(b));
}

/** `leaving`: entries that go, and take nothing more. */
type EditContext = { readonly settings: DependabotSettings; readonly leaving: ReadonlySet<number> };

function editFor(text: string, change: DependabotChange, { settings, leaving }: EditContext): Edit | undefined {
  const eol = eolOf(text);
  const root = openBlockMap(text);
  if (root === undefined) return undefined;
  if (change.kind === 'set-version') {
    return insert(startOf(root.items[0]?.key), `version: 2${eol}`);
  }
  const pair = findPair(root, 'updates');
  const updates = asList(pair?.value);
  if (change.kind === 'add-directories') {
    const lines = (indent: number) =>
      entryLines(change, settings)
        .map((line) => `${eol}${' '.repeat(indent)}${line}`)
        .join('');
    if (pair === undefined) return insert(lineEnd(text, contentEnd(root, text)), `${eol}updates:${lines(2)}`);
    if (updates === undefined || updates.items.length === 0) return firstEntry(text, pair.key, updates, lines(2));
    return (
      extendEntry(text, updates, change, { eol, leaving, isOff: settings.addsSwitchedOff === true }) ??
      lastEntry(text, updates, lines)
    );
  }
  const entry = asBlockMap(updates?.items[change.entry]);
  if (updates === undefined || entry === undefined) return undefined;
  switch (change.kind) {
    case 'remove-entry':
      return removeEntry(text, updates, change.entry);
    case 'remove-key':
      return removeKey(text, entry, change.key);
    case 'remove-directory': {
      const list = asList(findPair(entry, 'directories')?.value);
      const at = (list?.items ?? []).findIndex((item) => scalarText(item) === change.directory);
      return list && removeItem(text, list, at);
    }
    case 'set-interval': {
      const schedule = asMap(findPair(entry, 'schedule')?.value);
      const interval = schedule && findScalar(schedule, 'interval');
      return interval?.range == null ? undefined : replaceWithin(text, interval.range, change.interval);
    }
    case 'add-labels':
      return addLabels(text, entry, change.labels, eol);
    case 'switch-off':
      return switchOff(text, entry, eol);
  }
}

function scalarText(item: unknown): string | undefined {
  const value = typeof item === 'object' && item !== null && 'value' in item ? item.value : undefined;
  return typeof value === 'string' ? normalDirectory(value) : undefined;
}

/** Into `updates:` with nothing, or with `[]`, behind it. */
function firstEntry(text: string, key: unknown, updates: YAMLSeq | undefined, lines: string): Edit | undefined {
  if (updates?.range != null) {
    const [start, end] = updates.range;
    // The blank before `[]` would stay at the end of the line.
    const blank = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
    return { span: { start: start - blank, end }, text: lines };
  }
  const at = contentEnd(key, text);
  return insert(at + (/^[ \t]*:/.exec(text.slice(at))?.[0].length ?? 0), lines);
}

/** An entry of the same kind, live or switched off as the new one would be, that lists directories takes further ones. */
function extendEntry(
  text: string,
  updates: YAMLSeq,
  { ecosystem, directories }: NewEntry,
  { eol, leaving, isOff }: { readonly eol: string; readonly leaving: ReadonlySet<number>; readonly isOff: boolean },
): Edit | undefined {
  for (const [at, item] of updates.items.entries()) {
    const entry = asBlockMap(item);
    if (leaving.has(at) || entry === undefined || findScalar(entry, 'package-ecosystem')?.value !== ecosystem) continue;
    const isOther = ['directory', 'target-branch'].some((key) => findPair(entry, key) !== undefined);
    const isAlike = (findScalar(entry, 'open-pull-requests-limit')?.value === '0') === isOff;
    const list = asList(findPair(entry, 'directories')?.value);
    if (!isOther && isAlike && list !== undefined) return appendItems(text, list, directories, eol);
  }
  return undefined;
}

function lastEntry(text: string, updates: YAMLSeq, lines: (indent: number) => string): Edit | undefined {
  const dash = dashOf(updates, updates.items.length - 1);
  if (dash === undefined) return undefined;
  return insert(entryEnd(text, updates, updates.items.length - 1, dash), lines(columnOf(text, dash)));
}

/** Before the line end of the last line that belongs to an entry: comments that are indented deeper than its dash do. */
function entryEnd(text: string, updates: YAMLSeq, at: number, dash: number): number {
  let end = lineEnd(text, Math.max(contentEnd(updates.items[at], text), dash + 1));
  for (let from = nextLine(text, end); from < text.length; from = nextLine(text, from)) {
    const line = text.slice(from, lineEnd(text, from));
    const indent = line.search(/\S/);
    if (indent >= 0 && (line.charAt(indent) !== '#' || indent <= columnOf(text, dash))) break;
    if (indent >= 0) end = lineEnd(text, from);
  }
  return end;
}

function removeEntry(text: string, updates: YAMLSeq, at: number): Edit | undefined {
  const dash = dashOf(updates, at);
  if (dash === undefined || updates.items.length < 2) return undefined;
  return remove(lineStart(text, dash), nextLine(text, entryEnd(text, updates, at, dash)));
}

function removeKey(text: string, entry: PlacedMap, key: string): Edit | undefined {
  const pair = findPair(entry, key);
  if (pair === undefined || entry.items.length < 2) return undefined;
  const start = startOf(pair.key);
  const from = lineStart(text, start);
  const end = nextLine(text, Math.max(contentEnd(pair.value, text), contentEnd(pair.key, text)));
  if (text.slice(from, start).trim() === '') return remove(from, end);
  // It stands behind the dash: the next key takes its place.
  const next = startOf(entry.items[entry.items.indexOf(pair) + 1]?.key);
  return text.slice(start, next).includes('#') ? undefined : remove(start, next);
}

/** Between the quotes, if there are some. */
function replaceWithin(text: string, [start, end]: readonly [number, number, number], value: string): Edit {
  const isQuoted = text.charAt(start) === '"' || text.charAt(start) === "'";
  return { span: isQuoted ? { start: start + 1, end: end - 1 } : { start, end }, text: value };
}

function addLabels(text: string, entry: PlacedMap, labels: readonly string[], eol: string): Edit | undefined {
  const pair = findPair(entry, 'labels');
  if (pair === undefined)
    return appendKey(text, entry, ['labels:', ...labels.map((label) => `  - ${quote(label)}`)], eol);
  const list = asList(pair.value);
  return list && appendItems(text, list, labels, eol);
}

function switchOff(text: string, entry: PlacedMap, eol: string): Edit | undefined {
  const key = 'open-pull-requests-limit';
  if (findPair(entry, key) === undefined) return appendKey(text, entry, [switchedOffLine], eol);
  const limit = findScalar(entry, key);
  if (limit?.range == null) return undefined;
  const [start, end] = limit.range;
  const hasRest = text.slice(end, lineEnd(text, end)).trim() !== '';
  return { span: { start, end }, text: hasRest ? '0' : switchedOffLine.slice(`${key}: `.length) };
}

function appendKey(text: string, map: PlacedMap, lines: readonly string[], eol: string): Edit {
  const indent = ' '.repeat(columnOf(text, startOf(map.items[0]?.key)));
  return insert(lineEnd(text, contentEnd(map, text)), lines.map((line) => `${eol}${indent}${line}`).join(''));
}
