import type { Comment, Dockerfile, Instruction, Stage } from '../dockerfile/dockerfile.ts';
import type { ImageUse } from '../image/image-use.ts';
import type { Parsed, Problem } from '../source/problem.ts';
import { type InterimMark, interimUsage, parseInterimMark } from './interim-mark.ts';
import { isUpgradeCommand } from './upgrade-command.ts';

/** A RUN with the marks directly above it. Lines are 1-based. */
export type InterimLine = {
  /** Index of its stage. */
  readonly stage: number;
  readonly marks: readonly InterimMark[];
  /** Of the first mark. */
  readonly from: number;
  /** The last of the RUN. */
  readonly to: number;
  /** It does nothing besides: to remove it takes nothing else away. */
  readonly isUpgradeAlone: boolean;
  /** Where `USER root` stands directly above and another USER directly below: whom that names. */
  readonly userBehind?: string;
  /** As whom the Dockerfile has it run before these two; absent where that is left to the base. */
  readonly userBefore?: string;
};

/** The interim upgrades of a Dockerfile, in the order of their lines. A mark that is malformed, or stands above no RUN, is a problem. */
export function findInterimLines(dockerfile: Dockerfile): Parsed<readonly InterimLine[]> {
  const { stages, comments } = dockerfile;
  const problems: Problem[] = [];
  const marks = new Map<number, InterimMark>();
  for (const { line, text } of comments) {
    const reading = parseInterimMark(text);
    if (reading.kind === 'malformed') problems.push(problem(line, reading.reason));
    if (reading.kind === 'mark') marks.set(line, reading.mark);
  }
  if (marks.size === 0) return { value: [], problems };
  const used = new Set<number>();
  const value = stages.flatMap((stage) =>
    stage.instructions.flatMap((instruction, at): readonly InterimLine[] => {
      if (instruction.keyword !== 'RUN') return [];
      const from = firstMark(instruction, marks, comments);
      if (from === undefined) return [];
      const lines = Array.from({ length: instruction.line - from }, (_, offset) => from + offset);
      for (const line of lines) used.add(line);
      return [
        {
          stage: stage.index,
          marks: lines.flatMap((line) => marks.get(line) ?? []),
          ...{ from, to: instruction.endLine, isUpgradeAlone: isAlone(instruction) },
          ...userAround(stage, { at, from }, dockerfile),
        },
      ];
    }),
  );
  for (const line of marks.keys())
    if (!used.has(line))
      problems.push(
        problem(
          line,
          `this mark of an interim upgrade has no effect: it stands above no RUN; ${interimUsage}, or remove it`,
        ),
      );
  return { value, problems };
}

/** The use that a stage is built on, through the stages between. */
export function baseOf(stage: Stage | undefined, { stages }: Pick<Dockerfile, 'stages'>): ImageUse | undefined {
  let one = stage;
  // Each points at an earlier one.
  while (one?.from !== undefined) one = stages[one.from];
  return one?.base;
}

/** Marks stand line upon line, the last directly above. */
function firstMark(
  { line }: Instruction,
  marks: ReadonlyMap<number, InterimMark>,
  comments: readonly Comment[],
): number | undefined {
  let first: number | undefined;
  for (let above = line - 1; marks.has(above); above--) first = above;
  // Inside of an instruction that goes on over lines a comment marks nothing.
  const isAbove = comments.some((one) => one.line === first && one.nextInstructionLine === line);
  return isAbove ? first : undefined;
}

function isAlone({ text, flags, heredocs, json }: Instruction): boolean {
  return flags.length === 0 && heredocs.length === 0 && json === undefined && isUpgradeCommand(text);
}

function userAround(
  stage: Stage,
  { at, from }: { readonly at: number; readonly from: number },
  dockerfile: Pick<Dockerfile, 'stages'>,
): Pick<InterimLine, 'userBehind' | 'userBefore'> {
  const { instructions } = stage;
  const [before, run, after] = [instructions[at - 1], instructions[at], instructions[at + 1]];
  const isAround =
    before?.keyword === 'USER' && before.text === 'root' && before.endLine === from - 1 && after?.keyword === 'USER';
  if (!isAround || after.line !== (run?.endLine ?? 0) + 1 || after.line !== after.endLine) return {};
  const userBefore = lastUser(instructions.slice(0, at - 1)) ?? userOfBase(stage, dockerfile);
  return { userBehind: after.text, ...(userBefore === undefined ? {} : { userBefore }) };
}

/** As whom the stages that it is built on run, where one of them says so. */
function userOfBase(stage: Stage, { stages }: Pick<Dockerfile, 'stages'>): string | undefined {
  let one: Stage | undefined = stage;
  while (one?.from !== undefined) {
    one = stages[one.from];
    const user = lastUser(one?.instructions ?? []);
    if (user !== undefined) return user;
  }
  return undefined;
}

function lastUser(instructions: readonly Instruction[]): string | undefined {
  return instructions.findLast(({ keyword }) => keyword === 'USER')?.text;
}

function problem(line: number, message: string): Problem {
  return { code: 'interim-mark', severity: 'warning', message, line };
}
