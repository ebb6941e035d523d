import { type ReleaseKind, releaseKind, releaseSeries } from './release-kind.ts';

export type NamedRelease = { readonly name: string; readonly kind: ReleaseKind };

/**
 * The newest releases among the names of tags, with what each changes against the one before.
 *
 * Names that are no semantic version are none: `latest` moves, and `nightly` is not what people run. Where one repository releases several
 * things (`shop-v1.2.3`, `cart-v2.0.0`), each has a series of its own.
 *
 * @param most of each series.
 */
export function newestReleases(names: readonly string[], most: number): readonly NamedRelease[] {
  const read = names.flatMap((name) => {
    const series = releaseSeries(name);
    return series === undefined ? [] : [{ name, ...series }];
  });
  return [...Map.groupBy(read, ({ series }) => series).values()].flatMap((same) => {
    const ordered = same.toSorted((a, b) => compareNumbers(a.numbers, b.numbers));
    return ordered
      .map(({ name }, index): NamedRelease => ({ name, kind: releaseKind(name, ordered[index - 1]?.name) }))
      .slice(-most);
  });
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
