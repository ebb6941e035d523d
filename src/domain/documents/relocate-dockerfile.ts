import type { Dockerfile, Instruction } from '../dockerfile/dockerfile.ts';
import type { InlineDockerfile } from './document-reading.ts';
import { relocateLine, relocateUse } from './place-inline.ts';

/** An inline Dockerfile's reading with every line and every use's span as they stand in the document around it. */
export function relocateDockerfile(
  dockerfile: Dockerfile,
  inline: InlineDockerfile,
  lineOf: (offset: number) => number,
): Dockerfile {
  const line = (inner: number) => relocateLine(inner, inline);
  const moved = new Map(dockerfile.uses.map((use) => [use, relocateUse(use, inline, lineOf)]));
  const instruction = (inner: Instruction): Instruction => ({
    ...inner,
    line: line(inner.line),
    endLine: line(inner.endLine),
    ...(inner.trigger === undefined ? {} : { trigger: instruction(inner.trigger) }),
  });
  return {
    uses: [...moved.values()],
    stages: dockerfile.stages.map((stage) => {
      const base = stage.base === undefined ? undefined : moved.get(stage.base);
      return {
        ...stage,
        line: line(stage.line),
        instructions: stage.instructions.map(instruction),
        ...(base === undefined ? {} : { base }),
      };
    }),
    comments: dockerfile.comments.map((comment) => ({
      ...comment,
      line: line(comment.line),
      nextInstructionLine: comment.nextInstructionLine === undefined ? undefined : line(comment.nextInstructionLine),
    })),
    problems: dockerfile.problems.map(({ span: _inner, ...problem }) => ({ ...problem, line: line(problem.line) })),
  };
}
