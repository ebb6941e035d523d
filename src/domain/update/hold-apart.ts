import { expandedText } from '../dockerfile/edit.ts';
import type { ImageUse } from '../image/image-use.ts';
import { canonicalReference, parseReference, type Reference, repositoryName } from '../image/reference.ts';
import { parseTag, versionOf } from '../image/tag.ts';
import type { Wish } from './plan-file.ts';

/** A wish of one file. */
export type VersionWish = Wish & { readonly from: Reference; readonly to: Reference };

/**
 * Wishes of a file that would part what moves together: images of one repository at one version (`node:22.1.0` that builds,
 * `node:22.1.0-slim` that runs). Where one of them has no tag of the version that the other goes to, none goes.
 *
 * @param uses of the whole file: one that nothing is wished for stays where it is.
 */
export function holdApart<T extends VersionWish>(
  wishes: readonly T[],
  uses: readonly ImageUse[],
): { readonly together: readonly T[]; readonly held: readonly { readonly wish: T; readonly reason: string }[] } {
  const byUse = new Map(wishes.map((wish) => [wish.use, wish]));
  const named = uses.flatMap((use) => {
    const wish = byUse.get(use);
    const reference = wish?.from ?? referenceOf(use);
    const version = reference === undefined ? undefined : versionText(reference);
    if (reference === undefined || version === undefined) return [];
    const goesTo = (wish === undefined ? undefined : versionText(wish.to)) ?? version;
    return [{ use, reference, version, goesTo }];
  });
  // A file may have thousands of wishes from one reference to another: they part the same uses.
  const known = new Map<string, ImageUse | undefined>();
  const partedOf = ({ from, to }: VersionWish, version: string) => {
    const key = `${canonicalReference(from)} ${canonicalReference(to)}`;
    if (!known.has(key))
      known.set(key, named.find((other) => isSibling(other, from, version) && other.goesTo !== versionText(to))?.use);
    return known.get(key);
  };
  const held: { readonly wish: T; readonly reason: string }[] = [];
  const together = wishes.filter((wish) => {
    const version = versionText(wish.from);
    const goesTo = versionText(wish.to);
    if (version === undefined || goesTo === version) return true;
    const parted = partedOf(wish, version);
    if (parted === undefined) return true;
    const name = expandedText(parted);
    held.push({
      wish,
      reason: `it moves together with ${name} of line ${parted.line}, which has no tag of ${goesTo ?? ''} yet`,
    });
    return false;
  });
  return { together, held };
}

type Named = { readonly reference: Reference; readonly version: string };

function isSibling({ reference, version: own }: Named, from: Reference, version: string): boolean {
  return own === version && reference.tag !== from.tag && repositoryName(reference) === repositoryName(from);
}

function referenceOf(use: ImageUse): Reference | undefined {
  const parsed = parseReference(expandedText(use));
  return parsed.kind === 'ok' ? parsed.reference : undefined;
}

/** The whole version of three numbers or more; of others the tag itself moves on. */
function versionText({ tag }: Reference): string | undefined {
  const numbers = tag === undefined ? undefined : versionOf(parseTag(tag))?.numbers;
  return numbers === undefined || numbers.length < 3 ? undefined : numbers.join('.');
}
