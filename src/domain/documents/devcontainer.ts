import { untracedText } from '../dockerfile/traced-text.ts';
import type { Parsed } from '../source/problem.ts';
import { type DocumentNode, entriesOf, nodeAt, type ScalarNode, scalarAt } from './document-node.ts';
import type { DocumentReading } from './document-reading.ts';
import { expandPlaceholders } from './expand-placeholders.ts';
import type { Expansion } from './expansion.ts';
import { locateDockerfile } from './locate-dockerfile.ts';
import { parseJson } from './parse-json.ts';
import { placeContext } from './place-build.ts';
import { ReadingBuilder } from './reading-builder.ts';
import { folderOf } from './tree-path.ts';

/**
 * Reads the image that a development container runs (role `ci`: run by people and pipelines, not shipped), or the Dockerfile
 * that it is built from. Paths are relative to the file's folder. Features are packages of scripts, not images.
 *
 * @see containers.dev/implementors/json_reference
 */
export function readDevcontainer(text: string, path: string): Parsed<DocumentReading> {
  const { value: root, problems } = parseJson(text);
  const reading = new ReadingBuilder();
  reading.addProblem(...problems);
  const image = scalarAt(root, 'image');
  if (image !== undefined) reading.addImage({ scalar: image, expansion: expand(image), role: 'ci' });
  addBuild(reading, root, path);
  return reading.build();
}

function addBuild(reading: ReadingBuilder, root: DocumentNode | undefined, path: string): void {
  const build = nodeAt(root, 'build');
  const dockerfile = scalarAt(build, 'dockerfile') ?? scalarAt(root, 'dockerFile');
  const name = known(dockerfile);
  if (dockerfile === undefined || name === undefined) return;
  // Unlike in Compose the Dockerfile is relative to the document, whatever the context is.
  const { line } = dockerfile;
  const located = locateDockerfile({ folder: folderOf(path), context: '.', dockerfile: name, line });
  if (located.kind === 'elsewhere') {
    reading.addProblem(located.problem);
    return;
  }
  const target = known(scalarAt(build, 'target'));
  const args = entriesOf(nodeAt(build, 'args')).flatMap(([key, value]) => {
    const text = value.kind === 'scalar' ? known(value) : undefined;
    return text === undefined ? [] : [[key, text]];
  });
  const context = scalarAt(build, 'context') ?? scalarAt(root, 'context');
  reading.addBuild({
    dockerfile: located.path,
    ...placeContext(context === undefined ? '.' : known(context), path),
    args: Object.fromEntries(args),
    contexts: {},
    produces: [],
    line,
    ...(target === undefined ? {} : { target }),
  });
}

/** `${localEnv:NAME:default}` has its default; everything else depends on the machine. */
function expand(scalar: ScalarNode): Expansion {
  return expandPlaceholders(scalar.traced, {
    open: '${',
    close: '}',
    resolve(expression) {
      const [source, , ...rest] = expression.split(':');
      return (source === 'localEnv' || source === 'env') && rest.length > 0 ? untracedText(rest.join(':')) : undefined;
    },
  });
}

function known(scalar: ScalarNode | undefined): string | undefined {
  if (scalar === undefined) return undefined;
  const { traced, missing } = expand(scalar);
  return missing.length === 0 ? traced.text : undefined;
}
