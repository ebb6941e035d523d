import {
  type DocumentNode,
  entriesOf,
  itemsOf,
  type MapNode,
  nodeAt,
  scalarAt,
  textAt,
} from '../documents/document-node.ts';
import { parseYaml } from '../documents/parse-yaml.ts';
import type { Parsed } from '../source/problem.ts';
import type { DependabotEntry, DependabotFile, Line } from './dependabot-file.ts';

/** Broken YAML, and what is no mapping, gives `undefined` and says so with its line. */
export function readDependabotFile(text: string): Parsed<DependabotFile | undefined> {
  const { value: documents, problems } = parseYaml(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { value: undefined, problems };
  const root = documents[0];
  if (documents.length > 1) return refused('it holds several YAML documents, GitHub reads one', 1);
  if (root !== undefined && root.kind !== 'map' && root.kind !== 'empty')
    return refused('it is no mapping: it begins with version: 2 and updates:', root.line);
  const updates = nodeAt(root, 'updates');
  if (updates !== undefined && updates.kind !== 'list') return refused('updates is no list of entries', updates.line);
  const entries = itemsOf(updates).map(readEntry);
  return { value: { version: lineAt(root, 'version'), keys: keysOf(root), entries }, problems };
}

function readEntry(node: DocumentNode, index: number): DependabotEntry {
  const schedule = nodeAt(node, 'schedule');
  const directories = nodeAt(node, 'directories');
  return {
    index,
    line: node.line,
    keys: keysOf(node),
    ecosystem: textAt(node, 'package-ecosystem'),
    directory: lineAt(node, 'directory'),
    directories: directories === undefined ? undefined : itemsOf(directories).flatMap(asLine),
    interval: schedule && (lineAt(schedule, 'interval') ?? { text: '', line: schedule.line }),
    hasCronjob: nodeAt(schedule, 'cronjob') !== undefined,
    labels: itemsOf(nodeAt(node, 'labels'))
      .flatMap(asLine)
      .map(({ text }) => text),
    isOff: textAt(node, 'open-pull-requests-limit') === '0',
    targetBranch: textAt(node, 'target-branch'),
    isGrouped: nodeAt(node, 'multi-ecosystem-group') !== undefined,
  };
}

function keysOf(node: DocumentNode | MapNode | undefined): readonly Line[] {
  return entriesOf(node).map(([text, , line]) => ({ text, line }));
}

function lineAt(node: DocumentNode | undefined, key: string): Line | undefined {
  const scalar = scalarAt(node, key);
  return scalar && { text: scalar.traced.text, line: scalar.line };
}

function asLine(node: DocumentNode): readonly Line[] {
  return node.kind === 'scalar' ? [{ text: node.traced.text, line: node.line }] : [];
}

function refused(message: string, line: number): Parsed<undefined> {
  return { value: undefined, problems: [{ code: 'invalid-dependabot-file', severity: 'error', message, line }] };
}
