import type { RecordedEvent } from '../../domain/deadline/episode.ts';
import { episodeStanding } from '../../domain/deadline/episode-standing.ts';
import { trackFindings } from '../../domain/deadline/track-findings.ts';
import type { TrackedUse, UsePlace } from '../../domain/deadline/tracked-use.ts';
import { usesOfTree } from '../../domain/deadline/uses-of-tree.ts';
import { withEvents } from '../../domain/deadline/with-events.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeLog } from '../../ports/episode-log.ts';
import type { CollectedUse } from '../monitor/collect-uses.ts';
import type { ScanRegistry, Scans } from '../scan/scan-images.ts';
import { scanKey } from '../scan/scan-key.ts';
import { scanReplacements } from './scan-replacements.ts';
import type { TrackResult } from './track-result.ts';

/** A repository that a cycle has read. */
export type ReadTree = {
  /** Its address, or the absolute path of its folder. */
  readonly repository: string;
  readonly revision?: string;
  readonly policy: Pick<Policy, 'deadlines' | 'waivers'>;
  /** Every file of it could be read. */
  readonly isWhole: boolean;
  readonly uses: readonly CollectedUse[];
};

export type TrackPorts = { readonly episodes: EpisodeLog; readonly scans: Scans; readonly registry: ScanRegistry };

export type TrackCycleRequest = {
  readonly trees: readonly ReadTree[];
  /** That the run names, for uses that name none. */
  readonly platform: string | undefined;
  /** What was said of the images in use, by `scanKey`. */
  readonly facts: ReadonlyMap<string, ScanFacts>;
  /** The newest tag of the same line, by `docker.io/library/node:24.1`. */
  readonly newerTags: ReadonlyMap<string, string>;
  readonly maxDatabaseAgeMs: number;
  readonly now: Instant;
};

/** What uses are called by that are built for whatever there is. */
const defaultPlatform = 'linux/amd64';

/** Writes down what became of the findings of every repository since the cycle before; each repository in whole or not at all. */
export async function trackCycle(ports: TrackPorts, request: TrackCycleRequest): Promise<TrackResult> {
  const { trees, platform, facts, now } = request;
  const scanOf = ({ reference, use }: CollectedUse): ScanFacts =>
    facts.get(scanKey(reference, use.platform ?? platform)) ?? { kind: 'failed', message: 'no scanner was asked' };
  const replacements = await scanReplacements(ports, request, scanOf);
  const events: RecordedEvent[] = [];
  const unproven: { readonly place: UsePlace; readonly reason: string }[] = [];
  let [open, late] = [0, 0];
  for (const tree of trees) {
    const { repository, revision, policy, isWhole } = tree;
    const episodes = await ports.episodes.ofRepository(repository);
    const uses = usesOfTree(
      tree.uses,
      { repository, platform: platform ?? defaultPlatform, policy, now },
      (one): Omit<TrackedUse, 'place' | 'waivers'> => {
        const replacement = replacements.get(one);
        return { scan: scanOf(one), ...(replacement === undefined ? {} : { replacement }) };
      },
    );
    const tracking = trackFindings({
      ...{ episodes, uses, isWhole, releases: [], settings: policy.deadlines, now },
      ...(revision === undefined ? {} : { revision }),
    });
    await ports.episodes.append(tracking.events);
    events.push(...tracking.events);
    unproven.push(...tracking.unproven);
    for (const episode of withEvents(episodes, tracking.events)) {
      const { state } = episodeStanding(episode, policy.deadlines, now);
      if (state !== 'closed') open += 1;
      if (state === 'late') late += 1;
    }
  }
  const count = (kind: RecordedEvent['event']['what']['kind']) =>
    events.filter(({ event }) => event.what.kind === kind).length;
  return {
    ...{ detected: count('detected'), reopened: count('reopened'), merged: count('merged') },
    ...{ closed: count('closed'), breached: count('breached'), open, late },
    unproven: unproven.map(({ place, reason }) => ({ ...place, reason })),
  };
}
