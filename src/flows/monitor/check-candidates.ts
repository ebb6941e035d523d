import { sightTag } from '../../domain/monitor/sight-tag.ts';
import type { Instant } from '../../domain/source/instant.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';
import type { Observation } from '../../ports/store.ts';
import { candidatesOf } from './find-news.ts';
import type { MonitoredImage } from './monitor-image.ts';
import type { MonitorPorts, MonitorRequest } from './monitor-request.ts';
import { platformSightings } from './platform-sightings.ts';
import { readContent } from './read-content.ts';

/**
 * Reads what candidates stand for that were never looked at, so that one without a platform in use, or with the same
 * content, is not offered again. Images that are new in this cycle wait for the next.
 *
 * @param limit how many candidates at most.
 * @returns the images with what is left of their candidates.
 */
export async function checkCandidates(
  { registry, store }: MonitorPorts,
  images: readonly MonitoredImage[],
  request: MonitorRequest,
  limit: number,
): Promise<readonly MonitoredImage[]> {
  let left = limit;
  const tired = new Set<string>();
  const checked: MonitoredImage[] = [];
  for (const image of images) {
    const { watched, state } = image;
    const tags = state.isNew || tired.has(watched.address.registry) ? [] : unseenCandidates(image).slice(0, left);
    left -= tags.length;
    for (const tag of tags) {
      const observation = await look(registry, image, tag, request);
      if (observation === 'tired') {
        tired.add(watched.address.registry);
        break;
      }
      state.apply(observation);
      await store.record(observation);
    }
    checked.push(tags.length === 0 ? image : { ...image, candidates: candidatesAnew(image, request) });
  }
  return checked;
}

function unseenCandidates({ candidates, state }: MonitoredImage): readonly string[] {
  const own = [...candidates.values()].flatMap((found) => found.candidates.filter(({ repository }) => !repository));
  return [...new Set(own.map(({ tag }) => tag))].filter((tag) => state.pastOf(tag).length === 0);
}

async function look(
  registry: Registry,
  { watched, state }: MonitoredImage,
  tag: string,
  { catalog, clock }: MonitorRequest,
): Promise<Observation | 'tired'> {
  const { image, address } = watched;
  try {
    const { digest } = await registry.resolve(address, tag);
    const at: Instant = clock();
    const sight = sightTag(state.pastOf(tag), undefined, { tag, digest, at, evidence: 'head' });
    const own = sight.kind === 'suspected' ? [] : [sight.sighting];
    const platforms = [...new Set(watched.tags.flatMap((used) => used.platforms))];
    const content = await readContent(registry, address, digest, platforms);
    return { image, sightings: [...own, ...platformSightings(state, tag, content, catalog, at)] };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    if (error.code !== 'not-found') return 'tired';
    // The listing named it, the registry does not know it: it is none.
    return { image, listing: { tags: [], gone: [tag], listedAt: state.listedAt ?? clock() } };
  }
}

function candidatesAnew(image: MonitoredImage, request: MonitorRequest): MonitoredImage['candidates'] {
  return new Map(
    image.watched.tags.flatMap((tag) => {
      const found = candidatesOf(image.watched, tag, image.state, request);
      return found === undefined ? [] : [[tag.tag, found] as const];
    }),
  );
}
