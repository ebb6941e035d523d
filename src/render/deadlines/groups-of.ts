import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';

/** What one update closes, in the order of the first of each. */
export function groupsOf(episodes: readonly EpisodeResult[]): readonly (readonly EpisodeResult[])[] {
  return [...Map.groupBy(episodes, groupKey).values()];
}

function groupKey({ repository, path, stage, platform, image, delay, state, pause }: EpisodeResult): string {
  return JSON.stringify([repository, path, stage, platform, image, delay?.reason, state, pause?.waiver?.id]);
}
