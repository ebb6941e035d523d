import type { Problem } from '../source/problem.ts';
import { isRemoteContext, joinTreePath } from './tree-path.ts';

export type Located =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'elsewhere'; readonly problem: Problem };

/** Where a build's Dockerfile lies in the tree; a problem when it is fetched or outside. */
export function locateDockerfile(build: {
  /** The folder that `context` is relative to. */
  readonly folder: string;
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly line: number;
}): Located {
  const { folder, context, dockerfile, line } = build;
  if (isRemoteContext(context) || isRemoteContext(dockerfile)) {
    const message = `the build context ${JSON.stringify(context.slice(0, 200))} is fetched; its Dockerfile is judged where it lies`;
    return { kind: 'elsewhere', problem: { code: 'remote-context', severity: 'info', message, line } };
  }
  const contextPath = joinTreePath(folder, context);
  const path = contextPath === undefined ? undefined : joinTreePath(contextPath, dockerfile);
  if (path !== undefined && path !== '') return { kind: 'found', path };
  const message = `the build of ${JSON.stringify(`${context}/${dockerfile}`.slice(0, 200))} lies outside the tree that is checked; check from a folder further up`;
  return { kind: 'elsewhere', problem: { code: 'outside-tree', severity: 'warning', message, line } };
}
