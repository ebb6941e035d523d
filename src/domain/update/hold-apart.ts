import { expandedText } from '../dockerfile/edit.ts';
import type { ImageUse } from '../image/image-use.ts';
import { parseReference, type Reference, repositoryName } from '../image/reference.ts';
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
  const targets = new Map(wishes.map((wish) => [wish.use, versionText(wish.to)]));
  const held: { readonly wish: T; readonly reason: string }[] = [];
  const together = wishes.filter((wish) => {
    const version = versionText(wish.from);
    if (version === undefined || versionText(wish.to) === version) return true;
    const parted = uses.find((use) => {
      const other = wishes.find((one) => one.use === use)?.from ?? referenceOf(use);
      if (other === undefined || use === wish.use || !isSibling(other, wish, version)) return false;
      return (targets.get(use) ?? version) !== targets.get(wish.use);
    });
    if (parted === undefined) return true;
    const goesTo = targets.get(wish.use) ?? '';
    const name = expandedText(parted);
    held.push({
      wish,
      reason: `it moves together with ${name} of line ${parted.line}, which has no tag of ${goesTo} yet`,
    });
    return false;
  });
  return { together, held };
}

function isSibling(other: Reference, { from }: VersionWish, version: string): boolean {
  return repositoryName(other) === repositoryName(from) && versionText(other) === version && other.tag !== from.tag;
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
