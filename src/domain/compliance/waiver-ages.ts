import type { Instant } from '../source/instant.ts';
import type { Span } from './choose-spans.ts';
import type { WaiverWords } from './compliance.ts';

/** A waiver of a fleet, once for all repositories that it holds in. */
export type AgedWaiver = {
  readonly words: WaiverWords;
  /** When a look saw it first. */
  readonly seenSince: Instant;
  /** Where it holds. */
  readonly repositories: readonly string[];
  /** What it covered at the last looks; `null`: somewhere it was not looked at, and nowhere else it covers anything. */
  readonly covers: number | null;
};

export type WaiverSpan = Span & { readonly waivers: readonly WaiverWords[] };

/**
 * The waivers that held at the last look of each repository, the oldest first.
 *
 * @param present the spans of these looks, with what each of their waivers covered.
 * @param all every span that may have seen them before.
 */
export function waiverAges(
  present: readonly (WaiverSpan & { readonly covers: readonly (number | null)[] })[],
  all: readonly WaiverSpan[],
): readonly AgedWaiver[] {
  const seenSince = new Map<string, Instant>();
  // The same list is the same object: it is read once.
  const first = new Map<readonly WaiverWords[], Instant>();
  for (const { waivers, firstAt } of all) first.set(waivers, Math.min(first.get(waivers) ?? firstAt, firstAt));
  for (const [waivers, at] of first)
    for (const words of waivers) {
      const key = keyOf(words);
      seenSince.set(key, Math.min(seenSince.get(key) ?? at, at));
    }
  const held = present.flatMap(({ repository, waivers, covers, firstAt }) =>
    waivers.map((words, at) => ({ words, repository, firstAt, covers: covers[at] ?? null })),
  );
  const groups = [...Map.groupBy(held, ({ words }) => keyOf(words))];
  return groups
    .flatMap(([key, [one, ...others]]): readonly AgedWaiver[] => {
      if (one === undefined) return [];
      const same = [one, ...others];
      const covered = same.reduce((sum, { covers }) => sum + (covers ?? 0), 0);
      const isTold = covered > 0 || same.every(({ covers }) => covers !== null);
      return [
        {
          ...{ words: one.words, seenSince: seenSince.get(key) ?? one.firstAt },
          ...{ repositories: same.map(({ repository }) => repository), covers: isTold ? covered : null },
        },
      ];
    })
    .toSorted((one, other) => one.seenSince - other.seenSince);
}

/** What makes it the same waiver: renewed, it is another one. */
function keyOf({ id, file, image, path, of, owner, approvedBy, until }: WaiverWords): string {
  return JSON.stringify([id, file, image, path, of, owner, approvedBy, until]);
}
