import type { Catalog } from '../../../src/domain/catalog/catalog.ts';
import type { Instant } from '../../../src/domain/source/instant.ts';
import { type CycleResult, monitorCycle } from '../../../src/flows/monitor/monitor-cycle.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { Failure } from './candidate-checks.ts';
import { catalogOn } from './catalog-on.ts';
import { CycleChecks } from './cycle-checks.ts';
import { type Follower, noteRecommendations, takeUpdates, type Update, watchOf } from './follower.ts';
import type { History } from './history.ts';
import { HistoryRegistry } from './history-registry.ts';
import { TagWorld } from './tag-world.ts';

export type ReplayRequest = {
  readonly history: History;
  readonly catalog: Catalog;
  readonly store: Store;
  readonly from: Instant;
  readonly until: Instant;
  readonly stepMs: number;
  /** @param world at the first instant: who uses what. */
  readonly choose: (world: TagWorld) => readonly Follower[];
  readonly onCycle?: (cycle: ReplayedCycle) => void;
};

export type ReplayedCycle = {
  readonly at: Instant;
  readonly result: CycleResult;
  readonly followers: readonly Follower[];
  readonly updates: readonly Update[];
  readonly failures: readonly Failure[];
};

/**
 * Lets the real monitor run through a history, cycle by cycle with the clock moved along, and holds every cycle against what
 * the history says.
 */
export async function replay(request: ReplayRequest): Promise<void> {
  const { history, catalog, store, from, until, stepMs, choose, onCycle } = request;
  const world = new TagWorld(history, from);
  const registry = new HistoryRegistry(world);
  const checks = new CycleChecks(world);
  let followers = choose(world);
  for (let at = from; at <= until; at += stepMs) {
    world.moveTo(at);
    const taken = takeUpdates(followers, at);
    const watch = watchOf(taken.followers);
    const today = catalogOn(catalog, world);
    const result = await monitorCycle(
      { registry, store },
      {
        watch,
        catalog: today,
        scope: 'replay',
        cadence: 'weekly',
        isDueOnly: false,
        urgent: new Set(),
        maxReads: 10_000,
        clock: () => at,
      },
    );
    const failures = checks.check(watch, result, registry.takeLooks(), today);
    onCycle?.({ at, result, followers: taken.followers, updates: taken.updates, failures });
    followers = noteRecommendations(taken.followers, result, world, at === from);
  }
  const events = await store.listEvents();
  const keys = new Set(events.map(({ key }) => key));
  if (keys.size < events.length) throw new Error('the ledger holds an event twice');
}
