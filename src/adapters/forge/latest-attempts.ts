import type { Check } from '../../domain/merge/checks.ts';

/** One attempt at a check. Those of one `group` are about the same; of two the later in `order` counts. */
export type Attempt = Omit<Check, 'hasFailedBefore'> & { readonly group: string; readonly order: number };

/** What counts of each group, sorted by name. */
export function latestAttempts(attempts: readonly Attempt[]): readonly Check[] {
  const groups = Map.groupBy(attempts, ({ group }) => group);
  return [...groups.values()]
    .flatMap((members) => {
      const inOrder = members.toSorted((a, b) => a.order - b.order);
      const last = inOrder.at(-1);
      if (last === undefined) return [];
      const { group: _, order: __, startedAt, triedAt = startedAt, ...check } = last;
      const began = inOrder.flatMap((one) => one.startedAt ?? []);
      return {
        ...check,
        ...(began.length === 0 ? {} : { startedAt: Math.min(...began) }),
        ...(triedAt === undefined ? {} : { triedAt }),
        hasFailedBefore: inOrder.slice(0, -1).some(({ state }) => state === 'failure'),
      };
    })
    .sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
}
