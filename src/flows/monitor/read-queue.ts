import type { WatchedImage } from '../../domain/monitor/watched-image.ts';
import type { Instant } from '../../domain/source/instant.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';
import type { Observation, Store, UnreadContent } from '../../ports/store.ts';
import type { MonitoredImage } from './monitor-image.ts';
import type { MonitorPorts, MonitorRequest } from './monitor-request.ts';
import { platformSightings } from './platform-sightings.ts';
import { readContent } from './read-content.ts';

const hourMs = 3_600_000;

/** What waited to be read when a cycle began: what the cycle itself adds is left for the next one. */
export async function listWaiting(
  store: Store,
  { maxReads, clock }: MonitorRequest,
): Promise<readonly UnreadContent[]> {
  return store.listUnread(maxReads, clock());
}

/**
 * Reads sizes, platforms and operating systems of what waits, those with most uses first. A registry that has enough of it
 * is left alone for the rest of the cycle.
 */
export async function readQueue(
  { registry, store }: MonitorPorts,
  waiting: readonly UnreadContent[],
  images: readonly MonitoredImage[],
  request: MonitorRequest,
): Promise<void> {
  const byImage = new Map(images.map((image) => [image.watched.image, image]));
  const tired = new Set<string>();
  for (const item of waiting) {
    const image = byImage.get(item.image);
    if (image === undefined || tired.has(image.watched.address.registry)) continue;
    const { observation, isTired } = await readOne(registry, item, image, request);
    if (isTired) tired.add(image.watched.address.registry);
    image.state.apply(observation);
    await store.record(observation);
  }
}

async function readOne(
  registry: Registry,
  { image, tag, digest, uses }: UnreadContent,
  { watched, state }: MonitoredImage,
  { catalog, clock }: MonitorRequest,
): Promise<{ readonly observation: Observation; readonly isTired: boolean }> {
  const read = { image, read: [digest] };
  // What it stood for once is of no interest any more.
  if (state.pastOf(tag).at(-1)?.digest !== digest) return { observation: read, isTired: false };
  try {
    const content = await readContent(registry, watched.address, digest, platformsOf(watched, tag));
    const sightings = platformSightings(state, tag, content, catalog, clock());
    return { observation: { ...read, sightings }, isTired: false };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    if (error.code === 'not-found' || error.code === 'malformed') return { observation: read, isTired: false };
    const notBefore: Instant = error.retryAt ?? clock() + hourMs;
    return { observation: { image, unread: [{ tag, digest, uses, notBefore }] }, isTired: true };
  }
}

/** Of a tag that nobody uses yet: those of the image. */
function platformsOf({ tags }: WatchedImage, wanted: string): readonly string[] {
  const own = tags.find(({ tag }) => tag === wanted)?.platforms;
  return own ?? [...new Set(tags.flatMap(({ platforms }) => platforms))];
}
