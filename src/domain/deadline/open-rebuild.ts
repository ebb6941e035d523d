import type { Instant } from '../source/instant.ts';
import { allOf, type EpisodeEvent } from './episode.ts';

/** A run that was asked for a release. `url`: for people; empty where the forge told none. */
export type OpenRebuild = { readonly since: Instant; readonly url: string };

/** The newest run that was asked for since the finding was there last. */
export function openRebuild(events: readonly EpisodeEvent[]): OpenRebuild | undefined {
  const back = allOf(events, 'reopened').at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const asked = allOf(events, 'rebuild-asked').findLast(({ at }) => at >= back);
  return asked === undefined ? undefined : { since: asked.at, url: asked.what.url };
}
