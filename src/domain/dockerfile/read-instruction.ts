import type { Span } from '../source/span.ts';
import { skipSpaces } from './character-class.ts';
import type { Flag, Heredoc, Instruction } from './dockerfile.ts';
import { findHeredocs, type HeredocStart } from './heredoc-words.ts';
import type { LogicalLine } from './logical-line.ts';
import { type SplitInstruction, splitInstruction } from './split-instruction.ts';

/** What the heredocs behind an instruction add to it. */
export type InstructionEnd = { readonly heredocs: readonly Heredoc[]; readonly endLine: number; readonly span: Span };

const withHeredocs: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);
const withJson: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'COPY', 'ADD', 'VOLUME']);

/** The heredocs that this instruction opens: only RUN, COPY and ADD, also behind ONBUILD, and not in their JSON form. */
export function heredocsOf(logical: LogicalLine, split: SplitInstruction): readonly HeredocStart[] {
  if (!logical.text.includes('<<')) return [];
  const inner = split.keyword === 'ONBUILD' ? splitInstruction(logical, split.rest.start) : split;
  if (!withHeredocs.has(inner.keyword) || readJson(logical, inner) !== undefined) return [];
  return findHeredocs(logical.text);
}

/** The instruction as the rest of the program sees it. */
export function readInstruction(logical: LogicalLine, split: SplitInstruction, end: InstructionEnd): Instruction {
  const json = readJson(logical, split);
  const hasTrigger = split.keyword === 'ONBUILD' && split.rest.start < split.rest.end;
  // ONBUILD ONBUILD is refused, so one level is all there is.
  const inner = hasTrigger ? splitInstruction(logical, split.rest.start) : undefined;
  const trigger = inner === undefined ? undefined : readTrigger(logical, inner, end);
  return {
    keyword: split.keyword,
    line: logical.line,
    endLine: end.endLine,
    span: end.span,
    flags: readFlags(split),
    text: logical.text.slice(split.rest.start, split.rest.end),
    ...(json !== undefined && { json }),
    heredocs: end.heredocs,
    ...(trigger !== undefined && { trigger }),
  };
}

function readTrigger(logical: LogicalLine, split: SplitInstruction, end: InstructionEnd): Instruction {
  return readInstruction(logical, split.keyword === 'ONBUILD' ? { ...split, keyword: '', flags: [] } : split, end);
}

function readFlags(split: SplitInstruction): readonly Flag[] {
  return split.flags.map(({ name, value }) => ({ name, value }));
}

function readJson(logical: LogicalLine, split: SplitInstruction): readonly string[] | undefined {
  const { text } = logical;
  let start = split.rest.start;
  if (split.keyword === 'HEALTHCHECK') {
    if (!/^cmd\s/i.test(text.slice(start, start + 4))) return undefined;
    start = skipSpaces(text, start + 3, split.rest.end);
  } else if (!withJson.has(split.keyword)) return undefined;
  if (text.charAt(start) !== '[' || text.charAt(split.rest.end - 1) !== ']') return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(start, split.rest.end));
    return Array.isArray(value) && value.every((item): item is string => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}
