import { formatPlatform, parsePlatform } from '../../domain/image/platform.ts';
import { canonicalReference, type Reference } from '../../domain/image/reference.ts';

/** Where an image finds what was said of it. @param platform that a use or the run names. */
export function scanKey(reference: Reference, platform: string | undefined): string {
  const named = parsePlatform(platform ?? '');
  return `${canonicalReference(reference)} ${named === undefined ? '' : formatPlatform(named)}`;
}
