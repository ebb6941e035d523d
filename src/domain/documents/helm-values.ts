import { type TracedText, TracedTextBuilder } from '../dockerfile/traced-text.ts';
import type { Parsed } from '../source/problem.ts';
import { type DocumentNode, entriesOf, type MapNode, type ScalarNode, scalarAt } from './document-node.ts';
import type { DocumentReading } from './document-reading.ts';
import { expandPlaceholders } from './expand-placeholders.ts';
import { numberToHelm } from './number-to-helm.ts';
import { parseYaml } from './parse-yaml.ts';
import { ReadingBuilder } from './reading-builder.ts';

/** What stands for a tag where the values give none: by convention the chart's templates take this. */
const chartVersion = '.Chart.AppVersion';

/**
 * Reads the images in the values of a Helm chart: under the key `image`, at any depth, a mapping of `repository` with
 * `registry`, `tag` and `digest`, or a whole name. What templates make of other keys is theirs. A name with neither tag nor
 * digest is unresolved, since the chart's `appVersion` may be the tag.
 *
 * @see helm.sh/docs/chart_best_practices/values
 */
export function readHelmValues(text: string): Parsed<DocumentReading> {
  const reading = new ReadingBuilder();
  if (!text.includes('image')) return reading.build();
  const { value: documents, problems } = parseYaml(text);
  reading.addProblem(...problems);
  for (const value of valuesOfImage(documents)) {
    if (value.kind === 'map') addParts(reading, value, text);
    else if (value.kind === 'scalar') addName(reading, value);
  }
  return reading.build();
}

/** Every value under the key `image`, each once. Without recursion, since aliases nest deeper than the text does. */
function* valuesOfImage(documents: readonly DocumentNode[]): Generator<DocumentNode> {
  const open: DocumentNode[] = [...documents];
  const seen = new Set<DocumentNode>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'list') for (const item of node.items) open.push(item);
    for (const [key, value] of entriesOf(node)) {
      if (key === 'image') yield value;
      open.push(value);
    }
  }
}

function addName(reading: ReadingBuilder, scalar: ScalarNode): void {
  const { text } = scalar.traced;
  const isWhole = /[:@]/.test(text.slice(text.lastIndexOf('/') + 1));
  if (text.trim() !== '') addImage(reading, scalar, scalar.traced, isWhole);
}

function addParts(reading: ReadingBuilder, image: MapNode, text: string): void {
  const [registry, repository, tag, digest] = ['registry', 'repository', 'tag', 'digest'].map((key) => {
    const scalar = scalarAt(image, key);
    return scalar?.traced.text.trim() === '' ? undefined : scalar;
  });
  if (repository === undefined) return;
  const whole = new TracedTextBuilder();
  const add = (part: ScalarNode | undefined, before: string, after = '') => {
    if (part === undefined) return;
    whole.add({ text: before, span: undefined });
    whole.addText(part.traced);
    whole.add({ text: after, span: undefined });
  };
  add(registry, '', '/');
  add(repository, '');
  add(tag, ':');
  // A tag may carry its digest; templates then do not take the other.
  if (tag?.traced.text.includes('@') !== true) add(digest, '@');
  if (tag !== undefined) warnOfNumber(reading, tag, text);
  const name = repository.traced.text;
  const isWhole = tag !== undefined || digest !== undefined || /[:@]/.test(name.slice(name.lastIndexOf('/') + 1));
  addImage(reading, tag ?? digest ?? repository, whole.build(), isWhole);
}

/** `place` is where a report points. */
function addImage(reading: ReadingBuilder, place: ScalarNode, traced: TracedText, isWhole: boolean): void {
  const expansion = expandPlaceholders(traced, { open: '{{', close: '}}', resolve: () => undefined });
  const missing = isWhole ? expansion.missing : [...expansion.missing, chartVersion];
  reading.addImage({ scalar: { ...place, traced }, expansion: { ...expansion, missing }, role: 'deployed' });
}

function warnOfNumber(reading: ReadingBuilder, { span, line }: ScalarNode, text: string): void {
  const number = numberToHelm(text, span);
  if (number === undefined) return;
  const message = `the tag ${text.slice(span.start, span.end)} is a number to Helm, which makes ${number} of it: put it in quotes`;
  reading.addProblem({ code: 'number-for-tag', severity: 'warning', message, line, span });
}
