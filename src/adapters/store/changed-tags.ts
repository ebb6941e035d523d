import type { ListedTag } from '../../domain/candidates/candidate.ts';

/**
 * What a listing adds to the tags that are known: new ones, and newer push dates. A tag may be listed twice; what does not
 * change is not written.
 *
 * @param known push date by tag, `null` where none is known.
 * @returns push date by tag.
 */
export function changedTags(
  known: ReadonlyMap<string, string | null>,
  listed: readonly ListedTag[],
): ReadonlyMap<string, string | null> {
  const changed = new Map<string, string | null>();
  for (const { tag, pushedAt = null } of listed) {
    const before = changed.get(tag) ?? known.get(tag);
    // ISO 8601 in UTC: the later text is the later time, and an instant comes after its day.
    if (before === undefined || (pushedAt !== null && (before === null || pushedAt > before)))
      changed.set(tag, pushedAt);
  }
  return changed;
}
