import type { RenewableParts } from '../snapshot.ts';

/** Something that became so much smaller that the source may be broken or cut. */
export type Shrink = { readonly what: string; readonly before: number; readonly after: number };

/** The whole, and the lines of one product, may lose a fifth between two refreshes. */
const wholeShare = 0.8;
/**
 * One repository may lose half: dropping an old line easily costs it a fifth. Over 51 repositories from 2023 to 2026, one
 * quarter to the next, 8 of 100 lost a fifth and 6 of 1,000 a half.
 */
const repositoryShare = 0.5;
const manyTags = 20;
const manyLines = 5;

/**
 * What shrank by more than is usual: repositories, tags of all and of one that had many, lines of a product, lines with a known
 * end, products that could be renewed.
 *
 * @param renewedProducts how many products the life-cycle source could renew; `undefined` when it was not read at all.
 */
export function findShrinks(
  before: RenewableParts,
  after: RenewableParts,
  renewedProducts: number | undefined,
): readonly Shrink[] {
  const [old, now] = [tagCounts(before), tagCounts(after)];
  const [oldLines, nowLines] = [lineCounts(before), lineCounts(after)];
  return [
    ...shrink('official repositories', old.size, now.size, wholeShare),
    ...shrink('tags of all official repositories', sum(old), sum(now), wholeShare),
    ...[...old].flatMap(([name, count]) =>
      count < manyTags ? [] : shrink(`tags of ${name}`, count, now.get(name) ?? 0, repositoryShare),
    ),
    ...(renewedProducts === undefined
      ? []
      : shrink('products with a life cycle', oldLines.size, renewedProducts, wholeShare)),
    ...[...oldLines].flatMap(([name, count]) =>
      count < manyLines ? [] : shrink(`lines of ${name}`, count, nowLines.get(name) ?? 0, wholeShare),
    ),
    ...shrink('lines with a known end', knownEnds(before), knownEnds(after), wholeShare),
  ];
}

function shrink(what: string, before: number, after: number, share: number): readonly Shrink[] {
  return after < before * share ? [{ what, before, after }] : [];
}

function tagCounts({ official }: RenewableParts): ReadonlyMap<string, number> {
  return new Map(Object.entries(official.repositories).map(([name, tags]) => [name, tags.split(' ').length]));
}

function lineCounts({ lifeCycles }: RenewableParts): ReadonlyMap<string, number> {
  return new Map(Object.entries(lifeCycles.products).map(([name, { cycles }]) => [name, cycles.length]));
}

function knownEnds({ lifeCycles }: RenewableParts): number {
  return Object.values(lifeCycles.products)
    .flatMap(({ cycles }) => cycles)
    .filter(([, , , , ends]) => typeof ends === 'string').length;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
