import { readWorldEnvironment } from '../config/environment.ts';
import type { Cadence } from '../domain/monitor/next-due.ts';
import { groupUses } from '../domain/monitor/watched-image.ts';
import { keepCompliance } from '../flows/compliance/keep-compliance.ts';
import { monitorCycle } from '../flows/monitor/monitor-cycle.ts';
import type { MonitorResult } from '../flows/monitor/monitor-result.ts';
import { withoutWriting } from '../flows/monitor/without-writing.ts';
import { urgentImages } from '../flows/track/urgent-images.ts';
import { withoutRecording } from '../flows/track/without-recording.ts';
import { StoreError } from '../ports/store.ts';
import { catalog } from '../wiring/catalog.ts';
import { openLedger } from '../wiring/ledger.ts';
import { openRegistry } from '../wiring/registry.ts';
import { actAtOnce } from './act-at-once.ts';
import { scopeOf } from './cycle-scope.ts';
import { UsageError, WorldError } from './failure.ts';
import { gatherFleet } from './gather-fleet.ts';
import { type GatheredUses, gatherUses } from './gather-uses.ts';
import { platformNamed } from './platform-named.ts';
import { startProgress } from './progress.ts';
import { clockFrom, type RunOptions } from './run-options.ts';
import { scanAll } from './scan-all.ts';

export type MonitorOptions = RunOptions & {
  readonly fleet?: string;
  readonly dryRun?: boolean;
  readonly maxReads: string;
  /** Also scan the images. */
  readonly scan?: boolean;
  /** File or address of what is known to be exploited, instead of what the policy names. */
  readonly knownExploited?: string;
  /** Open updates of CRITICAL findings, and ask for rebuilds. */
  readonly act?: boolean;
};

/** A monitor with its ledger and registries open. */
export type OpenMonitor = { readonly cycle: () => Promise<MonitorResult>; readonly close: () => Promise<void> };

/** @param every only what is due is asked for; absent: everything. */
export async function openMonitor(
  paths: readonly string[],
  options: MonitorOptions,
  every: Cadence | undefined,
): Promise<OpenMonitor> {
  const clock = clockFrom(options.now);
  const maxReads = wholeNumber(options.maxReads);
  const first = await gather(paths, options, clock());
  const ledger = await orWorldError(openLedgerOrRefuse());
  const registry = await openRegistry(first.policy.registries, clock);
  const store = options.dryRun === true ? withoutWriting(ledger.store) : ledger.store;
  const scope = scopeOf(paths, options);
  let next: GatheredUses | undefined = first;
  return {
    async cycle() {
      const gathered = next ?? (await gather(paths, options, clock()));
      next = undefined;
      const watch = groupUses(gathered.uses, platformNamed(options.platform ?? 'linux/amd64'));
      const total = watch.images.reduce((sum, { tags }) => sum + tags.length, 0);
      const urgent =
        every === undefined
          ? new Set<string>()
          : await orWorldError(urgentImages(ledger.episodes, gathered.read, clock()));
      const progress = startProgress('asking registries', 'tags');
      let done = 0;
      const cycle = monitorCycle(
        { registry, store },
        {
          watch,
          catalog: catalog(),
          scope,
          cadence: every ?? 'daily',
          isDueOnly: every !== undefined,
          maxReads,
          urgent,
          clock,
          onAnswer: () => progress.report(++done, total),
        },
      );
      const result = await orWorldError(cycle).finally(progress.stop);
      const { trees, listings, files, leftOut, problems } = gathered;
      const episodes = options.dryRun === true ? withoutRecording(ledger.episodes) : ledger.episodes;
      const scanned =
        options.scan === true
          ? await orWorldError(scanAll(gathered, result, { registry, episodes, store, options, clock, scope }))
          : undefined;
      const { facts, ...told } = scanned ?? {};
      if (options.dryRun !== true) {
        const { platform } = options;
        const looks = { platform, now: clock(), ...(facts === undefined ? {} : { facts }) };
        await orWorldError(keepCompliance(ledger.compliance, gathered.judged, looks));
      }
      const cycled = { ...result, isDryRun: options.dryRun === true, trees, listings, files, leftOut, problems };
      if (scanned === undefined || options.act !== true) return { ...cycled, ...told };
      const unread = new Set(scanned.deadlines.unread.map(({ repository }) => repository));
      const acting = { episodes, gathered, facts: scanned.facts, unread, options, clock };
      return { ...cycled, ...told, acted: await orWorldError(actAtOnce(acting)) };
    },
    async close() {
      await registry.close();
      await ledger.store.close();
    },
  };
}

async function gather(paths: readonly string[], options: MonitorOptions, at: number): Promise<GatheredUses> {
  const now = new Date(at).toISOString();
  return options.fleet === undefined ? gatherUses(paths, options, now) : gatherFleet(options.fleet, options, now);
}

async function openLedgerOrRefuse(): ReturnType<typeof openLedger> {
  const { stateFolder } = readWorldEnvironment();
  if (stateFolder === undefined)
    throw new UsageError('there is no home folder to keep the ledger in: set BASEKEEPER_STATE to a folder');
  return openLedger(stateFolder);
}

/** A ledger that is refused, or that the disk has no more room for, is no mistake of ours. */
async function orWorldError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError) throw new WorldError(error.message, { cause: error });
    throw error;
  }
}

function wholeNumber(option: string): number {
  if (!/^\d{1,6}$/.test(option)) throw new UsageError(`--max-reads ${JSON.stringify(option)} is no whole number`);
  return Number(option);
}
