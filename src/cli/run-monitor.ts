import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { readWorldEnvironment } from '../config/environment.ts';
import type { RecordedEvent } from '../domain/deadline/episode.ts';
import { withEvents } from '../domain/deadline/with-events.ts';
import type { Cadence } from '../domain/monitor/next-due.ts';
import { groupUses } from '../domain/monitor/watched-image.ts';
import type { WaiverApprovals } from '../domain/policy/approval/waiver-approval.ts';
import { formatInstant } from '../domain/source/instant.ts';
import { keepCompliance } from '../flows/compliance/keep-compliance.ts';
import { type CycleResult, monitorCycle } from '../flows/monitor/monitor-cycle.ts';
import type { MonitorResult } from '../flows/monitor/monitor-result.ts';
import { withoutWriting } from '../flows/monitor/without-writing.ts';
import { type ScanAnswers, Scans } from '../flows/scan/scan-images.ts';
import { scanUses } from '../flows/scan/scan-uses.ts';
import { readExploited } from '../flows/track/read-exploited.ts';
import { trackCycle } from '../flows/track/track-cycle.ts';
import { urgentImages } from '../flows/track/urgent-images.ts';
import type { EpisodeLog } from '../ports/episode-log.ts';
import type { Registry } from '../ports/registry.ts';
import { type Store, StoreError } from '../ports/store.ts';
import { catalog } from '../wiring/catalog.ts';
import { openExploitedList } from '../wiring/exploited-list.ts';
import { openLedger } from '../wiring/ledger.ts';
import { openRegistry } from '../wiring/registry.ts';
import { openScanPorts } from '../wiring/scanner.ts';
import { actAtOnce } from './act-at-once.ts';
import { askApprovalsInForce } from './ask-approvals.ts';
import { UsageError, WorldError } from './failure.ts';
import { gatherFleet } from './gather-fleet.ts';
import { type GatheredUses, gatherUses } from './gather-uses.ts';
import { openProposals } from './open-proposals.ts';
import { platformNamed } from './platform-named.ts';
import { startProgress } from './progress.ts';
import { clockFrom, type RunOptions } from './run-options.ts';

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

type Scanning = {
  readonly registry: Registry;
  readonly store: Store;
  readonly episodes: EpisodeLog;
  readonly scope: string;
  readonly options: MonitorOptions;
  readonly clock: () => number;
};

/**
 * Scans each content once for all trees, where what the cycle has just seen of tags is not asked for again, and writes down what
 * became of the findings.
 */
async function scanAll(
  { uses, policy, read, addresses }: GatheredUses,
  { images }: CycleResult,
  { registry, episodes, store, scope, options, clock }: Scanning,
): Promise<Required<Pick<MonitorResult, 'scans' | 'deadlines'>> & { readonly facts: ScanAnswers['facts'] }> {
  const cycle = await store.openCycle(scanScope(scope), clock(), 0);
  const { ports, close } = await openScanPorts();
  const progress = startProgress('scanning', 'images');
  const seen = images.flatMap(({ reference, status, digest }) =>
    status === 'verified' && digest !== null ? [[reference, digest] as const] : [],
  );
  const terms = policy.scanner;
  const { platform } = options;
  const scans = new Scans(ports);
  const proposals = openProposals(addresses, clock);
  const place = options.knownExploited ?? policy.deadlines.exploitedList;
  const exploited = place === undefined ? undefined : await openExploitedList(place);
  try {
    const { facts, result } = await scanUses(scans, registry, {
      ...{ uses, platform, digests: new Map(seen), now: clock(), terms },
      onProgress: progress.report,
    });
    const newer = images.flatMap(({ reference, recommended }) =>
      recommended === null ? [] : [[reference, recommended] as const],
    );
    const deadlines = await trackCycle(
      { episodes, scans, registry, store, proposals: proposals.of },
      {
        ...{ trees: read, catalog: catalog(), platform, facts, newerTags: new Map(newer), terms },
        ...{ approvals: await approvalsOf(read, clock()), now: clock() },
        exploited: await readExploited(exploited?.list),
      },
    );
    // One that told nothing of anything is not finished: notify tells people of it.
    const isTold = uses.length === 0 || [...facts.values()].some(({ kind }) => kind === 'scanned');
    if (isTold) await store.closeCycle(cycle.id, clock());
    return { scans: result, deadlines, facts };
  } finally {
    progress.stop();
    await proposals.close();
    await exploited?.close();
    await close();
  }
}

/** Of the trees whose policy wants to know. */
async function approvalsOf(trees: GatheredUses['read'], now: number): Promise<WaiverApprovals> {
  const wanted = trees.filter(({ policy }) => policy.approvalProof !== 'off');
  const waivers = wanted.flatMap(({ policy }) => policy.waivers);
  return askApprovalsInForce(waivers, formatInstant(now).slice(0, 10));
}

/** A dry run goes on with what it would have recorded. */
function withoutRecording(log: EpisodeLog): EpisodeLog {
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

/** Names what cycles are over: the same for the same folders, or the same fleet file. */
export function scopeOf(paths: readonly string[], { fleet }: Pick<MonitorOptions, 'fleet'>): string {
  const roots = fleet === undefined ? paths.map((path) => resolve(path)).sort() : [`fleet ${resolve(fleet)}`];
  const named = roots.length === 0 ? [resolve('.')] : roots;
  return createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 16);
}

/** Names the cycles in which a scanner told something. */
export function scanScope(scope: string): string {
  return `${scope} scan`;
}

function wholeNumber(option: string): number {
  if (!/^\d{1,6}$/.test(option)) throw new UsageError(`--max-reads ${JSON.stringify(option)} is no whole number`);
  return Number(option);
}
