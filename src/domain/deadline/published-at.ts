import type { Instant } from '../source/instant.ts';

export type Publication = {
  /** What the image says of itself: its builder wrote it, and many write 1970. */
  readonly createdAt: Instant | undefined;
  /** When its commit was made. */
  readonly committedAt: Instant | undefined;
  /** The last look at the repository that did not see it. */
  readonly missedAt: Instant | undefined;
  readonly firstSeenAt: Instant;
};

/** When an image was published: as it says, where something bears out that it is no earlier and no later; else when it was first seen. */
export function publishedAt({ createdAt, committedAt, missedAt, firstSeenAt }: Publication): Instant {
  const bounds = [committedAt, missedAt].filter((at) => at !== undefined);
  const isBorneOut = bounds.length > 0 && createdAt !== undefined && createdAt >= Math.max(...bounds);
  return isBorneOut && createdAt <= firstSeenAt ? createdAt : firstSeenAt;
}
