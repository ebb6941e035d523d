import { type Episode, type RecordedEvent, subjectKey } from './episode.ts';

/** Episodes with what was recorded since; a newer one of the same subject takes the place of the one before. */
export function withEvents(episodes: readonly Episode[], events: readonly RecordedEvent[]): readonly Episode[] {
  const bySubject = new Map(episodes.map((episode) => [subjectKey(episode.subject), episode]));
  for (const [key, own] of Map.groupBy(events, ({ subject }) => subjectKey(subject))) {
    const [first] = own;
    if (first === undefined) continue;
    const { subject, number } = first;
    const before = bySubject.get(key);
    const told = before?.number === number ? before.events : [];
    bySubject.set(key, { subject, number, events: [...told, ...own.map(({ event }) => event)] });
  }
  return [...bySubject.values()];
}
