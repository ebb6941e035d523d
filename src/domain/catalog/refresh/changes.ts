import type { CycleRow, RenewableParts } from '../snapshot.ts';

/** What a refresh changes, in the order in which it is shown. This is also JSON output. */
export type CatalogChanges = {
  readonly repositories: { readonly added: readonly string[]; readonly gone: readonly string[] };
  /** Repositories on both sides whose tags differ. */
  readonly tags: readonly TagChange[];
  readonly lines: {
    readonly added: readonly LineAdded[];
    readonly gone: readonly Line[];
    readonly ends: readonly LineChange[];
    readonly longTermEnds: readonly LineChange[];
    readonly lts: readonly LineChange[];
    /** How many lines have another newest version, or another day of release. */
    readonly updated: number;
  };
};

type TagChange = {
  readonly repository: string;
  readonly before: number;
  readonly after: number;
  readonly added: readonly string[];
  readonly gone: readonly string[];
};
type Line = { readonly product: string; readonly line: string };
type LineAdded = Line & { readonly ends: Field; readonly lts: Field };
type LineChange = Line & { readonly from: Field; readonly to: Field };
/** A date, whether, or null where nothing is stated. */
type Field = string | boolean | null;

const [nameAt, ltsAt, releasedAt, endsAt, longTermAt, latestAt] = [0, 2, 3, 4, 5, 6] as const;

export function compareParts(before: RenewableParts, after: RenewableParts): CatalogChanges {
  // Names come from outside: a repository may be called `constructor`.
  const old = new Map(Object.entries(before.official.repositories));
  const now = new Map(Object.entries(after.official.repositories));
  return {
    repositories: {
      added: [...now.keys()].filter((name) => !old.has(name)).sort(),
      gone: [...old.keys()].filter((name) => !now.has(name)).sort(),
    },
    tags: [...now.keys()].sort().flatMap((name) => tagChange(name, old.get(name), now.get(name) ?? '')),
    lines: compareLines(before, after),
  };
}

function tagChange(repository: string, old: string | undefined, now: string): readonly TagChange[] {
  if (old === undefined || old === now) return [];
  const before = new Set(old.split(' '));
  const after = new Set(now.split(' '));
  const added = [...after.difference(before)];
  const gone = [...before.difference(after)];
  return [{ repository, before: before.size, after: after.size, added, gone }];
}

function compareLines(before: RenewableParts, after: RenewableParts): CatalogChanges['lines'] {
  const old = linesOf(before);
  const now = linesOf(after);
  const both = [...now].flatMap(([key, { row, ...line }]) => {
    const was = old.get(key);
    return was === undefined ? [] : [{ line, was: was.row, is: row }];
  });
  const changed = (at: typeof endsAt | typeof longTermAt | typeof ltsAt) =>
    both.flatMap(({ line, was, is }) => {
      // No LTS and nothing said of LTS are one.
      const [from, to] = at === ltsAt ? [was[at] || null, is[at] || null] : [was[at], is[at]];
      return from === to ? [] : [{ ...line, from, to }];
    });
  return {
    added: [...now].flatMap(([key, { row, ...line }]) =>
      old.has(key) ? [] : [{ ...line, ends: row[endsAt], lts: row[ltsAt] }],
    ),
    gone: [...old].flatMap(([key, { product, line }]) => (now.has(key) ? [] : [{ product, line }])),
    ends: changed(endsAt),
    longTermEnds: changed(longTermAt),
    lts: changed(ltsAt),
    updated: both.filter(({ was, is }) => was[latestAt] !== is[latestAt] || was[releasedAt] !== is[releasedAt]).length,
  };
}

function linesOf({ lifeCycles }: RenewableParts): ReadonlyMap<string, Line & { readonly row: CycleRow }> {
  const rows = Object.entries(lifeCycles.products).flatMap(([product, { cycles }]) =>
    cycles.map((row) => [`${product} ${row[nameAt]}`, { product, line: row[nameAt], row }] as const),
  );
  return new Map(rows);
}
