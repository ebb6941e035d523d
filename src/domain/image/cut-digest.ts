import type { Digest } from './manifest.ts';

/** For sentences: the algorithm and the first twelve digits. */
export function cutDigest(digest: Digest): string {
  return digest.slice(0, digest.indexOf(':') + 1 + 12);
}
