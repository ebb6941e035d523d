import { dirname, join } from 'node:path';
import type { Baseline } from '../domain/policy/baseline.ts';
import { isDate } from '../domain/policy/inline-ignore.ts';
import { readBounded } from './read-bounded.ts';

export const baselineFileName = 'basekeeper-baseline.json';

/** `path` is absolute. */
export type BaselineFile = { readonly path: string; readonly content: Baseline };

const maxBytes = 16 * 1024 * 1024;

/** The baseline beside a policy file; `undefined` when there is none. */
export async function readBaselineFile(
  policyPath: string,
): Promise<BaselineFile | { readonly path: string; readonly problem: string } | undefined> {
  const path = join(dirname(policyPath), baselineFileName);
  const read = await readBounded(path, maxBytes);
  if (read.kind === 'missing') return undefined;
  if (read.kind === 'refused') return { path, problem: read.reason };
  const content = parseBaseline(read.text);
  return content === undefined
    ? { path, problem: 'is no baseline: delete it and run basekeeper init --baseline' }
    : { path, content };
}

/** One entry a line, sorted: a reviewer sees what was paid off. */
export function formatBaseline({ since, entries }: Baseline): string {
  const lines = entries.map(({ path, image, rule, count }) => `    ${JSON.stringify({ path, image, rule, count })}`);
  return `{\n  "version": 1,\n  "since": ${JSON.stringify(since)},\n  "entries": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}

function parseBaseline(text: string): Baseline | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (
    !isRecord(value) ||
    value['version'] !== 1 ||
    typeof value['since'] !== 'string' ||
    !isDate(value['since']) ||
    !Array.isArray(value['entries'])
  )
    return undefined;
  const entries = value['entries'].flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const { path, image, rule, count } = entry;
    if (typeof path !== 'string' || typeof image !== 'string' || typeof rule !== 'string') return [];
    return typeof count === 'number' && Number.isInteger(count) && count > 0 ? [{ path, image, rule, count }] : [];
  });
  return entries.length === value['entries'].length ? { since: value['since'], entries } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
