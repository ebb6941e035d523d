import type { TracedText } from '../dockerfile/traced-text.ts';
import type { Parsed } from '../source/problem.ts';
import { bakeTargets } from './bake-targets.ts';
import { type DocumentNode, entriesOf, itemsOf, nodeAt, type ScalarNode, scalarAt } from './document-node.ts';
import type { BuildDefinition, DocumentReading } from './document-reading.ts';
import { expandPlaceholders } from './expand-placeholders.ts';
import { parseJson } from './parse-json.ts';
import { placeBuild, placeContext } from './place-build.ts';
import { placeInline } from './place-inline.ts';
import { ReadingBuilder } from './reading-builder.ts';

/** The value of a scalar; `undefined` where it depends on what the file does not say. */
type Known = (node: DocumentNode | undefined) => string | undefined;

/**
 * Reads the targets of a bake file in JSON, with what they inherit and the defaults of `variable`. Paths are taken relative
 * to the file's folder, which is where bake is usually run. Functions and `matrix` are not evaluated.
 *
 * @see docs.docker.com/build/bake/reference
 */
export function readBake(text: string, path: string): Parsed<DocumentReading> {
  const { value: root, problems } = parseJson(text);
  const reading = new ReadingBuilder();
  reading.addProblem(...problems);
  const expand = expander(root);
  const known: Known = (node) => {
    const expansion = node?.kind === 'scalar' ? expand(node) : undefined;
    return expansion?.missing.length === 0 ? expansion.traced.text : undefined;
  };
  for (const [, target, line] of bakeTargets(nodeAt(root, 'target'))) {
    for (const [, value] of entriesOf(nodeAt(target, 'contexts'))) {
      if (value.kind !== 'scalar' || !value.traced.text.startsWith(imageScheme)) continue;
      reading.addImage({ scalar: value, expansion: expand(value), role: 'build', prefixLength: imageScheme.length });
    }
    addBuild(reading, { target, line, path, known, inlineOf: (scalar) => expand(scalar).traced });
  }
  return reading.build();
}

const imageScheme = 'docker-image://';

type Subject = {
  readonly target: DocumentNode;
  readonly line: number;
  readonly path: string;
  readonly known: Known;
  readonly inlineOf: (scalar: ScalarNode) => TracedText;
};

function addBuild(reading: ReadingBuilder, subject: Subject): void {
  const { target, line, known } = subject;
  const place = placeOf(reading, subject);
  if (place === undefined) return;
  const stage = known(nodeAt(target, 'target'));
  const platforms = listOf(nodeAt(target, 'platforms'), known);
  reading.addBuild({
    ...place,
    args: recordOf(nodeAt(target, 'args'), known),
    contexts: recordOf(nodeAt(target, 'contexts'), known),
    produces: listOf(nodeAt(target, 'tags'), known),
    line,
    ...(stage === undefined || stage === '' ? {} : { target: stage }),
    ...(platforms.length === 0 ? {} : { platforms }),
  });
}

function placeOf(
  reading: ReadingBuilder,
  subject: Subject,
): Pick<BuildDefinition, 'dockerfile' | 'inline' | 'context'> | undefined {
  const { target, line, path, known, inlineOf } = subject;
  const inline = scalarAt(target, 'dockerfile-inline');
  const context = nodeAt(target, 'context') === undefined ? '.' : known(nodeAt(target, 'context'));
  if (inline !== undefined)
    return { inline: placeInline(inlineOf(inline), inline.line), ...placeContext(context, path) };
  const dockerfile = nodeAt(target, 'dockerfile') === undefined ? 'Dockerfile' : known(nodeAt(target, 'dockerfile'));
  return placeBuild(reading, { context, dockerfile, path, line });
}

/** `${NAME}` with the default of `variable "NAME"`; any longer expression is left to bake. */
function expander(root: DocumentNode | undefined) {
  const variables = new Map<string, TracedText>();
  for (const [name, variable] of entriesOf(nodeAt(root, 'variable'))) {
    for (const block of itemsOf(variable)) {
      const value = scalarAt(block, 'default');
      if (value !== undefined && !value.traced.text.includes('${')) variables.set(name, value.traced);
    }
  }
  return (scalar: ScalarNode) =>
    expandPlaceholders(scalar.traced, { open: '${', close: '}', resolve: (name) => variables.get(name) });
}

function listOf(node: DocumentNode | undefined, known: Known): readonly string[] {
  return itemsOf(node).flatMap((item) => {
    const text = known(item);
    return text === undefined || text === '' ? [] : [text];
  });
}

function recordOf(node: DocumentNode | undefined, known: Known): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entriesOf(node).flatMap(([name, value]) => {
      const text = known(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
