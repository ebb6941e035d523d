import { type TracedText, TracedTextBuilder } from './traced-text.ts';

/**
 * One instruction's text with its continuations glued and the comments inside it dropped, and where each of its
 * characters stands in the file.
 */
export type LogicalLine = {
  readonly text: string;
  /** 1-based, of the physical line that the instruction begins on. */
  readonly line: number;
  /** 1-based, of the last physical line, heredocs left out. */
  readonly endLine: number;
  /** Runs that stand in one stretch in the file, in order; `at` is the run's offset in `text`, `start` that in the file. */
  readonly runs: readonly { readonly at: number; readonly start: number; readonly line: number }[];
};

/** Offset in the file of the character at `index`; for `text.length` the end of the last character. */
export function fileOffset(logical: LogicalLine, index: number): number {
  const run = runAt(logical, index);
  return run.start + index - run.at;
}

/** Offset in the file just behind the characters before `index`: the end of a range that ends there. */
export function fileEndOffset(logical: LogicalLine, index: number): number {
  return index === 0 ? fileOffset(logical, 0) : fileOffset(logical, index - 1) + 1;
}

/** 1-based line of the character at `index`. */
export function fileLine(logical: LogicalLine, index: number): number {
  return runAt(logical, index).line;
}

/** The characters `start` to `end` with their places. */
export function traceLine(logical: LogicalLine, start: number, end: number): TracedText {
  const builder = new TracedTextBuilder();
  for (let at = start, index = runIndex(logical, start); at < end; index++) {
    const next = logical.runs[index + 1]?.at ?? logical.text.length;
    const to = Math.min(end, next);
    if (to > at) {
      const from = fileOffset(logical, at);
      builder.add({ text: logical.text.slice(at, to), span: { start: from, end: from + to - at } });
    }
    at = to;
  }
  return builder.build();
}

function runAt(logical: LogicalLine, index: number): LogicalLine['runs'][number] {
  // A logical line has at least one run: the scanner makes no line without text.
  return logical.runs[runIndex(logical, index)] ?? { at: 0, start: 0, line: logical.line };
}

function runIndex(logical: LogicalLine, index: number): number {
  let low = 0;
  let high = logical.runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((logical.runs[middle]?.at ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}
