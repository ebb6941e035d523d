import type { Instruction } from '../../../dockerfile/dockerfile.ts';
import { tokenizeShell } from './shell-tokens.ts';

/** What a COPY or ADD takes and where it puts it, quotes removed, variables unexpanded. */
export type CopiedPaths = {
  readonly sources: readonly string[];
  readonly destination: string /** `--from`, as written. */;
  readonly from?: string;
};

/** @returns `undefined` for every other instruction, and for one that lacks its paths. */
export function readCopiedPaths(instruction: Instruction): CopiedPaths | undefined {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return undefined;
  const words =
    instruction.json ?? tokenizeShell(instruction.text).flatMap((token) => (token.kind === 'word' ? [token.text] : []));
  const destination = words.at(-1);
  const from = instruction.flags.find(({ name }) => name === 'from')?.value;
  if (destination === undefined || (words.length < 2 && instruction.heredocs.length === 0)) return undefined;
  return { sources: words.slice(0, -1), destination, ...(from === undefined ? {} : { from }) };
}
