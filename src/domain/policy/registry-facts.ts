import type { Candidate } from '../candidates/candidate.ts';
import type { IsoDate } from '../catalog/catalog.ts';
import type { Digest } from '../image/manifest.ts';

/**
 * What registries said of one reference in this run; absent where none was asked. Whatever was asked and not answered is
 * `unanswered`, never left out.
 */
export type RegistryFacts = {
  /** What a build would pull. */
  readonly image: PulledImage | Unanswered;
  /** Beside a pinned digest: what the tag stands for now. Absent where tag and digest are not both written. */
  readonly tag?: TagBesidePin | Unanswered;
  /** Absent where there is no image. */
  readonly content?: ImageContent | Unanswered;
  /** Absent where the tag names nothing that a list can be compared with (`latest`). */
  readonly newer?: NewerTags | Unlistable | Unanswered;
  /** Absent where the catalog or the policy knows the publisher, and where badges do not count. */
  readonly publisher?: PublisherEvidence | NoLookUp | Unanswered;
};

export type PulledImage =
  | { readonly kind: 'found'; readonly digest: Digest }
  /** `message`: what the registry said; a private image may be told as missing. */
  | { readonly kind: 'missing'; readonly message: string };

/**
 * `same`: the pinned digest, its index, or another index with the same image for each platform in use. `moved`: the digest to
 * write in place of the pinned one. `gone`: the registry does not know the tag any more.
 */
export type TagBesidePin =
  | { readonly kind: 'same' }
  | { readonly kind: 'moved'; readonly digest: Digest }
  | { readonly kind: 'gone' };

export type ImageContent = {
  readonly kind: 'read';
  /** `linux/arm64`, each once, in the order of the index. */
  readonly platforms: readonly string[];
  /** Compressed, of the platforms in use. */
  readonly sizes: readonly { readonly platform: string; readonly sizeBytes: number }[];
};

export type NewerTags = {
  readonly kind: 'listed';
  /** One per lane. */
  readonly candidates: readonly Candidate[];
  /** The newest tag within the present line, published for all platforms in use as far as that was read. */
  readonly recommended?: string;
  /** There are more tags than were read: the newest may not be among them. */
  readonly isTruncated: boolean;
};

/** The registry hands out images, and no lists of tags: no newer version can ever be told there. */
export type Unlistable = { readonly kind: 'unlistable'; readonly message: string };

/** `badge: none`: looked up, and neither official nor verified. */
export type PublisherEvidence = {
  readonly kind: 'looked-up';
  readonly badge: 'official' | 'verified-publisher' | 'sponsored-open-source' | 'none';
  readonly name?: string;
  readonly lookedUpOn: IsoDate;
};

/** A mirror is asked in place of Docker Hub, and has no badges. */
export type NoLookUp = { readonly kind: 'not-offered' };

/** `code`: the registry port's. `message`: who was asked what, what came back and what to do. */
export type Unanswered = { readonly kind: 'unanswered'; readonly code: string; readonly message: string };

/** The evidence that a namespace of Docker Hub is an official one, or that of a verified publisher. */
export function trustedBadge(registry: RegistryFacts | undefined): PublisherEvidence | undefined {
  const publisher = registry?.publisher;
  return publisher?.kind === 'looked-up' && publisher.badge !== 'none' ? publisher : undefined;
}

/** `a verified publisher on Docker Hub (looked up on 2026-11-23)`. */
export function describeBadge({ badge, lookedUpOn }: PublisherEvidence): string {
  const words: Readonly<Record<PublisherEvidence['badge'], string>> = {
    official: 'an official publisher',
    'verified-publisher': 'a verified publisher',
    'sponsored-open-source': 'a sponsored open source publisher',
    none: 'no verified publisher',
  };
  return `${words[badge]} on Docker Hub (looked up on ${lookedUpOn})`;
}
