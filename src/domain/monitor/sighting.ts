import type { Digest } from '../image/manifest.ts';
import type { Instant } from '../source/instant.ts';

/**
 * A tag's digest as it was seen over a time without a break. A later one with another digest, or with the same one again,
 * is another sighting. Of one that was written down `lastSeenAt` moves, forward only, and `osRelease` and `sizeBytes` are
 * filled in, once; nothing else of it ever changes.
 */
export type Sighting = {
  readonly tag: string;
  /** `linux/arm64`; `*` for what the tag itself stands for, index or image. */
  readonly platform: string;
  readonly digest: Digest;
  /** `debian 12`, `alpine 3.22`; absent until it was read, or when nothing says it. */
  readonly osRelease?: string;
  /** Compressed; absent until it was read. */
  readonly sizeBytes?: number;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  /** How it is known: `head`, `listing`, or the digest of the index that names it. */
  readonly evidence: string;
};

/** The platform of a sighting of the tag itself. */
export const anyPlatform = '*';
