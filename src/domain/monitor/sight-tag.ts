import type { Digest } from '../image/manifest.ts';
import type { Instant } from '../source/instant.ts';
import { anyPlatform, type Sighting } from './sighting.ts';

/** What one look at a tag adds to what was seen of it. `suspected` is written down and told at the second look only. */
export type Sight =
  | { readonly kind: 'first' | 'same'; readonly sighting: Sighting }
  | { readonly kind: 'moved' | 'moved-back'; readonly sighting: Sighting; readonly from: Digest }
  | { readonly kind: 'suspected'; readonly digest: Digest };

export type Look = {
  readonly tag: string;
  readonly digest: Digest;
  readonly at: Instant;
  readonly evidence: 'head' | 'listing';
};

/**
 * Compares a look at a tag with its past.
 *
 * A registry that answers from a stale copy shows an older digest for a while: a digest that was already replaced is
 * believed only when it is seen twice in a row.
 *
 * @param past sightings of the tag itself (`anyPlatform`), oldest first.
 * @param suspected the replaced digest that the look before showed.
 */
export function sightTag(past: readonly Sighting[], suspected: Digest | undefined, look: Look): Sight {
  const { tag, digest, at, evidence } = look;
  const present = past.at(-1);
  const sighting: Sighting = { tag, platform: anyPlatform, digest, firstSeenAt: at, lastSeenAt: at, evidence };
  if (present === undefined) return { kind: 'first', sighting };
  if (present.digest === digest)
    return { kind: 'same', sighting: { ...present, lastSeenAt: Math.max(present.lastSeenAt, at) } };
  const wasReplaced = past.some((earlier) => earlier.digest === digest);
  if (!wasReplaced) return { kind: 'moved', sighting, from: present.digest };
  if (suspected !== digest) return { kind: 'suspected', digest };
  return { kind: 'moved-back', sighting, from: present.digest };
}
