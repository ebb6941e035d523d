import { compareText } from '../../domain/candidates/compare-digits.ts';
import type { MonitorEvent } from '../../domain/monitor/event.ts';
import { dueAtOf } from '../../domain/monitor/next-due.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import type { ImageLedger } from '../../ports/store.ts';
import { mapLimited } from '../limited.ts';
import { checkCandidates } from './check-candidates.ts';
import { ImageState } from './image-state.ts';
import { missedCycles } from './missed-cycles.ts';
import { type MonitoredImage, monitorImage } from './monitor-image.ts';
import type { MonitorPorts, MonitorRequest } from './monitor-request.ts';
import type { MonitorResult } from './monitor-result.ts';
import { listWaiting, readQueue } from './read-queue.ts';
import { eventResult, imageResult } from './to-result.ts';

/** The part of the result that a cycle tells; how its uses were come by is told by who collected them. */
export type CycleResult = Omit<MonitorResult, 'isDryRun' | 'trees' | 'listings' | 'files' | 'leftOut' | 'problems'>;

/** An interrupted cycle is gone on with for this long; afterwards everything is asked anew. */
const resumeMs = 6 * 3_600_000;

/**
 * One cycle: each repository is listed once, each tag is looked at once, every answer is written down as it comes. Then the
 * contents that waited are read, as far as limits and budgets go. A cycle that the world kept from being whole stays open,
 * and the next run goes on with it.
 */
export async function monitorCycle(ports: MonitorPorts, request: MonitorRequest): Promise<CycleResult> {
  const { registry, store } = ports;
  const { watch, clock, scope, maxReads } = request;
  const missed = missedCycles(await store.lastCycleAt(scope), clock(), request.cadence);
  const cycle = await store.openCycle(scope, clock(), resumeMs);
  const waiting = await listWaiting(store, request);
  const ledgers = await store.readImages(watch.images.map(({ image }) => image));
  const asked = await mapLimited(watch.images, (watched) => {
    const state = new ImageState(watched.image, ledgers.get(watched.image) ?? nothing);
    return monitorImage(ports, watched, state, request, cycle.startedAt);
  });
  await readQueue(ports, waiting, asked, request);
  const images = await checkCandidates(ports, asked, request, Math.max(0, maxReads - waiting.length));
  const results = images.flatMap((image) =>
    image.watched.tags.map((tag) => imageResult(image, tag, cycle.startedAt, request)),
  );
  const isWhole = !results.some(({ refusals }) => refusals.some(({ code }) => passing.has(code)));
  if (isWhole) await store.closeCycle(cycle.id, clock());
  return {
    schemaVersion: 1,
    startedAt: formatInstant(cycle.startedAt),
    finishedAt: formatInstant(clock()),
    isResumed: cycle.isResumed,
    events: await eventsOf(images, ports, cycle.isResumed ? cycle.startedAt : undefined),
    images: results.toSorted((a, b) => compareText(a.reference, b.reference)),
    byDigestAlone: watch.byDigestAlone,
    verified: { count: results.filter(({ status }) => status === 'verified').length, of: results.length },
    requests: Object.fromEntries([...registry.requests()].map(([host, kinds]) => [host, { ...kinds }])),
    budgets: registry.budgets(),
    waiting: (await store.listUnread(maxWaiting)).length,
    asked: asked.reduce((sum, image) => sum + image.asked, 0),
    nextDueAt: earliestDue(images, request.urgent),
    notes: [...(missed === undefined ? [] : [missed]), ...notesOf(images)],
  };
}

function earliestDue(images: readonly MonitoredImage[], urgent: ReadonlySet<string>): string | null {
  const due = images.flatMap(({ watched, state }) =>
    watched.tags.flatMap(({ tag }) => {
      const check = state.checkOf(tag);
      return check === undefined ? [] : [dueAtOf(check, urgent.has(watched.image))];
    }),
  );
  return due.length === 0 ? null : formatInstant(due.reduce((one, other) => Math.min(one, other)));
}

const nothing: ImageLedger = { sightings: [], checks: [], tags: [] };
const maxWaiting = 100_000;

/** Refusals that may be over in an hour. */
const passing: ReadonlySet<string> = new Set(['rate-limited', 'unavailable', 'over-budget']);

/** Those of this run, and of an interrupted cycle those it told before. */
async function eventsOf(
  images: readonly MonitoredImage[],
  { store }: MonitorPorts,
  since: number | undefined,
): Promise<CycleResult['events']> {
  const byImage = new Map(images.map((image) => [image.watched.image, image]));
  const earlier = since === undefined ? [] : await store.listEvents({ since });
  const all = new Map<string, MonitorEvent>(
    [...earlier, ...images.flatMap(({ state }) => state.events)].map((event) => [event.key, event]),
  );
  const ordered = [...all.values()].sort((a, b) => a.at - b.at || compareText(a.key, b.key));
  return ordered.flatMap((event) => {
    const image = byImage.get(event.image);
    return image === undefined ? [] : [eventResult(event, image)];
  });
}

function notesOf(images: readonly MonitoredImage[]): readonly string[] {
  const truncated = images.filter(({ isTruncated }) => isTruncated);
  return truncated.map(
    ({ watched }) => `${watched.image} has more tags than are read: its newest may not be among them`,
  );
}
