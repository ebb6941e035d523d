import { isDigest } from '../../domain/image/digest.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { type ImageFacts, recordInForce } from '../../domain/image-monitor/decide-image.ts';
import { type MonitoredImage, pendingVariable } from '../../domain/image-monitor/monitored-image.ts';
import { parsePendingRecord } from '../../domain/image-monitor/pending-record.ts';
import type { MoveCause } from '../../domain/monitor/event.ts';
import type { Pipeline } from '../../ports/pipeline.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';
import { mapLimited } from '../limited.ts';
import { compareContent } from './compare-content.ts';

export type UnreachableImage = {
  readonly kind: 'unreachable';
  readonly image: MonitoredImage;
  readonly reason: string;
};

/** `cause`: of a move whose contents were compared. */
export type ReadImage = {
  readonly kind: 'read';
  readonly image: MonitoredImage;
  readonly facts: ImageFacts;
  readonly cause?: MoveCause;
};

type SeenImage = { readonly kind: 'seen'; readonly image: MonitoredImage; readonly seen: Digest };
type Ports = { readonly registry: Registry; readonly pipeline: Pipeline };

/**
 * What is known of every image, in their order: what its tag stands for, all at once and by HEAD; what is kept; and of those
 * that moved, the run that is waited for, or whether the images in it are others.
 *
 * @param hasTarget without a workflow to start no record is read
 * @throws PipelineError
 */
export async function gatherFacts(
  ports: Ports,
  images: readonly MonitoredImage[],
  hasTarget: boolean,
): Promise<readonly (UnreachableImage | ReadImage)[]> {
  const looked = await mapLimited(images, (image) => look(ports.registry, image));
  const seen = looked.filter((one) => one.kind === 'seen');
  const digests = await readKept(
    ports.pipeline,
    seen.map(({ image }) => image.variable),
  );
  const moved = hasTarget ? seen.filter((one) => one.seen !== digests.get(one.image.variable)) : [];
  const records = await readKept(
    ports.pipeline,
    moved.map(({ image }) => pendingVariable(image.variable)),
  );
  return mapLimited(looked, async (one) => {
    if (one.kind === 'unreachable') return one;
    const { variable } = one.image;
    const digest = digests.get(variable);
    return gather(ports, one, isDigest(digest) ? digest : undefined, records.get(pendingVariable(variable)) ?? '');
  });
}

async function readKept(pipeline: Pipeline, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return names.length === 0 ? new Map() : pipeline.readState(names);
}

async function look(registry: Registry, image: MonitoredImage): Promise<UnreachableImage | SeenImage> {
  try {
    return { kind: 'seen', image, seen: (await registry.resolve(image.reference, image.reference.tag)).digest };
  } catch (error) {
    if (error instanceof RegistryError) return { kind: 'unreachable', image, reason: error.message };
    throw error;
  }
}

async function gather(
  { registry, pipeline }: Ports,
  { image, seen }: SeenImage,
  stored: Digest | undefined,
  recordText: string,
): Promise<ReadImage> {
  const facts = { seen, stored, isSameContent: false, pending: undefined };
  if (seen === stored) return { kind: 'read', image, facts };
  const record = recordInForce(parsePendingRecord(recordText), seen);
  if (record !== undefined) {
    const run = await pipeline.readRun(record.runId);
    return { kind: 'read', image, facts: { ...facts, pending: { record, run } } };
  }
  if (stored === undefined) return { kind: 'read', image, facts };
  const cause = await compareContent(registry, image, { from: stored, to: seen });
  if (cause === 'unchanged') return { kind: 'read', image, facts: { ...facts, isSameContent: true } };
  return { kind: 'read', image, facts, cause };
}
