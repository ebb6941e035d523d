import type { Candidates, ListedTag } from '../../domain/candidates/candidate.ts';
import { findCandidates } from '../../domain/candidates/find-candidates.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import type { Reference } from '../../domain/image/reference.ts';
import { contentOfIndex } from '../../domain/monitor/tag-content.ts';
import type { NewerTags, Unanswered, Unlistable } from '../../domain/policy/registry-facts.ts';
import type { Registry, TagListing } from '../../ports/registry.ts';
import { platformsOf, runnableOf } from './ask-image.ts';
import { type Attempt, attempt } from './attempt.ts';

export type NewerRequest = {
  readonly reference: Reference;
  /** What its tag stands for now, where it was told. */
  readonly tagDigest: Digest | undefined;
  /** In use, and known to be published for the present tag. */
  readonly platforms: readonly string[];
  readonly catalog: Catalog;
  readonly today: string;
};

/** How many recommended tags are looked into before the next is taken as it is listed. */
const maxLooks = 3;

/**
 * What may follow a tag among those that its registry lists. The tag that is to be recommended is looked at first: lists name
 * tags that are gone, or that lack a platform in use.
 */
export async function askNewer(
  registry: Registry,
  listing: Attempt<TagListing>,
  request: NewerRequest,
): Promise<NewerTags | Unlistable | Unanswered> {
  if (listing.kind === 'unanswered' && listing.code !== 'unauthorized' && listing.code !== 'refused') return listing;
  // The image itself was there to see: what is refused is the list.
  if (listing.kind !== 'answered') return { kind: 'unlistable', message: listing.message };
  const isTruncated = listing.value.extent === 'truncated';
  let tags = withDigest(listing.value.tags, request);
  let found = candidatesAmong(tags, request);
  for (let looks = 0; looks < maxLooks; looks += 1) {
    const { recommended } = found;
    if (recommended === null) break;
    const seen = await look(registry, recommended, request);
    if (seen === 'unread') break;
    const others = tags.filter(({ tag }) => tag !== recommended);
    tags = seen === 'gone' ? others : [...others, seen];
    found = candidatesAmong(tags, request);
    if (found.recommended === recommended) break;
  }
  return listed(found, isTruncated);
}

function candidatesAmong(tags: readonly ListedTag[], request: NewerRequest): Candidates {
  const { reference, platforms, catalog, today } = request;
  return findCandidates({ reference, tags, catalog, today, platforms });
}

async function look(
  registry: Registry,
  tag: string,
  { reference, platforms }: NewerRequest,
): Promise<ListedTag | 'gone' | 'unread'> {
  const resolved = await attempt(() => registry.resolve(reference, tag));
  if (resolved.kind !== 'answered') return resolved.kind === 'missing' ? 'gone' : 'unread';
  const { digest } = resolved.value;
  const manifest = await attempt(() => registry.readManifest(reference, digest));
  if (manifest.kind !== 'answered' || manifest.value.kind !== 'index') return { tag, digest };
  const published = platformsOf(contentOfIndex(manifest.value));
  // A lower variant will do.
  const runnable = platforms.filter((platform) => runnableOf(published, [platform]).length > 0);
  return { tag, digest, platforms: [...published, ...runnable] };
}

function withDigest(tags: readonly ListedTag[], { reference, tagDigest }: NewerRequest): readonly ListedTag[] {
  if (tagDigest === undefined) return tags;
  return tags.map((listed) => (listed.tag === reference.tag ? { ...listed, digest: tagDigest } : listed));
}

function listed({ candidates, recommended }: Candidates, isTruncated: boolean): NewerTags {
  return { kind: 'listed', candidates, ...(recommended === null ? {} : { recommended }), isTruncated };
}
