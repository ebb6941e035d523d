import { describeImage } from '../../domain/catalog/describe-image.ts';
import type { ImageFacts } from '../../domain/catalog/image-facts.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { parseTag, versionOf } from '../../domain/image/tag.ts';
import { type EventKind, eventKey, type MonitorEvent } from '../../domain/monitor/event.ts';
import { catalogState, lifeEvents } from '../../domain/monitor/life-events.ts';
import { nextDue } from '../../domain/monitor/next-due.ts';
import { type Look, type Sight, sightTag } from '../../domain/monitor/sight-tag.ts';
import type { WatchedImage, WatchedTag } from '../../domain/monitor/watched-image.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';
import type { Observation } from '../../ports/store.ts';
import type { ImageState } from './image-state.ts';
import type { MonitorRequest } from './monitor-request.ts';
import { platformSightings } from './platform-sightings.ts';
import { type ReadMove, readMove } from './read-move.ts';

/** One tag of one image, with what is known of it. */
export type AskedTag = {
  readonly watched: WatchedImage;
  readonly tag: WatchedTag;
  readonly state: ImageState;
  readonly request: MonitorRequest;
};

/**
 * Looks at one tag and tells what is to be written down: what was seen and what follows from it, or the registry's refusal.
 *
 * @param listed its digest, where the registry's listing gave it.
 */
export async function askTag(registry: Registry, asked: AskedTag, listed: Digest | undefined): Promise<Observation> {
  const { watched, tag, state, request } = asked;
  try {
    const digest = listed ?? (await registry.resolve(watched.address, tag.tag)).digest;
    const at = request.clock();
    const look: Look = { tag: tag.tag, digest, at, evidence: listed === undefined ? 'head' : 'listing' };
    const sight = sightTag(state.pastOf(tag.tag), state.checkOf(tag.tag)?.suspected, look);
    if (sight.kind !== 'moved' && sight.kind !== 'moved-back') return answered(asked, look, sight, undefined);
    const step = { from: sight.from, to: digest };
    const context = { catalog: request.catalog, today: dayOf(at) };
    return answered(asked, look, sight, await readMove(registry, watched, tag, step, context));
  } catch (error) {
    if (error instanceof RegistryError) return refused(asked, error);
    throw error;
  }
}

function answered(asked: AskedTag, look: Look, sight: Sight, move: ReadMove | undefined): Observation {
  const { watched, tag, state, request } = asked;
  const { at, digest } = look;
  const facts = factsOf(asked, at);
  const isSuspected = sight.kind === 'suspected';
  const isUnread = sight.kind === 'first' || (move !== undefined && move.content === undefined);
  const content = move?.content;
  const events = [...moveEvents(sight, move), ...lifeEvents(state.checkOf(tag.tag), facts)];
  return {
    image: watched.image,
    sightings: [
      ...(isSuspected ? [] : [sight.sighting]),
      ...(content === undefined ? [] : platformSightings(state, tag.tag, content, request.catalog, at)),
    ],
    checks: [
      {
        tag: tag.tag,
        attemptedAt: at,
        verifiedAt: at,
        outcome: 'verified',
        failures: 0,
        ...(isSuspected ? { suspected: sight.digest } : {}),
        ...catalogState(facts),
        dueAt: dueAfter(asked, sight, facts, at),
      },
    ],
    events: events.map((what) => eventOf(asked, at, what)),
    ...(isUnread ? { unread: [{ tag: tag.tag, digest, uses: tag.uses.length }] } : {}),
  };
}

function moveEvents(sight: Sight, move: ReadMove | undefined): readonly EventKind[] {
  if (move === undefined || (sight.kind !== 'moved' && sight.kind !== 'moved-back')) return [];
  const step = { from: sight.from, to: sight.sighting.digest };
  if (sight.kind === 'moved-back') return [{ kind: 'moved-back', ...step }];
  return move.cause === 'unchanged' ? [] : [{ kind: 'tag-moved', ...step, cause: move.cause }];
}

function refused(asked: AskedTag, error: RegistryError): Observation {
  const { watched, tag, state, request } = asked;
  const at = request.clock();
  const before = state.checkOf(tag.tag);
  const failures = (before?.failures ?? 0) + 1;
  const facts = factsOf(asked, at);
  const name = `${watched.image}:${tag.tag}`;
  const due = nextDue({ name, cadence: request.cadence, at, failures, isExact: false, isFrozen: false });
  const isGone = error.code === 'not-found' && before?.outcome === 'verified';
  const events = [...(isGone ? [{ kind: 'tag-gone' } as const] : []), ...lifeEvents(before, facts)];
  return {
    image: watched.image,
    checks: [
      {
        ...before,
        tag: tag.tag,
        attemptedAt: at,
        outcome: error.code,
        message: error.message,
        failures,
        ...catalogState(facts),
        dueAt: Math.max(due, error.retryAt ?? 0),
      },
    ],
    events: events.map((what) => eventOf(asked, at, what)),
  };
}

function dueAfter({ watched, tag, state, request }: AskedTag, sight: Sight, facts: ImageFacts, at: Instant): Instant {
  const last = sight.kind === 'suspected' ? state.pastOf(tag.tag).at(-1) : sight.sighting;
  const hasMoved = sight.kind !== 'first' && (state.pastOf(tag.tag).length > 1 || sight.kind === 'moved');
  return nextDue({
    name: `${watched.image}:${tag.tag}`,
    cadence: request.cadence,
    at,
    // A digest that has to be seen a second time is looked for soon.
    failures: sight.kind === 'suspected' ? 1 : 0,
    ...(hasMoved && last !== undefined ? { movedAt: last.firstSeenAt } : {}),
    isExact: isExact(tag),
    isFrozen: facts.tagState === 'unmaintained' || facts.lifecycle?.state === 'ended',
  });
}

/** A tag that names a whole version, or stands beside a digest everywhere, hardly ever moves. */
function isExact({ tag, uses }: WatchedTag): boolean {
  const isWhole = (versionOf(parseTag(tag))?.numbers.length ?? 0) >= 3;
  return isWhole || uses.every(({ digest }) => digest !== undefined);
}

function factsOf({ watched, tag, request }: AskedTag, at: Instant): ImageFacts {
  return describeImage({ ...watched.address, tag: tag.tag }, request.catalog, dayOf(at));
}

function eventOf({ watched: { image }, tag: { tag } }: AskedTag, at: Instant, what: EventKind): MonitorEvent {
  return { key: eventKey(image, tag, at, what), at, image, tag, what };
}

function dayOf(at: Instant): string {
  return formatInstant(at).slice(0, 10);
}
