import type { Instant } from '../source/instant.ts';
import type { DeadlineSettings } from './deadline-settings.ts';
import { allOf, type Episode } from './episode.ts';
import { episodeStanding } from './episode-standing.ts';
import { evidenceOf } from './scan-evidence.ts';
import { placeKey, type TrackedUse } from './tracked-use.ts';

/** What one repository has to be built anew for. */
export type WantedRebuilds = {
  /** Nobody has asked for these yet. */
  readonly unasked: readonly RebuildOf[];
  /** Another finding of the same content was asked for: that release ends these, too. */
  readonly covered: readonly (RebuildOf & { readonly url: string })[];
};

/**
 * `digest`: of the content that is free of it. `intended`: it was to be asked for, and what came of that is not written down. `at`: the last time;
 * `after`: the newest run that was there before the first.
 */
export type RebuildOf = {
  readonly episode: Episode;
  readonly digest: string;
  readonly intended?: { readonly at: Instant; readonly after: number };
};

/**
 * CRITICAL findings that the branch is free of because the tag that its file names moved, and that are in a release still: nothing
 * was merged that would make one. The file names the tag that it named when the finding was found, and pins no digest.
 *
 * @param episodes of one repository
 * @param uses as they stand on its branch now
 * @see policy 5.2.5: rebuild and release
 */
export function wantedRebuilds(
  episodes: readonly Episode[],
  uses: readonly TrackedUse[],
  settings: DeadlineSettings,
  now: Instant,
): WantedRebuilds {
  const byPlace = new Map(uses.map((use) => [placeKey(use.place), use]));
  const wanted = episodes.flatMap((episode) => {
    const { state, severity } = episodeStanding(episode, settings, now);
    if (state === 'closed' || severity !== 'critical') return [];
    const digest = movedTo(episode, byPlace.get(placeKey(episode.subject)));
    return digest === undefined ? [] : [{ episode, digest, since: begunAt(episode) }];
  });
  const open = wanted.map((one) => ({ ...one, asked: askedFor(one, episodes) }));
  return {
    unasked: open.flatMap(({ episode, digest, since, asked }) => {
      if (asked !== undefined) return [];
      const intentions = intentionsFor({ digest, since }, episodes);
      const [first, last] = [intentions.at(0), intentions.at(-1)];
      const isIntended = first !== undefined && last !== undefined;
      return [{ episode, digest, ...(isIntended ? { intended: { at: last.at, after: first.what.after } } : {}) }];
    }),
    covered: open.flatMap(({ episode, digest, since, asked }) =>
      asked === undefined || askedFor({ digest, since }, [episode]) !== undefined
        ? []
        : [{ episode, digest, url: asked }],
    ),
  };
}

/** @returns the content that mends it, where the tag alone brought it */
function movedTo({ subject, events }: Episode, use: TrackedUse | undefined): string | undefined {
  const merged = allOf(events, 'merged').at(-1);
  if (use?.tag === undefined || merged?.what.digest === undefined) return undefined;
  const found = [...allOf(events, 'detected'), ...allOf(events, 'reopened')].toSorted((a, b) => a.at - b.at).at(-1);
  if (found?.what.tag !== use.tag || merged.at < found.at) return undefined;
  return evidenceOf(use.scan, subject).kind === 'absent' ? merged.what.digest : undefined;
}

function begunAt({ events }: Episode): Instant {
  return allOf(events, 'reopened').at(-1)?.at ?? Number.NEGATIVE_INFINITY;
}

type Wanted = { readonly digest: string; readonly since: Instant };

/** @returns the address of the run */
function askedFor({ digest, since }: Wanted, episodes: readonly Episode[]): string | undefined {
  return episodes
    .flatMap(({ events }) => allOf(events, 'rebuild-asked'))
    .find(({ at, what }) => what.digest === digest && at >= since)?.what.url;
}

function intentionsFor({ digest, since }: Wanted, episodes: readonly Episode[]) {
  return episodes
    .flatMap(({ events }) => allOf(events, 'rebuild-intended'))
    .filter(({ at, what }) => what.digest === digest && at >= since)
    .toSorted((a, b) => a.at - b.at);
}
