import type { BuildDefinition } from './document-reading.ts';
import { locateDockerfile } from './locate-dockerfile.ts';
import type { ReadingBuilder } from './reading-builder.ts';
import { folderOf, isRemoteContext, joinTreePath } from './tree-path.ts';

/** Where a build stands: `undefined` for a value that depends on a variable without one. */
export type BuildPlace = {
  readonly context: string | undefined;
  readonly dockerfile: string | undefined;
  /** Of the document. */
  readonly path: string;
  readonly line: number;
};

/** The Dockerfile of a build; where it cannot be told, a problem says so and nothing is returned. */
export function placeBuild(
  reading: ReadingBuilder,
  { context, dockerfile, path, line }: BuildPlace,
): Pick<BuildDefinition, 'dockerfile' | 'context'> | undefined {
  if (context === undefined || dockerfile === undefined) {
    const message =
      'the place of this build depends on a variable without a default; its Dockerfile is read without its arguments';
    reading.addProblem({ code: 'unresolved-build', severity: 'info', message, line });
    return undefined;
  }
  const located = locateDockerfile({ folder: folderOf(path), context, dockerfile, line });
  if (located.kind === 'found') return { dockerfile: located.path, ...placeContext(context, path) };
  reading.addProblem(located.problem);
  return undefined;
}

/** Where `context` lies that the document at `path` names. */
export function placeContext(context: string | undefined, path: string): Pick<BuildDefinition, 'context'> {
  const place = context === undefined || isRemoteContext(context) ? undefined : joinTreePath(folderOf(path), context);
  return place === undefined ? {} : { context: place };
}
