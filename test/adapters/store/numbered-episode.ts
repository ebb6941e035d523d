import type { RecordedEvent } from '../../../src/domain/deadline/episode.ts';
import { closed, detected, episodeOf, fixAvailable } from '../../domain/deadline/lived.ts';

/** An episode that tells its number, whole from detection to its end where that is even. */
export function numberedEpisode(number: number): readonly RecordedEvent[] {
  const { subject, events } = episodeOf(detected('0d', 'high'), fixAvailable('1d'));
  const all = number % 2 === 0 ? [...events, closed('2d')] : events;
  const own = { ...subject, path: `services/${number}/Dockerfile` };
  return all.map((event) => ({ subject: own, number: 1, event }));
}
