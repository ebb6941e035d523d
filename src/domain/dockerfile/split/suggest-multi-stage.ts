import { readCompileCommand } from '../../policy/rules/multi-stage/compile-command.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { readSourceFile, type SourceFile } from './source-file.ts';
import type { Split } from './split.ts';
import { splitDotnet } from './split-dotnet.ts';
import { splitGo } from './split-go.ts';
import type { SplitImages } from './split-images.ts';
import { splitJava } from './split-java.ts';
import { splitNode } from './split-node.ts';
import { splitPython } from './split-python.ts';
import { formatStart } from './start-command.ts';

/** A whole Dockerfile to start from, and what a person has to check before using it: one clause each. */
export type Suggestion = { readonly text: string; readonly notes: readonly string[] };

/**
 * A multi-stage version of a single-stage file that compiles, made from the file's own commands: everything happens in a
 * first stage, and a second one on a small image takes only the result. Node.js, Go, Python, Java and .NET.
 *
 * @returns `undefined` when the file has stages already, compiles nothing, mixes ecosystems, or has an instruction, a
 * command or a start that is not understood; also when `images` lacks what is needed. Never a guess.
 * @see policy 5.2.4
 */
export function suggestMultiStage(
  dockerfile: Dockerfile,
  options: { readonly images: SplitImages },
): Suggestion | undefined {
  const source = readSourceFile(dockerfile);
  if (source === undefined || source.commands.some(({ words }) => words[0] === 'cd')) return undefined;
  const split = splitSource(source, options.images);
  if (split === undefined) return undefined;
  const lines = [
    '# Stage 1: build. Compilers, sources and development dependencies stay here.',
    `FROM ${split.buildImage} AS build`,
    ...split.buildLines,
    '',
    '# Stage 2: what ships. Only what is named here reaches production.',
    `FROM ${split.runtimeImage}`,
    ...(split.runtimePackages.length === 0 ? [] : [`RUN apk add --no-cache ${split.runtimePackages.join(' ')}`]),
    `WORKDIR ${source.workdir}`,
    ...source.runtimeLines,
    ...split.runtimeLines,
    `USER ${split.user}`,
    ...formatStart(split.start),
  ];
  return { text: `${lines.join('\n')}\n`, notes: [...split.notes, ...source.notes] };
}

function splitSource(source: SourceFile, images: SplitImages): Split | undefined {
  const ecosystems = new Set(source.commands.flatMap(({ words }) => readCompileCommand(words)?.ecosystem ?? []));
  const installsWithPip = source.commands.some(
    ({ words }) => words.includes('install') && words.some((word) => /^pip[0-9.]*$/.test(word)),
  );
  if (ecosystems.size === 0 && installsWithPip && source.buildPackages.length > 0) return splitPython(source, images);
  // `make` may do anything, so it belongs to no ecosystem that we could split.
  const [ecosystem, second] = ecosystems;
  if (ecosystem === undefined || second !== undefined) return undefined;
  switch (ecosystem) {
    case 'node':
      return splitNode(source, images);
    case 'go':
      return splitGo(source, images);
    case 'python':
      return splitPython(source, images);
    case 'java':
      return splitJava(source, images);
    case 'dotnet':
      return splitDotnet(source, images);
    case 'rust':
    case 'native':
      return undefined;
  }
}
