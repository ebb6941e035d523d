import { isSpace, isWordSeparator, skipSpaces, trimSpacesEnd } from './character-class.ts';
import { fileEndOffset, fileOffset, type LogicalLine, traceLine } from './logical-line.ts';
import { type TracedText, TracedTextBuilder } from './traced-text.ts';

/** A range of a logical line's text. */
export type Range = { readonly start: number; readonly end: number };

/** `--name=value`; `value` has lost its quotes, `written` is the range of the value as it stands (quotes included). */
export type RawFlag = {
  readonly name: string;
  readonly value: string;
  readonly hasValue: boolean;
  readonly written: Range;
  readonly traced: TracedText;
};

/** An instruction cut into keyword, flags and the rest. `keyword` is upper case. */
export type SplitInstruction = {
  readonly keyword: string;
  readonly keywordRange: Range;
  readonly flags: readonly RawFlag[];
  readonly rest: Range;
};

const noFlags: readonly RawFlag[] = [];

/** Cuts the instruction that begins at `from` (behind `ONBUILD`, the inner one). */
export function splitInstruction(logical: LogicalLine, from: number): SplitInstruction {
  const { text } = logical;
  const start = skipSpaces(text, from, text.length);
  const end = trimSpacesEnd(text, start, text.length);
  let keywordEnd = start;
  while (keywordEnd < end && !isWordSeparator(text.charCodeAt(keywordEnd))) keywordEnd++;
  const keyword = text.slice(start, keywordEnd).toUpperCase();
  const restStart = skipSpaces(text, keywordEnd, end);
  const { flags, next } = text.startsWith('--', restStart)
    ? splitFlags(logical, restStart, end)
    : { flags: noFlags, next: restStart };
  return {
    keyword,
    keywordRange: { start, end: keywordEnd },
    flags,
    rest: { start: skipSpaces(text, next, end), end },
  };
}

/** The words of a range, separated by ASCII blanks. */
export function splitWords(text: string, range: Range): readonly Range[] {
  const words: Range[] = [];
  let index = range.start;
  while (index < range.end) {
    while (index < range.end && isWordSeparator(text.charCodeAt(index))) index++;
    const start = index;
    while (index < range.end && !isWordSeparator(text.charCodeAt(index))) index++;
    if (index > start) words.push({ start, end: index });
  }
  return words;
}

/** The words of an `ARG` or `ENV`: blanks inside quotes and behind the escape character do not separate. */
export function splitQuotedWords(text: string, range: Range, escapeCharacter: string): readonly Range[] {
  const words: Range[] = [];
  let start = -1;
  let quote = '';
  for (let index = range.start; index < range.end; index++) {
    const character = text.charAt(index);
    if (quote === '' && isSpace(text.charCodeAt(index))) {
      if (start >= 0) words.push({ start, end: index });
      start = -1;
      continue;
    }
    if (start < 0) start = index;
    if (character === escapeCharacter && quote !== "'") index++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
  }
  if (start >= 0) words.push({ start, end: range.end });
  return words;
}

/** Flags are the words that begin with `--`, up to the first other word or a bare `--`; `\` escapes, whatever `# escape=` says. */
function splitFlags(logical: LogicalLine, from: number, end: number): { flags: readonly RawFlag[]; next: number } {
  const { text } = logical;
  const flags: RawFlag[] = [];
  let index = from;
  while (text.startsWith('--', index) && index < end) {
    const runs: Range[] = [];
    const start = index;
    let quote = '';
    let runStart = index;
    const cut = (next: number): void => {
      if (index > runStart) runs.push({ start: runStart, end: index });
      runStart = next;
    };
    for (; index < end && (quote !== '' || !isSpace(text.charCodeAt(index))); index++) {
      const character = text.charAt(index);
      if (character === '\\') {
        cut(index + 1);
        index = Math.min(index + 1, end - 1);
      } else if (quote === '' ? character === '"' || character === "'" : character === quote) {
        quote = quote === '' ? character : '';
        cut(index + 1);
      }
    }
    cut(index);
    const flag = readFlag(logical, { start, end: index }, runs);
    index = skipSpaces(text, index, end);
    if (flag === undefined) return { flags, next: index };
    flags.push(flag);
  }
  return { flags, next: index };
}

function readFlag(logical: LogicalLine, word: Range, runs: readonly Range[]): RawFlag | undefined {
  const text = runs.map((run) => logical.text.slice(run.start, run.end)).join('');
  if (text === '--') return undefined;
  const equals = text.indexOf('=');
  const hasValue = equals >= 0;
  const value = new TracedTextBuilder();
  let seen = 0;
  let writtenStart = word.end;
  for (const run of runs) {
    const length = run.end - run.start;
    if (hasValue && seen <= equals && equals < seen + length) writtenStart = run.start + equals - seen + 1;
    const skip = Math.max(equals + 1 - seen, 0);
    if (hasValue && skip < length) value.addText(traceLine(logical, run.start + skip, run.end));
    seen += length;
  }
  const traced = value.build();
  return {
    name: text.slice(2, hasValue ? equals : undefined),
    value: traced.text,
    hasValue,
    written: { start: writtenStart, end: word.end },
    traced,
  };
}

/** The stretch of the file under a range. */
export function rangeSpan(logical: LogicalLine, range: Range): { readonly start: number; readonly end: number } {
  const start = fileOffset(logical, range.start);
  return { start, end: range.end === range.start ? start : fileEndOffset(logical, range.end) };
}
