import type { Parsed } from '../source/problem.ts';
import { type DocumentNode, entriesOf, itemsOf, nodeAt, scalarAt } from './document-node.ts';
import type { DocumentReading } from './document-reading.ts';
import { expandPlaceholders } from './expand-placeholders.ts';
import { addBuildStep } from './github-build-step.ts';
import { imagesOf, type Matrix, matrixOf } from './github-matrix.ts';
import { locateDockerfile } from './locate-dockerfile.ts';
import { parseYaml } from './parse-yaml.ts';
import { ReadingBuilder } from './reading-builder.ts';
import { folderOf } from './tree-path.ts';

const imageScheme = 'docker://';

/**
 * Reads the images that a GitHub workflow runs (`container`, `services`, `docker://` steps) and what it builds with
 * `docker/build-push-action`; of an action's metadata, the image it runs or the Dockerfile it is built from, and its steps.
 * Expressions are missing, except values of a matrix that the file lists: each is a use of its own.
 *
 * @see docs.github.com/actions/reference/workflows-and-actions
 */
export function readGithub(text: string, path: string): Parsed<DocumentReading> {
  const { value: documents, problems } = parseYaml(text);
  const reading = new ReadingBuilder();
  reading.addProblem(...problems);
  for (const document of documents) {
    for (const [, job] of entriesOf(nodeAt(document, 'jobs'))) {
      const matrix = matrixOf(nodeAt(job, 'strategy', 'matrix'));
      addContainer(reading, nodeAt(job, 'container'), matrix);
      for (const [, service] of entriesOf(nodeAt(job, 'services'))) addContainer(reading, service, matrix);
      addSteps(reading, nodeAt(job, 'steps'), path);
    }
    const runs = nodeAt(document, 'runs');
    addSteps(reading, nodeAt(runs, 'steps'), path);
    addDockerAction(reading, runs, path);
  }
  return reading.build();
}

/** `container: NAME` or `container: { image: NAME }`, either from the matrix. */
function addContainer(reading: ReadingBuilder, container: DocumentNode | undefined, matrix: Matrix): void {
  const image = container?.kind === 'map' ? nodeAt(container, 'image') : container;
  if (image?.kind !== 'scalar') return;
  for (const { scalar, expansion } of imagesOf(image, matrix)) {
    const prefixLength = expansion.traced.text.startsWith(imageScheme) ? imageScheme.length : 0;
    reading.addImage({ scalar, expansion, role: 'ci', prefixLength });
  }
}

function addSteps(reading: ReadingBuilder, steps: DocumentNode | undefined, path: string): void {
  for (const step of itemsOf(steps)) {
    const uses = scalarAt(step, 'uses');
    if (uses === undefined) continue;
    if (uses.traced.text.startsWith(imageScheme)) addImageStep(reading, uses);
    else addBuildStep(reading, step, uses, path);
  }
}

function addDockerAction(reading: ReadingBuilder, runs: DocumentNode | undefined, path: string): void {
  const image = scalarAt(runs, 'image');
  if (image === undefined || scalarAt(runs, 'using')?.traced.text.toLowerCase() !== 'docker') return;
  if (image.traced.text.startsWith(imageScheme)) {
    addImageStep(reading, image);
    return;
  }
  const { line } = image;
  const located = locateDockerfile({ folder: folderOf(path), context: '.', dockerfile: image.traced.text, line });
  if (located.kind === 'elsewhere') reading.addProblem(located.problem);
  else
    reading.addBuild({
      dockerfile: located.path,
      context: folderOf(located.path),
      args: {},
      contexts: {},
      produces: [],
      line,
    });
}

function addImageStep(reading: ReadingBuilder, scalar: Extract<DocumentNode, { kind: 'scalar' }>): void {
  const expansion = expandPlaceholders(scalar.traced, { open: '${{', close: '}}', resolve: () => undefined });
  reading.addImage({ scalar, expansion, role: 'ci', prefixLength: imageScheme.length });
}
