import type { Instant } from '../source/instant.ts';

/** From the first to the last look that told the same. */
export type Span = {
  readonly id: number;
  readonly repository: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
};

/** Which spans tell how a fleet stood when. */
export type ChosenSpans<T extends Span> = {
  /** How each repository stood that was looked at in the time: by its last look. */
  readonly present: readonly T[];
  /** How the same repositories stood at its beginning; those that came later, when they were seen first. */
  readonly before: readonly T[];
  /** At the end of each of the stretches; repositories that were not looked at by then are absent. */
  readonly atEnds: readonly (readonly T[])[];
  /** Known, and not looked at in the time. `lastAt`: before it; absent where it never was. */
  readonly unseen: readonly { readonly repository: string; readonly lastAt?: Instant }[];
};

type Time = { readonly since: Instant; readonly now: Instant; readonly ends: readonly Instant[] };

/**
 * A look holds until the next one. A repository that nobody looked at in the time is in no number: how it stands is not known.
 *
 * @param spans of each repository from the oldest to the newest.
 * @param repositories those that are meant; absent: all that have a span.
 */
export function chooseSpans<T extends Span>(
  spans: readonly T[],
  { since, now, ends }: Time,
  repositories?: Iterable<string>,
): ChosenSpans<T> {
  const known = Map.groupBy(
    spans.filter(({ firstAt }) => firstAt <= now),
    ({ repository }) => repository,
  );
  const meant = [...(repositories ?? known.keys())].map((repository) => ({
    repository,
    own: known.get(repository) ?? [],
  }));
  const seen = meant.flatMap(({ own }) => ((own.at(-1)?.lastAt ?? Number.NEGATIVE_INFINITY) >= since ? [own] : []));
  const standingAt = (own: readonly T[], at: Instant) => own.findLast(({ firstAt }) => firstAt <= at);
  return {
    present: seen.flatMap((own) => own.at(-1) ?? []),
    before: seen.flatMap((own) => standingAt(own, since) ?? own[0] ?? []),
    atEnds: ends.map((at) => seen.flatMap((own) => standingAt(own, at) ?? [])),
    unseen: meant.flatMap(({ repository, own }) => {
      const lastAt = own.at(-1)?.lastAt;
      if (lastAt !== undefined && lastAt >= since) return [];
      return [{ repository, ...(lastAt === undefined ? {} : { lastAt }) }];
    }),
  };
}
