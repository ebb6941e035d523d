import type { WaiverApprovals } from '../domain/policy/approval/waiver-approval.ts';
import { formatInstant } from '../domain/source/instant.ts';
import type { CycleResult } from '../flows/monitor/monitor-cycle.ts';
import type { MonitorResult } from '../flows/monitor/monitor-result.ts';
import { type ScanAnswers, Scans } from '../flows/scan/scan-images.ts';
import { scanUses } from '../flows/scan/scan-uses.ts';
import { readExploited } from '../flows/track/read-exploited.ts';
import { trackCycle } from '../flows/track/track-cycle.ts';
import type { EpisodeLog } from '../ports/episode-log.ts';
import type { Registry } from '../ports/registry.ts';
import type { Store } from '../ports/store.ts';
import { catalog } from '../wiring/catalog.ts';
import { openExploitedList } from '../wiring/exploited-list.ts';
import { openScanPorts } from '../wiring/scanner.ts';
import { askApprovalsInForce } from './ask-approvals.ts';
import { scanScope } from './cycle-scope.ts';
import type { GatheredUses } from './gather-uses.ts';
import { openProposals } from './open-proposals.ts';
import { startProgress } from './progress.ts';

type Scanning = {
  readonly registry: Registry;
  readonly store: Store;
  readonly episodes: EpisodeLog;
  readonly scope: string;
  readonly options: {
    readonly platform?: string;
    /** File or address of what is known to be exploited, instead of what the policy names. */
    readonly knownExploited?: string;
  };
  readonly clock: () => number;
};

/**
 * Scans each content once for all trees, where what the cycle has just seen of tags is not asked for again, and writes down what
 * became of the findings.
 */
export async function scanAll(
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
