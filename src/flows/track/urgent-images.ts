import { episodeStanding } from '../../domain/deadline/episode-standing.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeHistory } from '../../ports/episode-log.ts';
import type { ReadTree } from './track-request.ts';

/**
 * Images with an open CRITICAL finding that no update has mended yet, of the repositories of a run: `docker.io/library/node`.
 *
 * @see policy 5.2.5: immediate update
 */
export async function urgentImages(
  history: Pick<EpisodeHistory, 'ofRepository'>,
  trees: readonly Pick<ReadTree, 'repository' | 'policy'>[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  const images = new Set<string>();
  for (const { repository, policy } of trees) {
    for (const episode of await history.ofRepository(repository)) {
      const { state, severity, milestones } = episodeStanding(episode, policy.deadlines, now);
      const isOpen = state !== 'closed' && milestones.mergedAt === undefined;
      if (isOpen && severity === 'critical') images.add(episode.subject.image);
    }
  }
  return images;
}
