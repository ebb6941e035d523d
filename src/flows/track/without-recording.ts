import type { RecordedEvent } from '../../domain/deadline/episode.ts';
import { withEvents } from '../../domain/deadline/with-events.ts';
import type { EpisodeLog } from '../../ports/episode-log.ts';

/** A dry run goes on with what it would have recorded. */
export function withoutRecording(log: EpisodeLog): EpisodeLog {
  const told: RecordedEvent[] = [];
  return {
    async ofRepository(repository) {
      const own = told.filter(({ subject }) => subject.repository === repository);
      return withEvents(await log.ofRepository(repository), own);
    },
    list: (since) => log.list(since),
    async append(events) {
      told.push(...events);
    },
  };
}
