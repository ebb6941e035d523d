import type { Parsed } from '../source/problem.ts';
import { type DocumentNode, itemsOf, nodeAt, scalarAt } from './document-node.ts';
import type { DocumentReading } from './document-reading.ts';
import { expandPlaceholders } from './expand-placeholders.ts';
import { parseYaml } from './parse-yaml.ts';
import { ReadingBuilder } from './reading-builder.ts';

/** Where the kinds keep their pod: Pod; Deployment and all that is like it; CronJob; PodTemplate. */
const podPaths = [
  ['spec'],
  ['spec', 'template', 'spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['template', 'spec'],
] as const;
const containerKeys = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/**
 * Reads the container images of Kubernetes manifests: every kind that carries a pod, lists of them, several documents. YAML
 * that is no manifest names no images and costs no parsing. Text that only a template engine makes YAML (Helm) is told as
 * unread; a placeholder in an image is missing.
 *
 * @see kubernetes.io/docs/reference/kubernetes-api/workload-resources
 */
export function readKubernetes(text: string): Parsed<DocumentReading> {
  const reading = new ReadingBuilder();
  if (!text.includes('apiVersion') || !text.includes('kind') || !text.includes('image')) return reading.build();
  const { value: documents, problems } = parseYaml(text);
  const isTemplate = text.includes('{{') && problems.some(({ severity }) => severity === 'error');
  if (isTemplate) {
    const message = 'the manifest is a template, its images are not read; check what it renders to (helm template)';
    reading.addProblem({ code: 'template-not-read', severity: 'info', message, line: 0 });
    return reading.build();
  }
  reading.addProblem(...problems);
  for (const document of documents) {
    addManifest(reading, document);
    if (scalarAt(document, 'kind')?.traced.text.endsWith('List') !== true) continue;
    for (const item of itemsOf(nodeAt(document, 'items'))) addManifest(reading, item);
  }
  return reading.build();
}

function addManifest(reading: ReadingBuilder, manifest: DocumentNode): void {
  if (scalarAt(manifest, 'apiVersion') === undefined || scalarAt(manifest, 'kind') === undefined) return;
  for (const path of podPaths) {
    const pod = nodeAt(manifest, ...path);
    for (const key of containerKeys) {
      for (const container of itemsOf(nodeAt(pod, key))) addImage(reading, container, 'image');
    }
    for (const volume of itemsOf(nodeAt(pod, 'volumes'))) addImage(reading, volume, 'image', 'reference');
  }
}

function addImage(reading: ReadingBuilder, parent: DocumentNode, ...path: readonly string[]): void {
  const scalar = scalarAt(parent, ...path);
  if (scalar === undefined) return;
  const expansion = expandPlaceholders(scalar.traced, { open: '{{', close: '}}', resolve: () => undefined });
  reading.addImage({ scalar, expansion, role: 'deployed' });
}
