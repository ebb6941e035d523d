import type { Instant } from '../source/instant.ts';
import { frozenNumbers } from './closed-episode.ts';
import type { DeadlineSettings } from './deadline-settings.ts';
import type { Episode, RecordedEvent } from './episode.ts';
import { closingOf } from './milestones.ts';
import { placeKey, type TrackedUse, type UsePlace } from './tracked-use.ts';

/**
 * Uses whose stage was renamed or renumbered: of the same file, platform and image a place is gone, and another is there that nothing
 * was told of. Of several the first is taken for the first.
 *
 * @returns by the `placeKey` of the place that is gone
 */
export function renamedUses(
  episodes: readonly Episode[],
  uses: readonly TrackedUse[],
): ReadonlyMap<string, TrackedUse> {
  const open = episodes.filter(({ events }) => closingOf(events) === undefined);
  const known = new Map(open.map(({ subject }) => [placeKey(subject), subject as UsePlace]));
  const present = new Set(uses.map(({ place }) => placeKey(place)));
  const gone = [...known.values()].filter((place) => !present.has(placeKey(place))).toSorted(byStage);
  const fresh = Map.groupBy(
    uses.filter(({ place }) => !known.has(placeKey(place))),
    ({ place }) => apartFromStage(place),
  );
  return new Map(
    gone.flatMap((place) => {
      const use = fresh.get(apartFromStage(place))?.shift();
      return use === undefined ? [] : [[placeKey(place), use] as const];
    }),
  );
}

/** The old episode is closed, and what it told is told of the stage as it is called now: the clock runs on. */
export function carryOver(
  episode: Episode,
  { place }: Pick<TrackedUse, 'place'>,
  { number, settings, now }: { readonly number: number; readonly settings: DeadlineSettings; readonly now: Instant },
): { readonly episode: Episode; readonly events: readonly RecordedEvent[] } {
  const { subject, events } = episode;
  const carried: Episode = {
    subject: { ...subject, stage: place.stage },
    number,
    events: [...events, { at: now, what: { kind: 'continued', stage: subject.stage } }],
  };
  // In time or late is told of the one that goes on.
  const frozen = { ...frozenNumbers(episode, settings, now), isInTime: null };
  const end: RecordedEvent = {
    ...{ subject, number: episode.number },
    event: { at: now, what: { kind: 'closed', because: 'renamed', frozen } },
  };
  const begun = carried.events.map((event) => ({ subject: carried.subject, number, event }));
  return { episode: carried, events: [end, ...begun] };
}

function apartFromStage({ repository, path, platform, image }: UsePlace): string {
  return placeKey({ repository, path, platform, image, stage: '' });
}

function byStage(a: UsePlace, b: UsePlace): number {
  return a.stage.localeCompare(b.stage, 'en', { numeric: true });
}
