import type { DockerfileContext } from '../../../src/domain/dockerfile/dockerfile.ts';
import { parseDockerfile } from '../../../src/domain/dockerfile/parse-dockerfile.ts';
import type { ImageUse } from '../../../src/domain/image/image-use.ts';
import { canonicalReference } from '../../../src/domain/image/reference.ts';

/** Reads a text in which `⏎` stands for a newline. */
export function read(text: string, context: Partial<DockerfileContext> = {}) {
  return parseDockerfile(text.replaceAll('⏎', '\n'), { buildArgs: {}, ...context });
}

/** What a use names, in one word: `alpine:3` for `docker.io/library/alpine:3`, `?V` for what waits for `V`, `!` for what is no image. */
export function nameOf({ image }: ImageUse): string {
  switch (image.kind) {
    case 'scratch':
      return 'scratch';
    case 'reference':
      return canonicalReference(image.reference).replace('docker.io/library/', '');
    case 'unresolved':
      return `?${image.missing.join(',')}`;
    case 'invalid':
      return '!';
  }
}

/** The uses of a text in file order, each as `name`, or `role name` unless it is the base of what ships. */
export function usesOf(text: string, context: Partial<DockerfileContext> = {}): readonly string[] {
  return read(text, context).uses.map((use) => (use.role === 'final' ? nameOf(use) : `${use.role} ${nameOf(use)}`));
}

/** The codes of the problems of one severity. */
export function codesOf(
  text: string,
  severity: 'error' | 'warning' | 'info',
  context: Partial<DockerfileContext> = {},
): readonly string[] {
  return read(text, context).problems.flatMap((problem) => (problem.severity === severity ? [problem.code] : []));
}
