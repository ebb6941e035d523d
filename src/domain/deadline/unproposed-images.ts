import type { Instant } from '../source/instant.ts';
import type { DeadlineSettings } from './deadline-settings.ts';
import { delayOf } from './delay.ts';
import type { Episode } from './episode.ts';
import { episodeStanding } from './episode-standing.ts';

/**
 * Images with an open CRITICAL finding that a patched base would end, while no pull request of ours brings it:
 * `docker.io/library/node`. What is waived waits for nobody.
 *
 * @param episodes of one repository
 * @see policy 5.2.5: immediate update
 */
export function unproposedImages(
  episodes: readonly Episode[],
  settings: DeadlineSettings,
  now: Instant,
): ReadonlySet<string> {
  const images = episodes.flatMap((episode) => {
    const standing = episodeStanding(episode, settings, now);
    const isUrgent = standing.state !== 'closed' && standing.severity === 'critical';
    return isUrgent && delayOf(standing).reason === 'not-proposed' ? [episode.subject.image] : [];
  });
  return new Set(images);
}
