import { isAlias, isMap, isNode, isSeq, type Node, parseDocument, visit } from 'yaml';
import { indexLines } from '../source/lines.ts';

/** `isWhole`: they say all of it. Not so where a YAML alias takes words from elsewhere in the file, which change without them. */
export type WaiverLines = { readonly from: number; readonly to: number; readonly isWhole: boolean };

/**
 * The lines of a policy file that one waiver takes, however it is indented; with it those that stand on the same line. Blank lines and comments
 * at its end are none of it.
 *
 * @param line 1-based, where it begins.
 */
export function waiverLines(text: string, line: number): WaiverLines {
  return allWaiverLines(text).find(({ from }) => from === line) ?? { from: line, to: line, isWhole: false };
}

/** Whether a policy file has a waiver of exactly these lines: none more at its end, and not as words of something else. */
export function hasWaiverLines(text: string, waiver: readonly string[]): boolean {
  const lines = text.split('\n');
  const words = waiver.join('\n');
  return allWaiverLines(text).some(({ from, to }) => lines.slice(from - 1, to).join('\n') === words);
}

function allWaiverLines(text: string): readonly WaiverLines[] {
  const { lineAt } = indexLines(text);
  const { contents } = parseDocument(text, { prettyErrors: false });
  const waivers = isMap(contents) ? contents.get('waivers', true) : undefined;
  const placed = (isSeq(waivers) ? waivers.items.filter(isNode) : []).map((item) => {
    const [start = 0, end = 0] = item.range ?? [];
    return { item, from: lineAt(start), to: lineAt(start + text.slice(start, end).trimEnd().length) };
  });
  return [...Map.groupBy(placed, ({ from }) => from)].map(([from, own]) => ({
    from,
    to: Math.max(...own.map(({ to }) => to)),
    isWhole: !own.some(({ item }) => hasAlias(item)),
  }));
}

function hasAlias(item: Node): boolean {
  let found = isAlias(item);
  visit(item, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
