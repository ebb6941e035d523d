import { type DocumentNode, nodeAt, type ScalarNode, textAt } from './document-node.ts';
import { locateDockerfile } from './locate-dockerfile.ts';
import type { ReadingBuilder } from './reading-builder.ts';
import { isRemoteContext, joinTreePath } from './tree-path.ts';

/**
 * Adds the build of a `docker/build-push-action` step: its Dockerfile, target, and the arguments that the file spells.
 * Steps whose place is an expression are left out: their Dockerfile is read by itself.
 *
 * @see github.com/docker/build-push-action#inputs
 */
export function addBuildStep(reading: ReadingBuilder, step: DocumentNode, uses: ScalarNode, path: string): void {
  if (!/^docker\/build-push-action(?:@|$)/.test(uses.traced.text)) return;
  const inputs = nodeAt(step, 'with');
  // Without a context the action builds from the repository itself, and `file` is relative to its root either way.
  const context = textAt(inputs, 'context') ?? '.';
  const isFetched = context.startsWith('${{') || context.startsWith('{{defaultContext}}');
  const file = textAt(inputs, 'file') ?? (isFetched ? 'Dockerfile' : `${context}/Dockerfile`);
  if (file.includes('{{') || file.includes('://')) return;
  const located = locateDockerfile({ folder: repositoryOf(path), context: '.', dockerfile: file, line: uses.line });
  if (located.kind === 'elsewhere') return;
  const target = textAt(inputs, 'target');
  const place = contextOf(context, path);
  reading.addBuild({
    dockerfile: located.path,
    ...(place === undefined ? {} : { context: place }),
    args: Object.fromEntries(linesOf(inputs, 'build-args').flatMap(argument)),
    contexts: Object.fromEntries(linesOf(inputs, 'build-contexts').flatMap(argument)),
    produces: linesOf(inputs, 'tags').filter((tag) => !tag.includes('${{')),
    line: uses.line,
    ...(target === undefined || target.includes('${{') ? {} : { target }),
  });
}

function linesOf(inputs: DocumentNode | undefined, name: string): readonly string[] {
  const lines = (textAt(inputs, name) ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

function argument(line: string): readonly (readonly [string, string])[] {
  const equals = line.indexOf('=');
  if (equals <= 0 || line.includes('${{')) return [];
  return [[line.slice(0, equals).trim(), line.slice(equals + 1)]];
}

/** `{{defaultContext}}:folder` is a folder of the repository itself; what an expression gives is not known here. */
function contextOf(context: string, path: string): string | undefined {
  const written = context.replace(/^\{\{defaultContext\}\}:?/, './');
  return written.includes('{{') || isRemoteContext(written) ? undefined : joinTreePath(repositoryOf(path), written);
}

/** A workflow lies in `.github/workflows` of its repository; a composite action is taken to be used from the root. */
function repositoryOf(path: string): string {
  const place = path.lastIndexOf('.github/');
  return place <= 0 ? '' : path.slice(0, place - 1);
}
