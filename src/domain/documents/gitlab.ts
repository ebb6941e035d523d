import type { TracedText } from '../dockerfile/traced-text.ts';
import type { Parsed } from '../source/problem.ts';
import { type DocumentNode, entriesOf, nodeAt, scalarAt } from './document-node.ts';
import type { DocumentReading } from './document-reading.ts';
import { expandVariables, type Lookup } from './expand-variables.ts';
import { parseYaml } from './parse-yaml.ts';
import { ReadingBuilder } from './reading-builder.ts';

/** Top-level keys that are no jobs. `default`, and the old top-level `image` and `services`, are read by name. */
const notJobs = new Set([
  'variables',
  'include',
  'stages',
  'workflow',
  'spec',
  'cache',
  'image',
  'services',
  'before_script',
  'after_script',
]);

/**
 * Reads the images that jobs, hidden jobs and defaults of a GitLab pipeline run, and their services. Variables have the
 * values that `variables:` of the file and of the job give; predefined ones (`$CI_…`) are missing. `include` is not
 * followed, and `!reference` stands for nothing here: the place that it points to is read by itself.
 *
 * @see docs.gitlab.com/ci/yaml
 */
export function readGitlab(text: string): Parsed<DocumentReading> {
  const { value: documents, problems } = parseYaml(text);
  const reading = new ReadingBuilder();
  reading.addProblem(...problems);
  for (const document of documents) {
    const global = variablesOf(document);
    addJob(reading, document, global);
    for (const [name, job] of entriesOf(document)) {
      if (notJobs.has(name) || job.kind !== 'map') continue;
      const own = variablesOf(job);
      addJob(reading, job, (variable) => own(variable) ?? global(variable));
    }
  }
  return reading.build();
}

function addJob(reading: ReadingBuilder, job: DocumentNode, lookup: Lookup): void {
  addImage(reading, nodeAt(job, 'image'), lookup);
  const services = nodeAt(job, 'services');
  if (services?.kind !== 'list') return;
  for (const service of services.items) addImage(reading, service, lookup);
}

/** `image: NAME` or `image: { name: NAME }`; services alike. */
function addImage(reading: ReadingBuilder, node: DocumentNode | undefined, lookup: Lookup): void {
  const scalar = node?.kind === 'scalar' ? node : scalarAt(node, 'name');
  if (scalar === undefined) return;
  // `$[[ inputs.x ]]` is filled in before variables are.
  const input = /\$\[\[([^\]]*)\]\]/.exec(scalar.traced.text)?.[1]?.trim();
  const expansion = expandVariables(scalar.traced, lookup);
  const missing = input === undefined ? expansion.missing : [...expansion.missing, input];
  reading.addImage({ scalar, expansion: { ...expansion, missing }, role: 'ci' });
}

/** `NAME: value` or `NAME: { value: … }`. A list of `options` without a value gives none. */
function variablesOf(node: DocumentNode): (name: string) => TracedText | undefined {
  const values = new Map<string, TracedText>();
  for (const [name, value] of entriesOf(nodeAt(node, 'variables'))) {
    const scalar = value.kind === 'scalar' ? value : scalarAt(value, 'value');
    if (scalar !== undefined) values.set(name, scalar.traced);
  }
  return (name) => values.get(name);
}
