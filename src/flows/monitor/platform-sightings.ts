import type { Catalog } from '../../domain/catalog/catalog.ts';
import { osReleaseOf } from '../../domain/monitor/os-release.ts';
import type { Sighting } from '../../domain/monitor/sighting.ts';
import type { TagContent } from '../../domain/monitor/tag-content.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { ImageState } from './image-state.ts';

/** What was read of a tag's content as sightings, one per platform; one of the same digest is seen on. */
export function platformSightings(
  state: ImageState,
  tag: string,
  content: TagContent,
  catalog: Catalog,
  at: Instant,
): readonly Sighting[] {
  const today = formatInstant(at).slice(0, 10);
  return content.platforms.map((platform) => {
    const before = state.lastOf(tag, platform.platform);
    const osRelease = osReleaseOf(state.image, tag, platform, catalog, today);
    const isSame = before?.digest === platform.digest;
    return {
      tag,
      platform: platform.platform,
      digest: platform.digest,
      ...(isSame && before.sizeBytes !== undefined ? { sizeBytes: before.sizeBytes } : {}),
      ...(platform.sizeBytes === undefined ? {} : { sizeBytes: platform.sizeBytes }),
      ...(osRelease === undefined ? {} : { osRelease }),
      firstSeenAt: isSame ? before.firstSeenAt : at,
      lastSeenAt: at,
      evidence: isSame ? before.evidence : content.digest,
    };
  });
}
