import { readCommands } from '../../policy/rules/multi-stage/shell-words.ts';
import type { Instruction, Stage } from '../dockerfile.ts';

/** What the container starts, as lists of words: at least one of the two is present. */
export type StartCommand = { readonly entrypoint?: readonly string[]; readonly cmd?: readonly string[] };

/** @returns `undefined` when nothing is started, or it takes a shell to understand it. */
export function readStartCommand(stage: Stage): StartCommand | undefined {
  const entrypoint = stage.instructions.findLast(({ keyword }) => keyword === 'ENTRYPOINT');
  const cmd = stage.instructions.findLast(({ keyword }) => keyword === 'CMD');
  const entrypointWords = entrypoint === undefined ? undefined : readWords(entrypoint);
  // ENTRYPOINT in shell form ignores CMD.
  const isCmdIgnored = entrypoint !== undefined && entrypoint.json === undefined;
  const cmdWords = cmd === undefined || isCmdIgnored ? undefined : readWords(cmd);
  if (entrypoint !== undefined && entrypointWords === undefined) return undefined;
  if (cmd !== undefined && !isCmdIgnored && cmdWords === undefined) return undefined;
  if (entrypointWords === undefined && cmdWords === undefined) return undefined;
  return {
    ...(entrypointWords === undefined ? {} : { entrypoint: entrypointWords }),
    ...(cmdWords === undefined ? {} : { cmd: cmdWords }),
  };
}

/** Entry point and arguments in one list. */
export function startWords({ entrypoint = [], cmd = [] }: StartCommand): readonly string[] {
  return [...entrypoint, ...cmd];
}

/** The same start with another first word. */
export function withProgram({ entrypoint, cmd }: StartCommand, program: string): StartCommand {
  if (entrypoint === undefined) return { cmd: [program, ...(cmd ?? []).slice(1)] };
  return { entrypoint: [program, ...entrypoint.slice(1)], ...(cmd === undefined ? {} : { cmd }) };
}

export function formatStart({ entrypoint, cmd }: StartCommand): readonly string[] {
  const format = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  return [
    ...(entrypoint === undefined ? [] : [`ENTRYPOINT ${format(entrypoint)}`]),
    ...(cmd === undefined ? [] : [`CMD ${format(cmd)}`]),
  ];
}

function readWords(instruction: Instruction): readonly string[] | undefined {
  if (instruction.json !== undefined)
    return instruction.json.length > 0 && !instruction.json.includes('-c') ? instruction.json : undefined;
  if (/[$`&|;<>(){}*?]/.test(instruction.text)) return undefined;
  const commands = readCommands(instruction);
  const only = commands[0];
  if (commands.length !== 1 || only === undefined || only.assignments.length > 0 || only.words.length === 0)
    return undefined;
  // The reader cuts the folder off the program; here it decides.
  const written = instruction.text
    .trim()
    .split(/\s+/)
    .find((word) => word.endsWith(only.words[0] ?? ''));
  return written === undefined || /["'\\]/.test(written) ? undefined : [written, ...only.words.slice(1)];
}
